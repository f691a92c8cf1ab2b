"""`mardev export graph`: the follow graph of an iteration as a file for another program."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

export_app = typer.Typer(help="Write what the warehouse knows into a file.", no_args_is_help=True)


class GraphFormat(StrEnum):
    """What another program reads."""

    GEXF = "gexf"
    GRAPHML = "graphml"
    GDF = "gdf"
    CSV = "csv"


@export_app.callback()
def export() -> None:
    """Write what the warehouse knows into a file."""


@export_app.command("graph")
def export_graph(
    iteration: Annotated[str, typer.Argument(metavar="ITERATION", help="Key of the iteration.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="File to write.", show_default=False)],
    file_format: Annotated[GraphFormat, typer.Option("--format", "-f", help="How to write it.")] = GraphFormat.GEXF,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Write the influencer graph of an iteration as GEXF (Gephi), GraphML, GDF or CSV (follows; creators beside)."""
    from mardev.cli.console import errors_in_plain_words, out, print_json

    with errors_in_plain_words():
        written = _write(iteration, output, file_format)
    if as_json:
        print_json({"iteration": iteration, "files": [str(path) for path in written]})
    else:
        for path in written:
            out.print(f"Written: {path} ({path.stat().st_size:,} bytes)", markup=False)


def _write(iteration: str, output: Path, file_format: GraphFormat) -> list[Path]:
    from mardev.cli.warehouse import warehouse_reader
    from mardev.errors import FixFirst
    from mardev.settings import load_settings
    from mardev.stages.graph_file import graph_document, graph_run_of
    from mardev.topidis.file_formats import FORMATS

    targets = {output: FORMATS[file_format]}
    if file_format is GraphFormat.CSV:
        targets[output.with_name(f"{output.stem}.creators{output.suffix or '.csv'}")] = FORMATS["creators.csv"]
    with warehouse_reader(load_settings()) as connection:
        run = graph_run_of(connection, iteration)
        if run is None:
            raise FixFirst(
                f"There is no graph of an iteration {iteration!r}. The page `Iterations` shows the keys; "
                "a graph is made while the plan of the iteration is."
            )
        for path, chosen in targets.items():
            _fill(path, chosen.lines(graph_document(connection, run, iteration)))
    return list(targets)


def _fill(path: Path, lines: Iterable[str]) -> None:
    from mardev.errors import FixFirst

    # Beside the target first, so that a reader never sees half a file.
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        partial.replace(path)
    except OSError as trouble:
        partial.unlink(missing_ok=True)
        raise FixFirst(
            f"{path} cannot be written: {trouble.strerror or trouble}. Choose another --output."
        ) from trouble

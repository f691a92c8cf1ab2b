"""`mardev graph rank FILE` and `mardev graph verticals FILE`: what a graph file says of influence and communities."""

import csv
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from mardev.topidis.graph import FollowGraph
    from mardev.topidis.hidden_lists import BoolArray

SEED = 7
PARTITIONS = 3
MOST_CREATORS_WITH_INTERVALS = 20_000
"""Above it intervals take minutes; whoever wants them asks for `--replicates`."""

graph_app = typer.Typer(
    help="Read a graph file and say who counts and which communities there are.", no_args_is_help=True
)


class TableFormat(StrEnum):
    """How the answer is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True)
class GraphFile:
    """A graph that was read, with what its file says of the creators."""

    graph: "FollowGraph"
    names: Mapping[str, str]
    hidden: "BoolArray"
    notes: Sequence[str]


FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="GEXF, GraphML, CSV or text edge list; may be a .gz.", show_default=False),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Instead of the screen.")]
FormatOption = Annotated[TableFormat, typer.Option("--format", "-f", help="How to write it.")]
SeedOption = Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")]


@graph_app.command("rank")
def rank(
    file: FileArgument,
    output: OutputOption = None,
    file_format: FormatOption = TableFormat.CSV,
    hidden: Annotated[
        Path | None,
        typer.Option("--hidden", metavar="FILE", help="Names of creators whose follows are hidden, one a line."),
    ] = None,
    unseen_share: Annotated[
        float, typer.Option("--unseen", min=0.0, max=0.9, help="Share of the open follows that the file may lack.")
    ] = 0.1,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", min=0, help="Possible graphs behind each interval; 0 for ranks alone."),
    ] = None,
    seed: SeedOption = SEED,
) -> None:
    """Rank the creators of a graph file: place, the places between which it lies, a score and its parts."""
    from mardev.cli.console import errors_in_plain_words

    with errors_in_plain_words():
        read = _read(file, hidden)
        rows = _ranked(read, unseen_share, replicates, seed)
        _write(rows, RANK_COLUMNS, output, file_format)


@graph_app.command("verticals")
def verticals(
    file: FileArgument,
    output: OutputOption = None,
    file_format: FormatOption = TableFormat.CSV,
    seed: SeedOption = SEED,
) -> None:
    """Find the communities of a graph file: which one each creator belongs to, and how stable each is."""
    from mardev.cli.console import errors_in_plain_words

    with errors_in_plain_words():
        read = _read(file, None)
        _write(_divided(read, seed), VERTICAL_COLUMNS, output, file_format)


RANK_COLUMNS = (
    "rank", "best", "worst", "creator", "name", "influence", "followers", "score",
    "endorsed", "authority", "core", "go_between", "bridge", "community",
)  # fmt: skip
VERTICAL_COLUMNS = ("creator", "name", "community", "size", "stability", "followers")


def _read(file: Path, hidden: Path | None) -> GraphFile:
    import numpy as np

    from mardev.cli.console import err
    from mardev.errors import FixFirst
    from mardev.topidis.read_graph import read_graph

    try:
        with file.open("rb") as stream:
            content = read_graph(stream)
            graph = content.to_follow_graph()
            # GDF, GEXF and GraphML of ours tell whose lists are hidden.
            titles = [attribute.title for attribute in content.document.node_attributes]
            place = titles.index("hidden_lists") if "hidden_lists" in titles else None
            nodes = list(content.document.nodes)
        names = {node.key: node.label for node in nodes}
        hiding = {node.key for node in nodes if place is not None and len(node.values) > place and node.values[place]}
        if hidden is not None:
            hiding |= {line.strip() for line in hidden.read_text(encoding="utf-8-sig").splitlines() if line.strip()}
    except (OSError, UnicodeDecodeError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) else "it is not UTF-8 text"
        raise FixFirst(
            f"{hidden if hidden is not None and file.is_file() else file} cannot be read: {reason}."
        ) from None
    unknown = hiding - set(graph.nodes)
    notes = [*content.notes]
    if unknown:
        notes.append(f"{len(unknown)} names of hidden lists are not in the graph, such as {min(unknown)}.")
    for note in notes:
        err.print(note, markup=False)
    return GraphFile(graph, names, np.array([key in hiding for key in graph.nodes], dtype=bool), notes)


def _ranked(read: GraphFile, unseen_share: float, replicates: int | None, seed: int) -> list[dict[str, Any]]:
    from mardev.cli.console import err
    from mardev.topidis.influence import rank_by_influence, rank_numbers
    from mardev.topidis.influence_score import influence_score
    from mardev.topidis.rank_intervals import REPLICATES, rank_intervals
    from mardev.topidis.verticals import find_communities

    graph = read.graph
    if replicates is None:
        replicates = REPLICATES if graph.node_count <= MOST_CREATORS_WITH_INTERVALS else 0
        if not replicates:
            err.print(f"{graph.node_count:,} creators: ranks without intervals; --replicates 50 computes them.")
    partitions = [
        find_communities(graph, seed=seed + number).labels for number in range(PARTITIONS if replicates else 1)
    ]
    if replicates:
        intervals = rank_intervals(
            graph, read.hidden, partitions, seed=seed, replicates=replicates, unseen_share=unseen_share
        )
        influence, places, (best, worst) = intervals.influence, intervals.rank, intervals.bounds
    else:
        influence = rank_by_influence(graph, threads=2)
        places = rank_numbers(influence)
    score = influence_score(graph, influence, partitions[0], seed=seed)
    followers = graph.follower_counts()
    return [
        {
            "rank": int(places[node]),
            "best": int(best[node]) if replicates else None,
            "worst": int(worst[node]) if replicates else None,
            "creator": graph.nodes[node],
            "name": read.names.get(graph.nodes[node], graph.nodes[node]),
            "influence": float(influence[node]),
            "followers": int(followers[node]),
            "score": round(float(score.score[node]), 1),
            **{key: round(float(part[node]), 1) for key, part in score.parts.items()},
            "community": int(partitions[0][node]),
        }
        for node in places.argsort(kind="stable").tolist()
    ]


def _divided(read: GraphFile, seed: int) -> list[dict[str, Any]]:
    import numpy as np

    from mardev.topidis.verticals import find_verticals

    graph = read.graph
    found = find_verticals(graph, seed=seed)
    size, followers = np.bincount(found.labels, minlength=1), graph.follower_counts()
    return [
        {
            "creator": graph.nodes[node],
            "name": read.names.get(graph.nodes[node], graph.nodes[node]),
            "community": int(found.labels[node]),
            "size": int(size[found.labels[node]]),
            "stability": round(float(found.stability[found.labels[node]]), 3),
            "followers": int(followers[node]),
        }
        for node in np.lexsort((-followers, found.labels)).tolist()
    ]


def _write(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], output: Path | None, file_format: TableFormat
) -> None:
    import json

    from mardev.errors import FixFirst

    try:
        target = nullcontext(sys.stdout) if output is None else output.open("w", encoding="utf-8", newline="")
        with target as file:
            if file_format is TableFormat.JSON:
                json.dump([{name: row[name] for name in columns} for row in rows], file, ensure_ascii=False, indent=1)
                file.write("\n")
            else:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(columns)
                table.writerows([_harmless(row[name]) for name in columns] for row in rows)
    except OSError as trouble:
        raise FixFirst(f"{output} cannot be written: {trouble.strerror}. Choose another --output.") from None


def _harmless(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value

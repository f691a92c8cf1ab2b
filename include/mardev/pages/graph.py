"""Influencer graph: the page, its data as compact JSON, the same graph as a file for other programs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from mardev.pages.access import CurrentPerson, ReadConnection, services_of
from mardev.pages.dark_figures import graph_note
from mardev.pages.view import own_base, render
from mardev.pages.words import country_name, language_name
from mardev.stages.graph_file import file_name, graph_document, graph_run_of, in_blocks
from mardev.stages.verticals.change_vertical import Merge, Pin, Rename, Split, VerticalChange, change_vertical
from mardev.topidis.coverage import Coverage, FollowList, coverage_of
from mardev.topidis.file_formats import FORMATS
from mardev.warehouse.read import query

TOP_LISTED = 25
EDITING_ROLE = "marketing"
IterationChoice = Annotated[str | None, Query(max_length=80)]
router = APIRouter()


@router.get("/graph", response_class=HTMLResponse)
def graph(
    request: Request, person: CurrentPerson, connection: ReadConnection, iteration: IterationChoice = None
) -> HTMLResponse:
    from mardev.topidis.influence_score import PARTS

    run = graph_run_of(connection, iteration)
    key = run["graph_run_key"] if run else ""
    verticals = query(connection, "verticals_of_graph", graph_run_key=key)
    nodes = query(connection, "graph_nodes", graph_run_key=key, iteration_key=iteration)
    labels = {row["community_no"]: row["label"] for row in verticals}
    return render(
        request,
        "graph.html",
        person=person,
        world=run["world"] if run else None,
        run=run,
        iteration=iteration,
        choices=query(connection, "iterations_with_graph"),
        verticals=verticals,
        countries=sorted({row["country"] for row in nodes if row["country"]}, key=country_name),
        languages=sorted({row["language"] for row in nodes if row["language"]}, key=language_name),
        top=[{**row, "vertical": labels.get(row["community_no"], "")} for row in nodes[:TOP_LISTED]],
        has_plan=any(row["choice"] for row in nodes),
        changes=query(connection, "vertical_changes", graph_run_key=key),
        groups=_topic_groups(verticals),
        coverage=_coverage(connection, key),
        may_edit=person.may(EDITING_ROLE),
        graph_note=graph_note(run, len(nodes)),
        score_parts=PARTS,
        certainty=how_sure(run["rank_quality"] if run else {}),
    )


def how_sure(quality: Mapping[str, Any]) -> str:
    """What a person should know before reading a rank; empty for a graph of before ranks had intervals."""
    if not quality:
        return ""
    stability = quality["stability"]
    return (
        f"{quality['unread_list_share']:.0%} of the creators' lists could not be read, so a rank is an estimate: "
        f"the small figures are the places between which it lies with {quality['level']:.0%} probability. "
        f"Of all pairs of creators {quality['separable_pair_share']:.0%} can be told apart; with "
        f"{stability['deleted_share']:.0%} fewer follows seen, {stability['flipped_share']:.1%} of these "
        "would turn round."
    )


@router.post("/graph/verticals")
def change_one(
    request: Request,
    person: CurrentPerson,
    graph_run_key: Annotated[str, Form(max_length=200)],
    community_no: Annotated[int, Form()],
    change: Annotated[str, Form()],
    value: Annotated[str, Form(max_length=400)] = "",
    iteration: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Rename, merge, split or pin one community; the page is shown again with what was done."""
    services = services_of(request)
    change_vertical(
        services.writer(), graph_run_key, community_no, _read_change(change, value), person.name, services.clock().now()
    )
    chosen = f"iteration={quote(iteration, safe='')}&" if iteration else ""
    return RedirectResponse(f"{own_base(request)}/graph?{chosen}note=vertical#communities", 303)


def _read_change(change: str, value: str) -> VerticalChange:
    match change:
        case "rename":
            return Rename(value)
        case "merge" if value.isdecimal():
            return Merge(int(value))
        case "split" if value in ("follows", "language"):
            return Split("language" if value == "language" else "follows")
        case "pin" | "unpin":
            return Pin(keep=change == "pin")
    raise HTTPException(422, "Choose a new name, a community to merge with, a way to split, or pin.")


def _coverage(connection: sa.Connection, graph_run_key: str) -> list[Coverage]:
    rows = query(connection, "lists_of_graph", graph_run_key=graph_run_key)
    return coverage_of(
        FollowList(
            row["platform"],
            row["country"],
            row["state"] if row["state"] in ("read", "hidden") else "unread",
            row["edge_count"] if row["state"] == "read" else 0,
        )
        for row in rows
    )


def _topic_groups(verticals: Sequence[sa.RowMapping]) -> list[tuple[str, list[str]]]:
    """Topics that communities of several languages share, with their names."""
    by_topic: dict[str, list[str]] = defaultdict(list)
    for row in verticals:
        if row["topic"]:
            by_topic[row["topic"]].append(row["label"])
    return [(topic, labels) for topic, labels in by_topic.items() if len(labels) > 1]


@router.get("/graph/data")
def graph_data(connection: ReadConnection, iteration: IterationChoice = None) -> JSONResponse:
    """Nodes as columns and edges as pairs of their indices: a tenth of the size of objects with names.

    The nodes come most influential first, so an edge's indices are ranks as well.
    """
    run = graph_run_of(connection, iteration)
    if run is None:
        raise HTTPException(404, "There is no graph yet: it is drawn while the first plan is made.")
    nodes = query(connection, "graph_nodes", graph_run_key=run["graph_run_key"], iteration_key=iteration)
    index = {row["channel_key"]: number for number, row in enumerate(nodes)}
    edges: list[int] = []
    for pair in query(connection, "graph_pairs", world=run["world"], channel_keys=list(index)):
        source, target = pair.values()
        edges += (index[source], index[target])
    return JSONResponse(
        {
            "columns": {
                name: [row[name] for row in nodes]
                for name in (
                    "channel_key", "title", "handle", "rank_no", "rank_best", "rank_worst", "influence",
                    "follower_count_in_graph", "community_no", "country", "language", "subscribers",
                    "average_daily_views", "choice",
                )
            } | {name: [round(row[name], 4) for row in nodes] for name in ("x", "y")},
            "edges": edges,
            "communities": [
                {"no": row["community_no"], "label": row["label"], "size": row["channel_count"]}
                for row in query(connection, "verticals_of_graph", graph_run_key=run["graph_run_key"])
            ],
            "names": {
                "country": {code: country_name(code) for code in {row["country"] for row in nodes if row["country"]}},
                "language": {
                    tag: language_name(tag) for tag in {row["language"] for row in nodes if row["language"]}
                },
            },
        }
    )  # fmt: skip


@router.get("/graph/file.{name}")
def graph_file(name: str, connection: ReadConnection, iteration: IterationChoice = None) -> StreamingResponse:
    """The graph for other programs: GEXF, GraphML and GDF with places, sizes and communities, CSV for tables."""
    if name not in FORMATS:
        raise HTTPException(404, f"There is no such file; there are {', '.join(FORMATS)}.")
    run = graph_run_of(connection, iteration)
    if run is None:
        raise HTTPException(404, "There is no graph yet: it is drawn while the first plan is made.")
    chosen = FORMATS[name]
    return StreamingResponse(
        in_blocks(chosen.lines(graph_document(connection, run, iteration))),
        media_type=chosen.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name(run, chosen.suffix)}"'},
    )

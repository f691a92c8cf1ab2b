"""Influencer graph: the page, its data as compact JSON, the same graph as a GEXF file."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from mardev.pages.access import CurrentPerson, ReadConnection
from mardev.pages.dark_figures import graph_note
from mardev.pages.graph_file import graph_lines, in_blocks
from mardev.pages.view import render
from mardev.pages.words import country_name, language_name
from mardev.warehouse.read import query

TOP_LISTED = 25
IterationChoice = Annotated[str | None, Query(max_length=80)]
router = APIRouter()


@router.get("/graph", response_class=HTMLResponse)
def graph(
    request: Request, person: CurrentPerson, connection: ReadConnection, iteration: IterationChoice = None
) -> HTMLResponse:
    run = _graph_run(connection, iteration)
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
        graph_note=graph_note(run, len(nodes)),
    )


@router.get("/graph/data")
def graph_data(connection: ReadConnection, iteration: IterationChoice = None) -> JSONResponse:
    """Nodes as columns and edges as pairs of their indices: a tenth of the size of objects with names.

    The nodes come most influential first, so an edge's indices are ranks as well.
    """
    run = _graph_run(connection, iteration)
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
                    "channel_key", "title", "handle", "rank_no", "influence", "follower_count_in_graph",
                    "community_no", "country", "language", "subscribers", "average_daily_views", "choice",
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


@router.get("/graph/file.gexf")
def graph_file(connection: ReadConnection, iteration: IterationChoice = None) -> StreamingResponse:
    """The graph for Gephi and its relatives, with positions, sizes and communities."""
    run = _graph_run(connection, iteration)
    if run is None:
        raise HTTPException(404, "There is no graph yet: it is drawn while the first plan is made.")
    nodes = query(connection, "graph_nodes", graph_run_key=run["graph_run_key"], iteration_key=iteration)
    edges = query(connection, "graph_edges", world=run["world"], channel_keys=[row["channel_key"] for row in nodes])
    verticals = query(connection, "verticals_of_graph", graph_run_key=run["graph_run_key"])
    name = f"influencers-{run['iteration_key'] or run['as_of'].date()}"
    return StreamingResponse(
        in_blocks(graph_lines(run, nodes, edges, {row["community_no"]: row["label"] for row in verticals})),
        media_type="application/gexf+xml",
        headers={"Content-Disposition": f'attachment; filename="{name}.gexf"'},
    )


def _graph_run(connection: sa.Connection, iteration: str | None) -> Any:
    return next(iter(query(connection, "graph_run_to_show", iteration_key=iteration or None)), None)

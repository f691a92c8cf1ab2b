"""The follow graph of an iteration as a document: what a downloaded or exported file says of creators and follows."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Node
from mardev.warehouse.read import query

NODE_ATTRIBUTES = {
    "rank_no": Attribute("rank", "integer"),
    "influence": Attribute("influence", "double"),
    "follower_count_in_graph": Attribute("followers_in_graph", "integer"),
    "community_no": Attribute("community", "integer"),
    "vertical": Attribute("vertical", "string"),
    "platform": Attribute("platform", "string"),
    "handle": Attribute("handle", "string"),
    "country": Attribute("market", "string"),
    "language": Attribute("language", "string"),
    "subscribers": Attribute("subscribers", "long"),
    "subscribers_hidden": Attribute("subscribers_hidden", "boolean"),
    "average_daily_views": Attribute("average_daily_views", "double"),
    "choice": Attribute("choice", "string"),
    "hidden_lists": Attribute("hidden_lists", "string"),
    "read_lists": Attribute("read_lists", "string"),
    "first_seen_at": Attribute("first_seen", "string"),
    "refreshed_at": Attribute("last_seen", "string"),
    "expires_at": Attribute("delete_by", "string"),
}
"""Column of the query `graph_file_nodes` to what the file says. `hidden_lists` are the kinds of evidence that the
creator hides, `read_lists` those that were read; what is in neither was never asked for."""
EDGE_ATTRIBUTES = {
    "first_seen_at": Attribute("first_seen", "string"),
    "last_seen_at": Attribute("last_seen", "string"),
    "evidence": Attribute("evidence", "string"),
    "ingest_run_id": Attribute("collected_by_run", "long"),
}
SMALLEST_SIZE = 2.0
SIZE_RANGE = 28.0
POSITION_SCALE = 1000.0
LINES_A_BLOCK = 2000


def graph_run_of(connection: sa.Connection, iteration: str | None) -> sa.RowMapping | None:
    """The newest graph run of the iteration, or of all when none is given; None when there is no graph yet."""
    return next(iter(query(connection, "graph_run_to_show", iteration_key=iteration or None)), None)


def graph_document(connection: sa.Connection, run: sa.RowMapping, iteration: str | None) -> GraphDocument:
    """What a file says of the graph `run`: one edge for each pair and kind of evidence, a source follows its target."""
    asked = {"graph_run_key": run["graph_run_key"], "world": run["world"]}
    nodes = query(connection, "graph_file_nodes", **asked, iteration_key=iteration)
    edges = query(connection, "graph_file_edges", **asked)
    most = max((row["influence"] for row in nodes), default=0.0) or 1.0
    return GraphDocument(
        nodes=(_node(row, most) for row in nodes),
        edges=(_edge(row) for row in edges),
        node_attributes=list(NODE_ATTRIBUTES.values()),
        edge_attributes=list(EDGE_ATTRIBUTES.values()),
        as_of=run["as_of"].date(),
    )


def file_name(run: sa.RowMapping, suffix: str) -> str:
    """Name of the file of a graph run: the iteration's key, or the day when it belongs to none."""
    return f"influencers-{run['iteration_key'] or run['as_of'].date()}{suffix}"


def in_blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """The lines as UTF-8 in blocks worth a network packet each."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == LINES_A_BLOCK:
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()


def _node(row: sa.RowMapping, most: float) -> Node:
    return Node(
        key=row["channel_key"],
        label=row["title"],
        values=[_value(row[name]) for name in NODE_ATTRIBUTES],
        position=(row["x"] * POSITION_SCALE, row["y"] * POSITION_SCALE),
        size=SMALLEST_SIZE + SIZE_RANGE * (row["influence"] / most) ** 0.5,
    )


def _edge(row: sa.RowMapping) -> Edge:
    values = [_value(row[name]) for name in EDGE_ATTRIBUTES]
    return Edge(row["source_channel_key"], row["target_channel_key"], row["weight"], row["kind"], values)


def _value(value: str | float | datetime | None) -> str | int | float | None:
    return value.isoformat() if isinstance(value, datetime) else value

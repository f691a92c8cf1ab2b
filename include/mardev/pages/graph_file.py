"""The follow graph of the page as a GEXF file: its columns, its sizes and places, and blocks for the network."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from mardev.topidis.gexf import GexfAttribute, GexfEdge, GexfNode, gexf_lines

NODE_ATTRIBUTES = {
    "rank_no": GexfAttribute("rank", "integer"),
    "influence": GexfAttribute("influence", "double"),
    "follower_count_in_graph": GexfAttribute("followers in graph", "integer"),
    "vertical": GexfAttribute("vertical", "string"),
    "country": GexfAttribute("market", "string"),
    "language": GexfAttribute("language", "string"),
    "subscribers": GexfAttribute("subscribers", "long"),
    "choice": GexfAttribute("choice in the plan", "string"),
}
"""Column of the query `graph_nodes`, or `vertical`, to what the file says."""
EDGE_ATTRIBUTES = (GexfAttribute("evidence", "string"),)
SMALLEST_SIZE = 2.0
SIZE_RANGE = 28.0
POSITION_SCALE = 1000.0
LINES_A_BLOCK = 2000


def graph_lines(
    run: sa.RowMapping,
    nodes: Sequence[sa.RowMapping],
    edges: Sequence[sa.RowMapping],
    verticals: Mapping[int, str],
) -> Iterator[str]:
    """Lines of the document.

    Args:
        run: the graph run, for `as_of`.
        nodes: rows of the query `graph_nodes`.
        edges: rows of the query `graph_edges`; a source follows its target.
        verticals: community number to label.
    """
    most = max((row["influence"] for row in nodes), default=0.0) or 1.0
    return gexf_lines(
        (_node(row, verticals.get(row["community_no"], ""), most) for row in nodes),
        (_edge(row) for row in edges),
        node_attributes=list(NODE_ATTRIBUTES.values()),
        edge_attributes=EDGE_ATTRIBUTES,
        as_of=run["as_of"].date(),
    )


def in_blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """The lines as UTF-8 in blocks worth a network packet each."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == LINES_A_BLOCK:
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()


def _node(row: sa.RowMapping, vertical: str, most: float) -> GexfNode:
    return GexfNode(
        key=row["channel_key"],
        label=row["title"],
        values=[vertical if name == "vertical" else row[name] for name in NODE_ATTRIBUTES],
        position=(row["x"] * POSITION_SCALE, row["y"] * POSITION_SCALE),
        size=SMALLEST_SIZE + SIZE_RANGE * (row["influence"] / most) ** 0.5,
    )


def _edge(row: sa.RowMapping) -> GexfEdge:
    return GexfEdge(row["source_channel_key"], row["target_channel_key"], row["weight"], [", ".join(row["kinds"])])

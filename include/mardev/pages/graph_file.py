"""The follow graph as GEXF 1.3, written line by line so that a large graph never lies in memory as text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import sqlalchemy as sa

NODE_ATTRIBUTES = (
    ("rank_no", "rank", "integer"),
    ("influence", "influence", "double"),
    ("follower_count_in_graph", "followers in graph", "integer"),
    ("vertical", "vertical", "string"),
    ("country", "market", "string"),
    ("language", "language", "string"),
    ("subscribers", "subscribers", "long"),
    ("choice", "choice in the plan", "string"),
)
SMALLEST_SIZE = 2.0
SIZE_RANGE = 28.0
POSITION_SCALE = 1000.0
LINES_A_BLOCK = 2000
# What XML 1.0 cannot carry at all; titles come from strangers.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gexf_lines(
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
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield f'<meta lastmodifieddate="{run["as_of"].date()}"><creator>MarDev</creator></meta>\n'
    yield '<graph defaultedgetype="directed" mode="static">\n<attributes class="node">\n'
    for number, (_, title, kind) in enumerate(NODE_ATTRIBUTES):
        yield f'<attribute id="{number}" title={quoteattr(title)} type="{kind}"/>\n'
    yield '</attributes>\n<attributes class="edge">'
    yield '<attribute id="kinds" title="evidence" type="string"/></attributes>\n'
    yield "<nodes>\n"
    most = max((row["influence"] for row in nodes), default=0.0) or 1.0
    for row in nodes:
        yield _node({**row, "vertical": verticals.get(row["community_no"], "")}, most)
    yield "</nodes>\n<edges>\n"
    for number, row in enumerate(edges):
        yield (
            f'<edge id="{number}" source={_text(row["source_channel_key"])} target={_text(row["target_channel_key"])} '
            f'weight="{row["weight"]:g}"><attvalues><attvalue for="kinds" value={_text(", ".join(row["kinds"]))}/>'
            "</attvalues></edge>\n"
        )
    yield "</edges>\n</graph>\n</gexf>\n"


def in_blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """The lines as UTF-8 in blocks worth a network packet each."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == LINES_A_BLOCK:
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()


def _node(row: Mapping[str, Any], most: float) -> str:
    values = "".join(
        f'<attvalue for="{number}" value={_text(str(row[name]))}/>'
        for number, (name, _, _) in enumerate(NODE_ATTRIBUTES)
        if row[name] is not None
    )
    size = SMALLEST_SIZE + SIZE_RANGE * (row["influence"] / most) ** 0.5
    return (
        f"<node id={_text(row['channel_key'])} label={_text(row['title'])}><attvalues>{values}</attvalues>"
        f'<viz:size value="{size:.2f}"/><viz:position x="{row["x"] * POSITION_SCALE:.2f}" '
        f'y="{row["y"] * POSITION_SCALE:.2f}" z="0"/></node>\n'
    )


def _text(value: str) -> str:
    return quoteattr(NOT_IN_XML.sub("\ufffd", value))

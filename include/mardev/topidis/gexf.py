"""GEXF 1.3 by hand, as NetworkX writes 1.2draft at most; line by line, so that a large graph is never text in memory.

Source of the format: gexf.net/1.3; element order as in its schema (attributes before nodes before edges).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from xml.sax.saxutils import quoteattr

# What XML 1.0 cannot carry at all; titles come from strangers.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class GexfAttribute:
    """A column of the nodes or of the edges."""

    title: str
    kind: Literal["string", "integer", "long", "double"]


@dataclass(frozen=True)
class GexfNode:
    """A node as it is drawn.

    Attributes
    ----------
    values : one per node attribute; None is left out
    position : x and y in the units of the drawing program
    size : diameter in the same units
    """

    key: str
    label: str
    values: Sequence[object] = ()
    position: tuple[float, float] | None = None
    size: float | None = None


@dataclass(frozen=True)
class GexfEdge:
    """`source` follows `target`; `values` has one per edge attribute, None is left out."""

    source: str
    target: str
    weight: float
    values: Sequence[object] = ()


def gexf_lines(
    nodes: Iterable[GexfNode],
    edges: Iterable[GexfEdge],
    *,
    node_attributes: Sequence[GexfAttribute] = (),
    edge_attributes: Sequence[GexfAttribute] = (),
    as_of: date | None = None,
) -> Iterator[str]:
    """Lines of the document, each with its end; U+FFFD stands for a character that XML does not allow."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    if as_of is not None:
        yield f'<meta lastmodifieddate="{as_of}"><creator>MarDev</creator></meta>\n'
    yield '<graph defaultedgetype="directed" mode="static">\n'
    yield from _declared("node", node_attributes)
    yield from _declared("edge", edge_attributes)
    yield "<nodes>\n"
    for node in nodes:
        yield (
            f"<node id={_quoted(node.key)} label={_quoted(node.label)}>"
            f"{_values(node.values)}{_size(node.size)}{_position(node.position)}</node>\n"
        )
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(edges):
        yield (
            f'<edge id="{number}" source={_quoted(edge.source)} target={_quoted(edge.target)} '
            f'weight="{edge.weight:.6g}">{_values(edge.values)}</edge>\n'
        )
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(kind: Literal["node", "edge"], attributes: Sequence[GexfAttribute]) -> Iterator[str]:
    if not attributes:
        return
    yield f'<attributes class="{kind}">\n'
    for number, attribute in enumerate(attributes):
        yield f'<attribute id="{number}" title={_quoted(attribute.title)} type="{attribute.kind}"/>\n'
    yield "</attributes>\n"


def _values(values: Sequence[object]) -> str:
    present = "".join(
        f'<attvalue for="{number}" value={_quoted(value)}/>' for number, value in enumerate(values) if value is not None
    )
    return f"<attvalues>{present}</attvalues>" if present else ""


def _size(size: float | None) -> str:
    return "" if size is None else f'<viz:size value="{size:.6g}"/>'


def _position(position: tuple[float, float] | None) -> str:
    return "" if position is None else f'<viz:position x="{position[0]:.6g}" y="{position[1]:.6g}" z="0"/>'


def _quoted(value: object) -> str:
    return quoteattr(_NOT_IN_XML.sub("\ufffd", str(value)))

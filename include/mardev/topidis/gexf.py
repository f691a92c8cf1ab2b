"""GEXF 1.3 by hand, line by line, so that a large graph is never text in memory, and with parallel typed edges.

Positions and sizes stand in the namespace of the document itself: that is where the schema of GEXF 1.3 declares them,
and its readers know them by their local name. They are attributes as well, for readers that look elsewhere.

Source of the format: gexf.net/1.3; element order as in its schema (attributes before nodes before edges).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import quoteattr

from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Node, Value, number_text, value_text

NAMESPACE = "http://gexf.net/1.3"
PLACED = (Attribute("x", "double"), Attribute("y", "double"), Attribute("size", "double"))
KIND = Attribute("kind", "string")
# What XML 1.0 cannot carry at all; titles come from strangers.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gexf_lines(document: GraphDocument) -> Iterator[str]:
    """Lines of the document, each with its end; U+FFFD stands for a character that XML does not allow."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gexf xmlns="{NAMESPACE}" xmlns:viz="{NAMESPACE}" version="1.3">\n'
    if document.as_of is not None:
        yield f'<meta lastmodifieddate="{document.as_of}"><creator>MarDev</creator></meta>\n'
    yield '<graph defaultedgetype="directed" mode="static">\n'
    yield from _declared("node", [*document.node_attributes, *PLACED])
    yield from _declared("edge", [KIND, *document.edge_attributes])
    yield "<nodes>\n"
    for node in document.nodes:
        yield _node(node)
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(document.edges):
        yield _edge(number, edge)
    yield "</edges>\n</graph>\n</gexf>\n"


def quoted(value: object) -> str:
    """A value as an attribute of XML, in quotes, with what XML cannot carry marked."""
    return quoteattr(in_xml(value))


def in_xml(value: object) -> str:
    """A value as text that XML can carry."""
    return _NOT_IN_XML.sub("\ufffd", value_text(value))


def _declared(kind: Literal["node", "edge"], attributes: Sequence[Attribute]) -> Iterator[str]:
    yield f'<attributes class="{kind}">\n'
    for number, attribute in enumerate(attributes):
        yield f'<attribute id="{number}" title={quoted(attribute.title)} type="{attribute.kind}"/>\n'
    yield "</attributes>\n"


def _node(node: Node) -> str:
    x, y = node.position or (None, None)
    drawn = ""
    if node.size is not None:
        drawn += f'<viz:size value="{number_text(node.size)}"/>'
    if node.position is not None:
        drawn += f'<viz:position x="{number_text(node.position[0])}" y="{number_text(node.position[1])}" z="0.0"/>'
    values = _values([*node.values, x, y, node.size])
    return f"<node id={quoted(node.key)} label={quoted(node.label)}>{values}{drawn}</node>\n"


def _edge(number: int, edge: Edge) -> str:
    kind = f" kind={quoted(edge.kind)}" if edge.kind is not None else ""
    return (
        f'<edge id="{number}" source={quoted(edge.source)} target={quoted(edge.target)}{kind} '
        f'weight="{number_text(edge.weight)}">{_values([edge.kind, *edge.values])}</edge>\n'
    )


def _values(values: Sequence[Value]) -> str:
    present = "".join(
        f'<attvalue for="{number}" value={quoted(value)}/>' for number, value in enumerate(values) if value is not None
    )
    return f"<attvalues>{present}</attvalues>" if present else ""

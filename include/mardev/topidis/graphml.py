"""GraphML with typed keys, line by line. Read by Gephi, Gephi Lite, yEd, igraph and NetworkX.

Source of the format: graphml.graphdrawing.org, "Structural layer" and "GraphML-Attributes extension".
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from mardev.topidis.gexf import in_xml, quoted
from mardev.topidis.graph_document import Attribute, GraphDocument, Kind, Value

TYPES: dict[Kind, str] = {
    "string": "string", "integer": "int", "long": "long", "double": "double", "boolean": "boolean",
}  # fmt: skip
LABEL = Attribute("label", "string")
PLACED = (Attribute("x", "double"), Attribute("y", "double"), Attribute("size", "double"))
WEIGHT = Attribute("weight", "double")
KIND = Attribute("kind", "string")


def graphml_lines(document: GraphDocument) -> Iterator[str]:
    """Lines of the document, each with its end; U+FFFD stands for a character that XML does not allow."""
    nodes = [LABEL, *document.node_attributes, *PLACED]
    edges = [WEIGHT, KIND, *document.edge_attributes]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, attributes in (("node", nodes), ("edge", edges)):
        for number, attribute in enumerate(attributes):
            yield (
                f'<key id="{owner[0]}{number}" for="{owner}" attr.name={quoted(attribute.title)} '
                f'attr.type="{TYPES[attribute.kind]}"/>\n'
            )
    yield '<graph id="influencers" edgedefault="directed">\n'
    for node in document.nodes:
        x, y = node.position or (None, None)
        yield f"<node id={quoted(node.key)}>{_data('n', [node.label, *node.values, x, y, node.size])}</node>\n"
    for number, edge in enumerate(document.edges):
        yield (
            f'<edge id="{number}" source={quoted(edge.source)} target={quoted(edge.target)}>'
            f"{_data('e', [edge.weight, edge.kind, *edge.values])}</edge>\n"
        )
    yield "</graph>\n</graphml>\n"


def _data(prefix: str, values: Sequence[Value]) -> str:
    return "".join(
        # A carriage return that is not written as a reference is read as a line feed.
        f'<data key="{prefix}{number}">{escape(in_xml(value), {chr(13): "&#13;"})}</data>'
        for number, value in enumerate(values)
        if value is not None
    )

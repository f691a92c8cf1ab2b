"""GDF, the table of GUESS that Gephi reads: nodes, then edges, commas between, no escape for a quote.

What the format cannot carry is written as its nearest: a double quote as a single one, a line break as a space.
Counters are DOUBLE, which holds every whole number below 2^53: the INT of its readers ends at 2,147,483,647.
"""

import re
from collections.abc import Iterator, Sequence

from mardev.topidis.graph_document import Attribute, GraphDocument, Kind, Value, value_text

TYPES: dict[Kind, str] = {
    "string": "VARCHAR", "integer": "INTEGER", "long": "DOUBLE", "double": "DOUBLE", "boolean": "BOOLEAN",
}  # fmt: skip
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def gdf_lines(document: GraphDocument) -> Iterator[str]:
    """Lines of the table, each with its end; a missing value is an empty field."""
    yield (f"nodedef>name VARCHAR,label VARCHAR,{_declared(document.node_attributes)}x DOUBLE,y DOUBLE,width DOUBLE\n")
    for node in document.nodes:
        x, y = node.position or (None, None)
        yield _row([node.key, node.label, *node.values, x, y, node.size])
    yield (
        "edgedef>node1 VARCHAR,node2 VARCHAR,weight DOUBLE,directed BOOLEAN,kind VARCHAR"
        f"{',' if document.edge_attributes else ''}{_declared(document.edge_attributes).rstrip(',')}\n"
    )
    for edge in document.edges:
        yield _row([edge.source, edge.target, float(edge.weight), True, edge.kind, *edge.values])


def _declared(attributes: Sequence[Attribute]) -> str:
    return "".join(f"{attribute.title} {TYPES[attribute.kind]}," for attribute in attributes)


def _row(values: Sequence[Value]) -> str:
    return ",".join(map(_field, values)) + "\n"


def _field(value: Value) -> str:
    if value is None:
        return ""
    text = value_text(value)
    return f'"{_BREAKS.sub(" ", text).replace(chr(34), chr(39))}"' if isinstance(value, str) else text

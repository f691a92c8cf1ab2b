"""GEXF 1.3 by hand, because NetworkX writes 1.2draft at most.

Source of the format: gexf.net/1.3; element order as in its schema (attributes before nodes before edges).
"""

import io
import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, ElementTree, SubElement

from mardev.topidis.graph import FollowGraph

NAMESPACE = "http://gexf.net/1.3"
VISUALS = "http://gexf.net/1.3/viz"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLACED = ("label", "x", "y")


def write_gexf(graph: FollowGraph, node_values: Mapping[str, Sequence[str | int | float]]) -> bytes:
    """The graph as GEXF 1.3; the caller checked the lengths. Raises ValueError for characters XML does not allow."""
    root = Element("gexf", {"xmlns": NAMESPACE, "xmlns:viz": VISUALS, "version": "1.3"})
    drawn = SubElement(root, "graph", {"defaultedgetype": "directed", "mode": "static"})
    names = [name for name in node_values if name not in PLACED]
    declared = SubElement(drawn, "attributes", {"class": "node"})
    for number, name in enumerate(names):
        SubElement(declared, "attribute", {"id": str(number), "title": name, "type": _type_of(node_values[name])})
    nodes = SubElement(drawn, "nodes")
    for node, key in enumerate(graph.nodes):
        label = node_values["label"][node] if "label" in node_values else key
        element = SubElement(nodes, "node", {"id": key, "label": _allowed(label)})
        values = SubElement(element, "attvalues")
        for number, name in enumerate(names):
            SubElement(values, "attvalue", {"for": str(number), "value": _allowed(node_values[name][node])})
        if "x" in node_values and "y" in node_values:
            x, y = float(node_values["x"][node]), float(node_values["y"][node])
            SubElement(element, "viz:position", {"x": repr(x), "y": repr(y), "z": "0.0"})
    edges = SubElement(drawn, "edges")
    for number, (u, v, w) in enumerate(zip(graph.source, graph.target, graph.weight, strict=True)):
        place = {"id": str(number), "source": graph.nodes[u], "target": graph.nodes[v], "weight": repr(float(w))}
        SubElement(edges, "edge", place)
    buffer = io.BytesIO()
    ElementTree(root).write(buffer, encoding="utf-8", xml_declaration=True)
    return buffer.getvalue()


def _type_of(values: Sequence[str | int | float]) -> str:
    if any(isinstance(value, str) for value in values):
        return "string"
    return "long" if all(float(value).is_integer() and "int" in type(value).__name__ for value in values) else "double"


def _allowed(value: object) -> str:
    text = str(value)
    if _FORBIDDEN.search(text):
        raise ValueError(f"{text!r} holds a character that XML does not allow")
    return text

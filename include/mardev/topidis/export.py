"""The graph as files other programs read."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from mardev.topidis.gexf import GexfAttribute, GexfEdge, GexfNode, gexf_lines
from mardev.topidis.graph import FollowGraph

if TYPE_CHECKING:
    import networkx

NodeValues = Mapping[str, Sequence[str | int | float]]
"""Attribute name to one value per node, in the order of the nodes. `label`, `x` and `y` are shown as such."""
PLACED = ("label", "x", "y")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_gexf(graph: FollowGraph, node_values: NodeValues) -> bytes:
    """GEXF 1.3 for Gephi and Gephi Lite, UTF-8; places become positions, U+FFFD stands for what XML does not allow.

    Raises
    ------
    ValueError
        A list of values has another length than the nodes.
    """
    _refuse_other_lengths(graph, node_values)
    columns = {name: values for name, values in node_values.items() if name not in PLACED}
    lines = gexf_lines(
        _gexf_nodes(graph, node_values, list(columns.values())),
        (
            GexfEdge(graph.nodes[u], graph.nodes[v], float(w))
            for u, v, w in zip(graph.source, graph.target, graph.weight, strict=True)
        ),
        node_attributes=[GexfAttribute(name, _kind_of(values)) for name, values in columns.items()],
    )
    return "".join(lines).encode()


def to_graphml(graph: FollowGraph, node_values: NodeValues) -> bytes:
    """GraphML with typed keys, UTF-8. Raises ValueError when lengths differ."""
    import networkx

    buffer = io.BytesIO()
    networkx.write_graphml_xml(_with_values(graph, node_values), buffer, encoding="utf-8", named_key_ids=True)
    return buffer.getvalue()


def to_edge_csv(graph: FollowGraph) -> bytes:
    """``Source,Target,Type,Weight`` as Gephi's data laboratory reads it, UTF-8."""
    rows = (
        (_safe(graph.nodes[u]), _safe(graph.nodes[v]), "Directed", float(w))
        for u, v, w in zip(graph.source, graph.target, graph.weight, strict=True)
    )
    return _csv(("Source", "Target", "Type", "Weight"), rows)


def to_node_csv(graph: FollowGraph, node_values: NodeValues) -> bytes:
    """``Id,Label`` and a column for each attribute, UTF-8. A text that a spreadsheet would run gets a ``'`` before."""
    _refuse_other_lengths(graph, node_values)
    labels = node_values.get("label", graph.nodes)
    others = [name for name in node_values if name != "label"]
    rows = (
        (_safe(key), _safe(labels[node]), *(_safe(node_values[name][node]) for name in others))
        for node, key in enumerate(graph.nodes)
    )
    return _csv(("Id", "Label", *others), rows)


def _gexf_nodes(
    graph: FollowGraph, node_values: NodeValues, columns: Sequence[Sequence[str | int | float]]
) -> Iterator[GexfNode]:
    labels = node_values.get("label", graph.nodes)
    for node, key in enumerate(graph.nodes):
        position = None
        if "x" in node_values and "y" in node_values:
            position = (float(node_values["x"][node]), float(node_values["y"][node]))
        yield GexfNode(key, str(labels[node]), [column[node] for column in columns], position)


def _kind_of(values: Sequence[str | int | float]) -> Literal["string", "long", "double"]:
    if any(isinstance(value, str) for value in values):
        return "string"
    # The integers of numpy are no `int`.
    return "long" if all("int" in type(value).__name__ for value in values) else "double"


def _with_values(graph: FollowGraph, node_values: NodeValues) -> "networkx.DiGraph":
    _refuse_other_lengths(graph, node_values)
    with_values = graph.to_networkx()
    for name, values in node_values.items():
        for key, value in zip(graph.nodes, values, strict=True):
            with_values.nodes[key][name] = value.item() if hasattr(value, "item") else value
    return with_values


def _refuse_other_lengths(graph: FollowGraph, node_values: NodeValues) -> None:
    for name, values in node_values.items():
        if len(values) != graph.node_count:
            raise ValueError(f"{name} has {len(values)} values for {graph.node_count} channels")


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

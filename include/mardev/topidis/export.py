"""A graph of arrays as a document that `file_formats` writes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from mardev.topidis.graph import FollowGraph
from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Kind, Node, Value

NodeValues = Mapping[str, Sequence[str | int | float]]
"""Attribute name to one value per node, in the order of the nodes. `label`, `x`, `y` and `size` are shown as such."""
DRAWN = ("label", "x", "y", "size")


def document_of(
    graph: FollowGraph, node_values: NodeValues, *, kind: str | None = None, as_of: date | None = None
) -> GraphDocument:
    """A graph of arrays as a document.

    Parameters
    ----------
    kind : the kind of evidence of all its edges, None when it is of several

    Raises
    ------
    ValueError
        A list of values has another length than the nodes.
    """
    for name, values in node_values.items():
        if len(values) != graph.node_count:
            raise ValueError(f"{name} has {len(values)} values for {graph.node_count} channels")
    columns = {name: values for name, values in node_values.items() if name not in DRAWN}
    return GraphDocument(
        nodes=_nodes(graph, node_values, list(columns.values())),
        edges=(
            Edge(graph.nodes[u], graph.nodes[v], float(w), kind)
            for u, v, w in zip(graph.source, graph.target, graph.weight, strict=True)
        ),
        node_attributes=[Attribute(name, _kind_of(values)) for name, values in columns.items()],
        as_of=as_of,
    )


def _nodes(graph: FollowGraph, node_values: NodeValues, columns: Sequence[Sequence[Value]]) -> Iterator[Node]:
    labels = node_values.get("label", graph.nodes)
    sizes = node_values.get("size")
    is_placed = "x" in node_values and "y" in node_values
    for node, key in enumerate(graph.nodes):
        yield Node(
            key,
            str(labels[node]),
            [column[node] for column in columns],
            (float(node_values["x"][node]), float(node_values["y"][node])) if is_placed else None,
            float(sizes[node]) if sizes is not None else None,
        )


def _kind_of(values: Sequence[object]) -> Kind:
    if any(isinstance(value, str) for value in values):
        return "string"
    # The integers of numpy are no `int`.
    return "long" if all("int" in type(value).__name__ for value in values) else "double"

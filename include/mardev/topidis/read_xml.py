"""GEXF and GraphML as a stream of elements: nothing but the document is held, no entity is ever expanded.

Names are compared without their namespace, so GEXF 1.1draft, 1.2draft and 1.3 are read alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from mardev.errors import FixFirst
from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Kind, Node, Value
from mardev.topidis.read_graph import ReadGraph, usable_edges

CHUNK_BYTES = 1 << 20
KINDS: Mapping[str, Kind] = {
    "string": "string", "anyuri": "string", "char": "string", "liststring": "string", "integer": "integer",
    "int": "integer", "short": "integer", "byte": "integer", "long": "long", "biginteger": "long",
    "double": "double", "float": "double", "bigdecimal": "double", "boolean": "boolean",
}  # fmt: skip
DRAWN = ("x", "y", "size")


@dataclass
class _Columns:
    """Declared attributes of nodes or edges: id to title, in the order of the file."""

    titles: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def declare(self, key: str, title: str, kind: str) -> None:
        self.titles[key] = title
        self.kinds[title] = KINDS.get(kind.lower(), "string")


@dataclass
class _Item:
    """A node or an edge while its element is open."""

    attributes: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)


class _Reading:
    """What both formats have in common: the items found, and how they become a document."""

    def __init__(self) -> None:
        self.columns = {"node": _Columns(), "edge": _Columns()}
        self.nodes: list[_Item] = []
        self.edges: list[_Item] = []
        self.is_directed = True

    def document(self, name: str) -> ReadGraph:
        node_columns, edge_columns = self.columns["node"].kinds, self.columns["edge"].kinds
        own = [title for title in node_columns if title not in (*DRAWN, "label")]
        of_edges = [title for title in edge_columns if title not in ("kind", "weight")]
        edges: list[Edge] = []
        for item in self.edges:
            edges.extend(self._both_ways(_edge(item, edge_columns, of_edges)))
        usable, left_out = usable_edges(edges)
        notes = []
        if left_out:
            notes.append(f"{left_out} edges that start where they end, or have no positive weight, were left out.")
        if not self.is_directed:
            notes.append("The file says that follows have no direction: each is read both ways.")
        return ReadGraph(
            GraphDocument(
                [_node(item, node_columns, own) for item in self.nodes],
                usable,
                [Attribute(title, node_columns[title]) for title in own],
                [Attribute(title, edge_columns[title]) for title in of_edges],
            ),
            name,
            tuple(notes),
        )

    def _both_ways(self, edge: Edge) -> list[Edge]:
        if self.is_directed:
            return [edge]
        return [edge, Edge(edge.target, edge.source, edge.weight, edge.kind, edge.values)]


def read_gexf(stream: IO[bytes]) -> ReadGraph:
    """Read GEXF. Raises FixFirst where the XML is damaged."""
    reading = _Reading()
    owner = "node"
    open_items: list[_Item] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal owner
        if name == "graph":
            reading.is_directed = attributes.get("defaultedgetype", "undirected") == "directed"
        elif name == "attributes":
            owner = attributes.get("class", "node")
        elif name == "attribute" and owner in reading.columns:
            title = attributes.get("title", attributes.get("id", ""))
            reading.columns[owner].declare(attributes.get("id", title), title, attributes.get("type", "string"))
        elif name in ("node", "edge"):
            owner = name
            open_items.append(_Item(attributes))
            (reading.nodes if name == "node" else reading.edges).append(open_items[-1])
        elif name == "attvalue" and open_items:
            key = attributes.get("for", attributes.get("id", ""))
            columns = reading.columns[owner]
            if key not in columns.titles:
                columns.declare(key, key, "string")
            open_items[-1].values[columns.titles[key]] = attributes.get("value", "")
        elif name in ("position", "size") and open_items:
            for part, title in (("x", "x"), ("y", "y"), ("value", "size")):
                if part in attributes:
                    open_items[-1].values[title] = attributes[part]

    def end(name: str) -> None:
        if name in ("node", "edge") and open_items:
            open_items.pop()

    _parse(stream, start, end, lambda _text: None)
    return reading.document("gexf")


def read_graphml(stream: IO[bytes]) -> ReadGraph:
    """Read GraphML. Raises FixFirst where the XML is damaged."""
    reading = _Reading()
    open_items: list[tuple[str, _Item]] = []
    key: str | None = None
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal key
        if name == "graph":
            reading.is_directed = attributes.get("edgedefault", "directed") == "directed"
        elif name == "key":
            for owner in ("node", "edge") if attributes.get("for", "all") == "all" else (attributes["for"],):
                if owner in reading.columns:
                    title = attributes.get("attr.name", attributes.get("id", ""))
                    reading.columns[owner].declare(
                        attributes.get("id", title), title, attributes.get("attr.type", "string")
                    )
        elif name in ("node", "edge"):
            open_items.append((name, _Item(attributes)))
            (reading.nodes if name == "node" else reading.edges).append(open_items[-1][1])
        elif name == "data":
            key = attributes.get("key")
            texts.clear()

    def end(name: str) -> None:
        nonlocal key
        if name == "data" and key is not None and open_items:
            owner, item = open_items[-1]
            columns = reading.columns[owner]
            item.values[columns.titles.get(key, key)] = "".join(texts)
            columns.kinds.setdefault(columns.titles.get(key, key), "string")
            key = None
        elif name in ("node", "edge") and open_items:
            open_items.pop()

    _parse(stream, start, end, texts.append)
    return reading.document("graphml")


def _parse(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declared: Any) -> None:
        raise FixFirst("The file declares entities of its own, which graph files have no use for. Export it again.")

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2].lower(), attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2].lower())
    parser.CharacterDataHandler = text
    try:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as damage:
        raise FixFirst(
            f"The file is damaged at line {damage.lineno}, column {damage.offset}: {expat.ErrorString(damage.code)}. "
            "Export it once more."
        ) from damage


def _node(item: _Item, kinds: Mapping[str, Kind], own: list[str]) -> Node:
    key = item.attributes.get("id", "")
    x, y, size = (_number(item.values.get(title)) for title in DRAWN)
    return Node(
        key,
        item.attributes.get("label") or item.values.get("label") or key,
        [_value(item.values.get(title), kinds[title]) for title in own],
        (x, y) if x is not None and y is not None else None,
        size,
    )


def _edge(item: _Item, kinds: Mapping[str, Kind], of_edges: list[str]) -> Edge:
    weight = _number(item.attributes.get("weight", item.values.get("weight")))
    return Edge(
        item.attributes.get("source", ""),
        item.attributes.get("target", ""),
        1.0 if weight is None else weight,
        item.attributes.get("kind") or item.values.get("kind"),
        [_value(item.values.get(title), kinds[title]) for title in of_edges],
    )


def _value(text: str | None, kind: Kind) -> Value:
    """A value as its kind; a text that is none of it stays a text, so that nothing is lost."""
    if text is None:
        return None
    try:
        match kind:
            case "integer" | "long":
                return int(text)
            case "double":
                return float(text)
            case "boolean":
                return text.strip().lower() in ("true", "1")
    except ValueError:
        return text
    return text


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None

"""Graph files of other programs as the document ours are written from: GEXF 1.1 to 1.3, GraphML, edge lists.

What is read is a stream of bytes that the caller opened; nothing here opens a file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from mardev.errors import FixFirst
from mardev.topidis.graph_document import Edge, GraphDocument

if TYPE_CHECKING:
    from mardev.topidis.graph import FollowGraph

GZIP = b"\x1f\x8b"
START_BYTES = 4096


@dataclass(frozen=True)
class ReadGraph:
    """A file that was read whole.

    Attributes
    ----------
    format : ``gexf``, ``graphml`` or ``edge list``
    notes : what a person should know of the reading, in plain words
    """

    document: GraphDocument
    format: str
    notes: Sequence[str] = field(default_factory=tuple)

    def to_follow_graph(self) -> "FollowGraph":
        """The arrays of the engine; self-follows and edges without a positive weight are left out.

        Nodes keep the order of the file; the kinds of evidence between two creators are added up.
        """
        from mardev.topidis.graph import FollowGraph

        keys = dict.fromkeys(node.key for node in self.document.nodes)
        edges = [(edge.source, edge.target, edge.weight) for edge in usable_edges(self.document.edges)[0]]
        for source, target, _ in edges:
            keys.setdefault(source)
            keys.setdefault(target)
        return FollowGraph.from_edges(keys, edges)


def read_graph(stream: IO[bytes]) -> ReadGraph:
    """Read a graph file, whatever of the known formats it is; a gzip is opened.

    Parameters
    ----------
    stream : seekable, at its beginning

    Raises
    ------
    FixFirst
        It is none of the formats, it is damaged, or it is an Excel workbook; the message says what to do.
    """
    from mardev.topidis.read_edge_list import read_edge_list
    from mardev.topidis.read_xml import read_gexf, read_graphml

    start = stream.read(START_BYTES)
    stream.seek(0)
    if start.startswith(GZIP):
        import gzip

        with gzip.open(stream) as inner:
            try:
                return read_graph(inner)  # type: ignore[arg-type]  # it reads bytes like any other
            except (EOFError, gzip.BadGzipFile) as damage:
                raise FixFirst(f"The compressed file is damaged: {damage}. Get it once more.") from damage
    readers: Mapping[bytes, Callable[[IO[bytes]], ReadGraph]] = {b"<gexf": read_gexf, b"<graphml": read_graphml}
    for mark, reader in readers.items():
        if mark in start.lower().replace(b"\0", b""):
            return reader(stream)
    return read_edge_list(stream)


def usable_edges(edges: Iterable[Edge]) -> tuple[list[Edge], int]:
    """The edges between two different creators with a positive weight, and how many were left out."""
    listed = list(edges)
    usable = [edge for edge in listed if edge.source != edge.target and edge.weight > 0]
    return usable, len(listed) - len(usable)

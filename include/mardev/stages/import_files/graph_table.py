"""Files that are no table but say the same: a graph file becomes a table of follows before it is read as one."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

START_BYTES = 4096


@contextmanager
def as_table(stream: IO[bytes], kind: str | None) -> Iterator[tuple[IO[bytes], str | None]]:
    """The file itself, or a temporary table of the follows of a GEXF or GraphML file, with what its lines are."""
    start = stream.read(START_BYTES).lower().replace(b"\0", b"")
    stream.seek(0)
    if b"<gexf" not in start and b"<graphml" not in start:
        yield stream, kind
        return
    with tempfile.TemporaryFile() as table:
        _write_follows(stream, table)
        table.seek(0)
        yield table, "edges"


def _write_follows(stream: IO[bytes], table: IO[bytes]) -> None:
    from mardev.topidis.read_graph import read_graph

    document = read_graph(stream).document
    titles = [attribute.title for attribute in document.edge_attributes]
    text = io.TextIOWrapper(table, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(["source", "target", "kind", "weight", *titles])
    for edge in document.edges:
        values = ["" if value is None else value for value in edge.values]
        writer.writerow([edge.source, edge.target, edge.kind or "", repr(edge.weight), *values])
    text.detach()

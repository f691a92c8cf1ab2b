"""Two tables for spreadsheets and for Gephi's data laboratory: ``Source,Target,Type,Weight`` and ``Id,Label``.

A text that a spreadsheet would run as a formula gets a ``'`` before it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from mardev.topidis.graph_document import GraphDocument, Value, value_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def edge_csv_lines(document: GraphDocument) -> Iterator[str]:
    """Lines of the follows, each with its end."""
    header = ("Source", "Target", "Type", "Weight", "kind", *(one.title for one in document.edge_attributes))
    return _csv(
        header,
        (
            (edge.source, edge.target, "Directed", float(edge.weight), edge.kind, *edge.values)
            for edge in document.edges
        ),
    )


def node_csv_lines(document: GraphDocument) -> Iterator[str]:
    """Lines of the creators, each with its end."""
    header = ("Id", "Label", *(one.title for one in document.node_attributes), "x", "y", "size")
    return _csv(
        header,
        ((node.key, node.label, *node.values, *(node.position or (None, None)), node.size) for node in document.nodes),
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(map(_cell, row))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    text = value_text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text

"""Edge lists: CSV as Gephi and spreadsheets write it, and plain text with two or three columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO

from mardev.domain.long_cells import cells_up_to
from mardev.errors import FixFirst
from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Node
from mardev.topidis.read_graph import ReadGraph, usable_edges

SOURCES = ("source", "from", "follower", "src", "node1", "source_channel_key", "quelle", "von", "origem", "de")
TARGETS = (
    "target",
    "to",
    "followed",
    "followee",
    "dst",
    "node2",
    "target_channel_key",
    "ziel",
    "nach",
    "destino",
    "para",
)
WEIGHTS = ("weight", "gewicht", "peso", "strength")
KINDS = ("kind", "evidence_kind", "relation")
LOOKED_AT = 20
FIELD_LIMIT = 1 << 20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def read_edge_list(stream: IO[bytes]) -> ReadGraph:
    """Read an edge list: with a header in any order of columns, or without one: source, target, weight.

    Commas, semicolons, tabs or blanks stand between; lines that begin with ``#`` or ``%`` are remarks.

    Raises
    ------
    FixFirst
        It is a workbook, not text, or has no two columns.
    """
    text = _text(stream)
    first = [line for line, _ in zip(_lines(text), range(LOOKED_AT), strict=False)]
    if not first:
        return ReadGraph(GraphDocument([], []), "edge list", ("The file has no edge.",))
    with cells_up_to(FIELD_LIMIT):
        return _read_rows(_rows(chain(first, _lines(text)), _delimiter(first)))


def _read_rows(rows: Iterator[list[str]]) -> ReadGraph:
    header = next(rows)
    names = [name.strip().lower() for name in header]
    source, target = _place(names, SOURCES), _place(names, TARGETS)
    if source is None or target is None:
        if len(header) < 2:
            raise FixFirst(
                f"A line of an edge list has two columns, source and target; this one has one: {header[0][:80]!r}."
            )
        source, target, weight, kind, others = 0, 1, 2 if len(header) > 2 and _is_number(header[2]) else None, None, []
        rows = chain([header], rows)
    else:
        weight, kind = _place(names, WEIGHTS), _place(names, KINDS)
        taken = {source, target, weight, kind, *(place for place, name in enumerate(names) if name in ("type", ""))}
        others = [place for place in range(len(header)) if place not in taken]
    return _document(rows, source, target, weight, kind, [(place, header[place].strip()) for place in others])


def _document(
    rows: Iterator[list[str]],
    source: int,
    target: int,
    weight: int | None,
    kind: int | None,
    others: Sequence[tuple[int, str]],
) -> ReadGraph:
    edges: list[Edge] = []
    short = unreadable = 0
    keys: dict[str, None] = {}
    for row in rows:
        if len(row) <= max(source, target) or not row[source].strip() or not row[target].strip():
            short += 1
            continue
        strength = _weight(row, weight)
        if strength is None:
            unreadable += 1
            continue
        edge = Edge(
            _key(row[source]),
            _key(row[target]),
            strength,
            (row[kind].strip() or None) if kind is not None and len(row) > kind else None,
            [(row[place] or None) if len(row) > place else None for place, _ in others],
        )
        keys.setdefault(edge.source)
        keys.setdefault(edge.target)
        edges.append(edge)
    usable, left_out = usable_edges(edges)
    counted = (
        (short, "lines without two names were left out."),
        (unreadable, "lines whose weight is no number were left out."),
        (left_out, "edges that start where they end, or have no positive weight, were left out."),
    )
    return ReadGraph(
        GraphDocument(
            [Node(key, key) for key in keys], usable, [], [Attribute(title, "string") for _, title in others]
        ),
        "edge list",
        tuple(f"{count} {words}" for count, words in counted if count),
    )


def _text(stream: IO[bytes]) -> IO[str]:
    start = stream.read(8)
    stream.seek(0)
    if start.startswith(WORKBOOKS):
        raise FixFirst("This is an Excel workbook, not an edge list. Save the sheet as CSV UTF-8 and give that file.")
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    # A name that is not UTF-8 keeps its bytes, so that two names stay two.
    return io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")


def _lines(text: IO[str]) -> Iterator[str]:
    try:
        yield from (line for line in text if line.strip() and not line.startswith(("#", "%")))
    except UnicodeDecodeError as damage:
        raise FixFirst(
            "The file is neither text nor a known graph file. Give GEXF, GraphML or an edge list."
        ) from damage


def _delimiter(lines: Sequence[str]) -> str | None:
    """The first of tab, semicolon and comma that is in every line; None for blanks."""
    return next((mark for mark in "\t;," if all(mark in line for line in lines)), None)


def _rows(lines: Iterator[str], delimiter: str | None) -> Iterator[list[str]]:
    if delimiter is None:
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter)


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _key(text: str) -> str:
    """A name without blanks around it and without the ``'`` that our own export puts before a formula."""
    key = text.strip()
    return key[1:] if key.startswith("'") and key[1:2] in ("=", "+", "-", "@") else key


def _weight(row: Sequence[str], place: int | None) -> float | None:
    if place is None or len(row) <= place or not row[place].strip():
        return 1.0
    return float(row[place]) if _is_number(row[place]) else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

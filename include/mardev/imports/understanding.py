"""What a table is understood to say, before a line of it is kept: the preview a person confirms."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, Any

from mardev.domain.long_cells import cells_up_to
from mardev.errors import FixFirst
from mardev.imports.cells import folded, is_hidden, is_missing, is_spreadsheet_error
from mardev.imports.header_words import CHANNEL_WORDS, EDGE_WORDS, PLATFORM_HEADERS
from mardev.imports.numbers import Convention, Evidence, Sign
from mardev.imports.recognise import Encoding, recognise

KINDS = ("creators", "channels", "edges")
WHOLE = ("subscribers", "total_views", "post_count")
FRACTIONAL = ("average_daily_views", "views_per_post", "weight")
IDENTIFYING = ("external_id", "handle", "url")
LOOKED_AT = 40
LONGEST_CELL = 1 << 20
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LINK = "link:"


@dataclass(frozen=True)
class Column:
    """One column of the file.

    Attributes
    ----------
    field : what it means to us; ``link:<platform>`` for a platform's own column; None where it is not used
    numbers : how its numbers are read, None for a column of texts
    """

    place: int
    header: str
    field: str | None
    numbers: Convention | None = None


@dataclass(frozen=True)
class Understanding:
    """How a file is read.

    Attributes
    ----------
    kind : ``creators``, ``channels`` or ``edges``
    header_line : number of the line with the headers, from 1; 0 where there is none
    row_count : lines of data; blank ones do not count
    missing_count, error_count, hidden_count : cells that say nothing, failed formulas among them, hidden figures
    damaged_count : lines with bytes that are no letters in the encoding
    notes : what a person should look at, in plain words
    """

    kind: str
    encoding: Encoding
    delimiter: str
    header_line: int
    columns: Sequence[Column]
    row_count: int
    missing_count: int = 0
    error_count: int = 0
    hidden_count: int = 0
    damaged_count: int = 0
    notes: Sequence[str] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """For a machine and for the page."""
        return {
            "kind": self.kind,
            "encoding": self.encoding.name,
            "encoding_evidence": self.encoding.evidence,
            "separator": DELIMITERS.get(self.delimiter, "blanks"),
            "header_line": self.header_line,
            "row_count": self.row_count,
            "missing_cells": self.missing_count,
            "failed_formulas": self.error_count,
            "hidden_figures": self.hidden_count,
            "damaged_lines": self.damaged_count,
            "columns": [
                {
                    "header": column.header,
                    "meaning": column.field,
                    "numbers": column.numbers.evidence if column.numbers else None,
                    "is_certain": column.numbers.is_certain if column.numbers else True,
                }
                for column in self.columns
            ],
            "notes": list(self.notes),
        }


def understand(stream: IO[bytes], kind: str | None = None) -> Understanding:
    """Read a table once, from end to end and in bounded memory, and say what it means; the stream is rewound.

    Parameters
    ----------
    stream : seekable, at its beginning
    kind : one of `KINDS`; None lets the columns decide

    Raises
    ------
    FixFirst
        It is no table, or no column of it is understood; the message says what to do.
    """
    encoding = recognise(stream)
    first = list(islice(_text_lines(stream, encoding), LOOKED_AT))
    stream.seek(0)
    if not any(line.strip() for line in first):
        raise FixFirst("The file is empty. Give a table with a line of headers and a line for each channel.")
    delimiter = _delimiter(first)
    kind, header_place, columns = _columns(list(_csv_rows(iter(first), delimiter)), kind)
    counted = _Counted(columns)
    for number, row in numbered_rows(stream, encoding, delimiter):
        if number > header_place:
            counted.add(row)
    stream.seek(0)
    return Understanding(
        kind=kind,
        encoding=encoding,
        delimiter=delimiter,
        header_line=header_place,
        columns=counted.columns_with_conventions(),
        row_count=counted.rows,
        missing_count=counted.missing,
        error_count=counted.errors,
        hidden_count=counted.hidden,
        damaged_count=counted.damaged,
        notes=tuple(counted.notes()),
    )


def numbered_rows(stream: IO[bytes], encoding: Encoding, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number (from 1) and cells of each record that is not blank. Raises FixFirst where a quote is never closed."""
    for number, row in enumerate(_csv_rows(_text_lines(stream, encoding), delimiter), start=1):
        if any(cell.strip() for cell in row):
            yield number, row


def _text_lines(stream: IO[bytes], encoding: Encoding) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding=encoding.codec, errors="replace", newline="")
    try:
        first = next(text, "")
        # Excel's own first line, which names the separator and is no data.
        if first.lower().startswith("sep="):
            first = "\n"
        yield from chain([first] if first else [], text)
    finally:
        text.detach()


def _csv_rows(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        begins = reader.line_num + 1
        try:
            with cells_up_to(LONGEST_CELL):
                row = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            raise FixFirst(
                f"The record that begins in line {begins} has no end: a quotation mark opened there is not closed, or "
                f"a cell holds more than a million letters ({trouble}). Correct it and give the file again."
            ) from trouble
        yield row


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that cuts most lines into the same number of cells, more than one."""
    best, most = ",", 0.0
    for sign in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(iter(lines), delimiter=sign) if row)
        width, count = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(1, 0))
        if width > 1 and count + width / 1000 > most:
            best, most = sign, count + width / 1000
    return best


def _columns(rows: Sequence[Sequence[str]], kind: str | None) -> tuple[str, int, list[Column]]:
    """Kind, number of the header line (from 1, 0 without one), columns."""
    wanted = (kind,) if kind else ("edges", "creators")
    best: tuple[int, int, str, list[Column]] = (0, 0, "", [])
    for number, row in enumerate(rows[: LOOKED_AT // 2], start=1):
        for one in wanted:
            columns = _matched(row, EDGE_WORDS if one == "edges" else CHANNEL_WORDS, with_platforms=one != "edges")
            known = sum(column.field is not None for column in columns)
            if known > best[0] and _is_enough({column.field for column in columns}, one):
                best = (known, number, one, columns)
    known, number, found, columns = best
    if known:
        fields = {column.field for column in columns}
        if kind is None and found != "edges":
            found = "creators" if "email" in fields or any(str(one).startswith(LINK) for one in fields) else "channels"
        return found, number, columns
    if kind == "edges" and rows and len(rows[0]) in (2, 3):
        names = ("source", "target", "weight")[: len(rows[0])]
        return "edges", 0, [Column(place, f"column {place + 1}", name) for place, name in enumerate(names)]
    header = next((row for row in rows if any(cell.strip() for cell in row)), [])
    raise FixFirst(
        f"No column was understood. The first line says: {', '.join(cell.strip()[:40] for cell in header[:12])}. "
        "Channels need a column with a link, a handle or an id (headers such as Link, URL, Handle, ID, YouTube); "
        "who follows whom needs the columns Source and Target."
    )


def _is_enough(fields: set[str | None], kind: str) -> bool:
    if kind == "edges":
        return {"source", "target"} <= fields
    return any(one in fields for one in IDENTIFYING) or any(str(one).startswith(LINK) for one in fields if one)


def _matched(row: Sequence[str], words: Mapping[str, Sequence[str]], *, with_platforms: bool) -> list[Column]:
    meanings = {folded(word): meaning for meaning, listed in words.items() for word in (*listed, meaning)}
    links = {folded(word): f"{LINK}{platform}" for word, platform in PLATFORM_HEADERS.items()} if with_platforms else {}
    taken: set[str] = set()
    columns = []
    for place, cell in enumerate(row):
        word = folded(cell)
        meaning = meanings.get(word) or links.get(word)
        # Of two columns with one meaning the first is used, the other is shown as not used.
        meaning = None if meaning in taken else meaning
        if meaning:
            taken.add(meaning)
        columns.append(Column(place, cell.strip()[:120] or f"column {place + 1}", meaning))
    return columns


class _Counted:
    """What all lines together say about the columns."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._evidence = {column.place: Evidence() for column in columns if column.field in (*WHOLE, *FRACTIONAL)}
        self._used = [column.place for column in columns if column.field]
        self.rows = self.missing = self.errors = self.hidden = self.damaged = self.short = self.long = 0

    def add(self, row: Sequence[str]) -> None:
        self.rows += 1
        width = len(row)
        self.short += width < len(self._columns)
        self.long += width > len(self._columns)
        self.damaged += any("\ufffd" in cell for cell in row)
        for place in self._used:
            if place >= width or is_missing(row[place]):
                self.missing += 1
                self.errors += place < width and is_spreadsheet_error(row[place])
            elif place in self._evidence:
                if is_hidden(row[place]):
                    self.hidden += 1
                else:
                    self._evidence[place].add(row[place])

    def columns_with_conventions(self) -> list[Column]:
        commas = sum(evidence.comma for evidence in self._evidence.values())
        points = sum(evidence.point for evidence in self._evidence.values())
        elsewhere: Sign | None = "," if commas > points else "." if points else None
        return [
            Column(
                column.place,
                column.header,
                column.field,
                self._evidence[column.place].decide(is_whole=column.field in WHOLE, elsewhere=elsewhere)
                if column.place in self._evidence
                else None,
            )
            for column in self._columns
        ]

    def notes(self) -> Iterator[str]:
        if unused := [column.header for column in self._columns if column.field is None]:
            yield f"Not used: {', '.join(unused[:20])}."
        if self.errors:
            yield f"{self.errors} cells hold a failed formula of the spreadsheet (such as #REF!): missing."
        if self.hidden:
            yield f"{self.hidden} figures are marked as hidden; they stay hidden and are not taken for zero."
        if self.damaged:
            yield f"{self.damaged} lines hold bytes that are no letters in this encoding; they show as \ufffd."
        if self.short:
            yield f"{self.short} lines have fewer cells than the headers."
        if self.long:
            yield f"{self.long} lines have more cells than the headers; what is beyond is not used."
        if not self.rows:
            yield "There is no line below the headers."

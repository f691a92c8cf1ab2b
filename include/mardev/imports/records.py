"""Lines of an understood table as records: a channel with what is known of it, or a follow; or why it is neither."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, TypeVar

from mardev.domain.words import EdgeKind
from mardev.errors import RecordMalformed
from mardev.imports.cells import (
    LONGEST_TITLE,
    clean_text,
    country_code,
    email_address,
    folded,
    instant,
    is_hidden,
    is_missing,
    language_tag,
)
from mardev.imports.identity import Identity, from_text, identity_of, platform_named
from mardev.imports.numbers import Convention
from mardev.imports.understanding import FRACTIONAL, LINK, WHOLE, Understanding, numbered_rows

LARGEST_COUNT = 10**13
CONTACT_KINDS = {"manager": "manager", "management": "manager", "agency": "agency", "agentur": "agency",
                 "agencia": "agency", "agence": "agency"}  # fmt: skip
EDGE_KIND_WORDS = {folded(kind): kind for kind in EdgeKind} | {"sharedlink": EdgeKind.SHARED_LINK}


@dataclass(frozen=True)
class ChannelRecord:
    """One channel as a line tells of it; None is what the line does not tell.

    Attributes
    ----------
    counters : figure to value, only those that are told
    remarks : cells that were not understood although the line was, each with the reason
    """

    line: int
    identity: Identity
    title: str | None = None
    description: str | None = None
    country: str | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    email: str | None = None
    contact_kind: str = "creator"
    counters: Mapping[str, float] = field(default_factory=dict)
    subscribers_hidden: bool = False
    created_at: datetime | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class EdgeRecord:
    """One follow as a line tells of it."""

    line: int
    source: Identity
    target: Identity
    kind: EdgeKind
    weight: float
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Rejected:
    """A line that says nothing that could be kept.

    Attributes
    ----------
    rule : a short name for all lines with this trouble
    reason : in plain words
    cells : header to cell, as it came
    """

    line: int
    rule: str
    reason: str
    cells: Mapping[str, str]


Record = ChannelRecord | EdgeRecord | Rejected
Found = TypeVar("Found")


def records(stream: IO[bytes], understood: Understanding) -> Iterator[Record]:
    """The records of the file, line by line; a line that names several channels gives several."""
    places = [(column.place, column.field) for column in understood.columns if column.field]
    headers = [column.header for column in understood.columns]
    numbers = {column.field: column.numbers for column in understood.columns if column.field and column.numbers}
    read = _edges if understood.kind == "edges" else _channels
    for line, row in numbered_rows(stream, understood.encoding, understood.delimiter):
        if line <= understood.header_line:
            continue
        cells = {
            name: row[place].strip()
            for place, name in places
            if place < len(row) and not _says_nothing(row[place], name)
        }
        try:
            yield from read(line, cells, numbers)
        except _Refused as refused:
            yield Rejected(
                line, refused.rule, str(refused), dict(zip(headers, (clean_text(cell) for cell in row), strict=False))
            )


class _Refused(RecordMalformed):
    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


def _says_nothing(cell: str, name: str) -> bool:
    # Namibia's code is the English word for «not available».
    return is_missing(cell) and not (name == "country" and cell.strip() == "NA")


def _channels(line: int, cells: Mapping[str, str], numbers: Mapping[str, Convention]) -> Iterator[ChannelRecord]:
    identities = _identities(cells)
    remarks: list[str] = []
    counters, hidden = _counters(cells, numbers, remarks)
    shared: dict[str, Any] = {
        "title": clean_text(cells["title"], LONGEST_TITLE) or None if "title" in cells else None,
        "description": clean_text(cells["description"]) if "description" in cells else None,
        "country": _tried(country_code, cells.get("country"), remarks),
        "language": _tried(language_tag, cells.get("language"), remarks),
        "topics": tuple(filter(None, (clean_text(part, 100) for part in _listed(cells.get("topics", ""))))),
        "email": _tried(email_address, cells.get("email"), remarks),
        "contact_kind": CONTACT_KINDS.get(folded(cells.get("contact_kind", "")), "creator"),
        "created_at": _tried(instant, cells.get("created_at"), remarks),
    }
    for place, identity in enumerate(identities):
        # Figures of a line with several links belong to the first: nobody says to which else.
        own: dict[str, Any] = {"counters": counters, "subscribers_hidden": hidden} if place == 0 else {}
        yield ChannelRecord(line, identity, remarks=tuple(remarks) if place == 0 else (), **shared, **own)


def _identities(cells: Mapping[str, str]) -> list[Identity]:
    try:
        platform = platform_named(cells["platform"]) if "platform" in cells else None
        links = [from_text(text, name.removeprefix(LINK)) for name, text in cells.items() if name.startswith(LINK)]
        if links and not {"external_id", "url", "handle"} & cells.keys():
            return list(dict.fromkeys(links))
        named = identity_of(
            platform=platform,
            external_id=cells.get("external_id"),
            handle=cells.get("handle"),
            url=cells.get("url"),
        )
    except RecordMalformed as trouble:
        raise _Refused("channel_is_not_named", str(trouble)) from trouble
    return list(dict.fromkeys([named, *links]))


def _counters(
    cells: Mapping[str, str], numbers: Mapping[str, Convention], remarks: list[str]
) -> tuple[dict[str, float], bool]:
    found: dict[str, float] = {}
    hidden = False
    for name in (*WHOLE, *FRACTIONAL):
        if name not in cells or name not in numbers:
            continue
        if is_hidden(cells[name]):
            hidden = hidden or name == "subscribers"
            continue
        try:
            value = numbers[name].read(cells[name])
        except ValueError as trouble:
            raise _Refused(
                "number_is_not_readable", f"“{cells[name][:40]}” ({name.replace('_', ' ')}) {trouble}"
            ) from trouble
        if not 0 <= value <= LARGEST_COUNT:
            raise _Refused("number_is_not_plausible", f"“{cells[name][:40]}” ({name.replace('_', ' ')}) cannot be")
        if name in WHOLE and value != int(value):
            remarks.append(f"“{cells[name][:40]}” ({name.replace('_', ' ')}) is no whole number; it is rounded")
        found[name] = round(value) if name in WHOLE else value
    return found, hidden


def _edges(line: int, cells: Mapping[str, str], numbers: Mapping[str, Convention]) -> Iterator[EdgeRecord]:
    if "source" not in cells or "target" not in cells:
        raise _Refused("end_is_missing", "who follows, or who is followed, is missing")
    try:
        platform = platform_named(cells["platform"]) if "platform" in cells else None
        source, target = (_end(cells[name], platform) for name in ("source", "target"))
    except RecordMalformed as trouble:
        raise _Refused("channel_is_not_named", str(trouble)) from trouble
    if source.channel_key == target.channel_key:
        raise _Refused("nobody_follows_itself", "it starts where it ends")
    kind = EDGE_KIND_WORDS.get(folded(cells["kind"])) if "kind" in cells else EdgeKind.FOLLOWS
    if kind is None:
        raise _Refused(
            "kind_is_unknown", f"“{cells['kind'][:40]}” is no kind of evidence; there are {', '.join(EdgeKind)}"
        )
    try:
        weight = numbers["weight"].read(cells["weight"]) if "weight" in cells and "weight" in numbers else 1.0
        first, last = (instant(cells[name]) if name in cells else None for name in ("first_seen_at", "last_seen_at"))
    except ValueError as trouble:
        raise _Refused("number_is_not_readable", f"“{cells['weight'][:40]}” (weight) {trouble}") from trouble
    except RecordMalformed as trouble:
        raise _Refused("date_is_not_readable", str(trouble)) from trouble
    if not 0 < weight <= LARGEST_COUNT:
        raise _Refused("weight_is_not_positive", f"“{cells['weight'][:40]}” (weight) is not above zero")
    evidence = clean_text(cells["evidence"], LONGEST_TITLE) if "evidence" in cells else None
    yield EdgeRecord(line, source, target, kind, weight, first, last, evidence)


def _end(text: str, platform: str | None) -> Identity:
    """A channel at one end; a bare name without a platform is an id of the file's own."""
    try:
        return from_text(text, platform)
    except RecordMalformed:
        if platform is None and "://" not in text:
            return identity_of(external_id="_".join(clean_text(text).split()))
        raise


def _tried(read: Callable[[str], Found], text: str | None, remarks: list[str]) -> Found | None:
    """What a cell says, None with a remark where it is not understood: the rest of the line is still good."""
    if text is None:
        return None
    try:
        return read(text)
    except RecordMalformed as trouble:
        remarks.append(str(trouble))
        return None


def _listed(text: str) -> list[str]:
    for sign in ("|", ";", ","):
        if sign in text:
            return text.split(sign)
    return [text] if text else []

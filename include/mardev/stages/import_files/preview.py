"""What would become of a table, without writing anything: the preview that a person confirms."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from mardev.imports.records import ChannelRecord, EdgeRecord, Rejected, records
from mardev.imports.understanding import Understanding, understand

SHOWN = 10
EXAMPLES = 5


@dataclass
class Preview:
    """What was understood, and what would be kept.

    Attributes
    ----------
    good_count, rejected_count, duplicate_count : lines (a line with several links may give several channels);
        of lines that say the same channel or follow again the last one stays
    rejected : short name of the trouble to how often, with examples
    remarks : cells that were not understood although their line was, with how often
    first : the first records as they are understood
    """

    understood: Understanding
    good_count: int = 0
    rejected_count: int = 0
    duplicate_count: int = 0
    rejected: dict[str, dict[str, Any]] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For a machine, for the page, and for the warehouse."""
        return {
            "understood": self.understood.as_json(),
            "good": self.good_count,
            "rejected": self.rejected_count,
            "duplicates": self.duplicate_count,
            "troubles": self.rejected,
            "remarks": dict(self.remarks.most_common(SHOWN)),
            "first": self.first,
        }


def preview(stream: IO[bytes], kind: str | None = None) -> Preview:
    """Read a table to its end in bounded memory; the stream is rewound.

    Raises:
        FixFirst: it is no table, or none of its columns is understood.
    """
    found = Preview(understand(stream, kind))
    seen: set[int] = set()
    for record in records(stream, found.understood):
        if isinstance(record, Rejected):
            _reject(found, record)
            continue
        # A number for each key: a set of texts would be the file once more.
        key = hash(_key(record))
        found.duplicate_count += key in seen
        seen.add(key)
        found.good_count += 1
        if isinstance(record, ChannelRecord) and len(found.remarks) < 1000:
            found.remarks.update(record.remarks)
        if len(found.first) < SHOWN:
            found.first.append(shown(record))
    stream.seek(0)
    return found


def shown(record: ChannelRecord | EdgeRecord) -> dict[str, Any]:
    """A record for people: no address, which the preview need not show."""
    if isinstance(record, EdgeRecord):
        return {
            "line": record.line,
            "source": record.source.channel_key,
            "target": record.target.channel_key,
            "kind": str(record.kind),
            "weight": record.weight,
        }
    return {
        "line": record.line,
        "channel": record.identity.channel_key,
        "title": (record.title or "")[:120],
        "country": record.country,
        "language": record.language,
        "has_contact": record.email is not None,
        "subscribers": "hidden" if record.subscribers_hidden else record.counters.get("subscribers"),
        "counters": {name: value for name, value in record.counters.items() if name != "subscribers"},
    }


def _key(record: ChannelRecord | EdgeRecord) -> tuple[str, ...]:
    if isinstance(record, EdgeRecord):
        return record.source.channel_key, record.target.channel_key, str(record.kind)
    return (record.identity.channel_key,)


def _reject(found: Preview, record: Rejected) -> None:
    found.rejected_count += 1
    trouble = found.rejected.setdefault(record.rule, {"count": 0, "examples": []})
    trouble["count"] += 1
    if len(trouble["examples"]) < EXAMPLES:
        cells = dict(islice(((name, cell[:80]) for name, cell in record.cells.items()), 6))
        trouble["examples"].append({"line": record.line, "reason": record.reason, "cells": cells})

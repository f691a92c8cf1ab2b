"""People who asked to be erased are never collected nor written to again. We know them by salted hashes only."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.warehouse import tables
from mardev.warehouse.staging import Frame

CHANNEL, HANDLE, ADDRESS = "channel", "handle", "address"
WHO_IS_IN_A_ROW: Mapping[str, Mapping[str, str]] = {
    "channel": {"channel_key": CHANNEL, "handle": HANDLE},
    "contact": {"channel_key": CHANNEL, "email": ADDRESS},
    "channel_snapshot": {"channel_key": CHANNEL},
    "follow_edge": {"source_channel_key": CHANNEL, "target_channel_key": CHANNEL},
    "follow_list": {"channel_key": CHANNEL},
    "post": {"channel_key": CHANNEL},
}
"""Asset to the columns that name somebody, each with the kind of name."""


class Suppressed:
    """Whom the warehouse knows as suppressed; read once, asked often.

    Examples:
        >>> nobody = Suppressed("salt", frozenset())
        >>> ("address", "ada@example.org") in nobody
        False
    """

    def __init__(self, salt: str, hashes: frozenset[str]) -> None:
        self._salt = salt
        self._hashes = hashes

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def __contains__(self, subject: tuple[str, str | None]) -> bool:
        kind, name = subject
        return bool(self._hashes) and name is not None and hash_of(self._salt, kind, name) in self._hashes


def hash_of(salt: str, kind: str, name: str) -> str:
    """HMAC-SHA-256 of a name as it is compared: without blanks around it, an at sign before it, or capital letters.

    Channel keys keep their capitals: the platform tells them apart.
    """
    compared = name.strip() if kind == CHANNEL else name.strip().removeprefix("@").casefold()
    return hmac.new(salt.encode(), f"{kind}:{compared}".encode(), hashlib.sha256).hexdigest()


def read_suppressed(connection: sa.Connection) -> Suppressed:
    """Everybody who is suppressed, in every world."""
    hashes = frozenset(connection.scalars(sa.select(tables.suppression.c.subject_hash)))
    return Suppressed(_salt(connection), hashes) if hashes else Suppressed("", hashes)


def suppress(connection: sa.Connection, subjects: Iterable[tuple[str, str]], *, reason: str, at: datetime) -> int:
    """Never collect nor write to these (kind, name) again. Returns how many were not suppressed before."""
    salt = _salt(connection)
    rows = [
        {"subject_hash": hash_of(salt, kind, name), "kind": kind, "reason": reason, "suppressed_at": at}
        for kind, name in sorted(set(subjects))
    ]
    if not rows:
        return 0
    insert = postgresql.insert(tables.suppression).values(rows).on_conflict_do_nothing()
    return len(connection.execute(insert.returning(tables.suppression.c.subject_hash)).all())


def without_suppressed(
    suppressed: Suppressed, asset: str, rows: Iterable[Mapping[str, Any]] | Frame
) -> tuple[Iterable[Mapping[str, Any]] | Frame, int]:
    """The rows of `asset` that speak of nobody suppressed, and how many were left out."""
    columns = WHO_IS_IN_A_ROW.get(asset)
    if not suppressed or not columns:
        return rows, 0
    if isinstance(rows, Frame):
        named = [
            (kind, rows.iloc[:, list(rows.columns).index(name)])
            for name, kind in columns.items()
            if name in rows.columns
        ]
        keep = [
            not any((kind, str(values.iloc[place])) in suppressed for kind, values in named)
            for place in range(len(rows))
        ]
        return rows.iloc[[place for place, kept in enumerate(keep) if kept]], keep.count(False)
    given: Sequence[Mapping[str, Any]] = list(rows)
    kept = [row for row in given if not any((kind, row.get(name)) in suppressed for name, kind in columns.items())]
    return kept, len(given) - len(kept)


def _salt(connection: sa.Connection) -> str:
    return str(connection.execute(sa.select(tables.suppression_salt.c.salt)).scalar_one())

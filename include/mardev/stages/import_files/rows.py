"""Records of a file as rows of the warehouse, joined with what is known there already."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.imports.identity import Identity
from mardev.imports.records import ChannelRecord, EdgeRecord
from mardev.policy.sources import policy_of
from mardev.warehouse.read import query

SOURCE = "csv"
VIEW_DEFINITION = "as_supplied_in_file"
LEGAL_BASIS = "legitimate interest: address supplied to the team, see source"
KEPT = ("handle", "description", "country", "language", "topics", "picture_url", "uploads_playlist", "created_at")
COUNTERS = ("subscribers", "total_views", "post_count", "average_daily_views", "views_per_post")


class RowMaker:
    """Makes rows of plain JSON values, chunk by chunk; asks the warehouse once a chunk."""

    def __init__(self, connection: sa.Connection, world: World, file_name: str, instant: datetime) -> None:
        policy_of(SOURCE)  # a source nobody wrote a policy for is not read
        self._connection, self._world = connection, str(world)
        self._source = f"file {file_name}"
        self._instant = instant.isoformat()
        self._ends_written: set[int] = set()

    def rows(self, chunk: Sequence[ChannelRecord | EdgeRecord]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Asset and row of every record, a channel before what is said of it."""
        identities = [identity for record in chunk for identity in _identities(record)]
        known = self._known(identities)
        for record in chunk:
            if isinstance(record, EdgeRecord):
                yield from self._edge(record, known)
            else:
                yield from self._channel(record, known)

    def _known(self, identities: Sequence[Identity]) -> dict[str, Mapping[str, Any]]:
        """What the warehouse has, by the key that a file says: the channel's key, or platform and handle."""
        by_handle = [(one.platform, one.handle) for one in identities if one.handle and not one.external_id]
        rows = query(
            self._connection,
            "channels_named",
            world=self._world,
            channel_keys=sorted({one.channel_key for one in identities}),
            platforms=[platform for platform, _ in by_handle],
            handles=[handle.lstrip("@").lower() for _, handle in by_handle],
        )
        # The platform's own id beats a handle: a channel may have been known by its handle first.
        ordered = sorted(rows, key=lambda row: not row["external_id"].startswith("@"))
        known: dict[str, Mapping[str, Any]] = {row["channel_key"]: dict(row) for row in ordered}
        handles: dict[str, Mapping[str, Any]] = {row["handle_key"]: dict(row) for row in ordered if row["handle_key"]}
        for one in identities:
            if not one.external_id and one.handle:
                found = handles.get(f"{one.platform}:{one.handle.lstrip('@').lower()}")
                if found:
                    known[one.channel_key] = found
        return known

    def _channel(
        self, record: ChannelRecord, known: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        there = known.get(record.identity.channel_key)
        row = self._channel_row(record.identity, there)
        row["title"] = record.title or (there["title"] if there else record.identity.handle or row["external_id"])
        told = {
            "handle": record.identity.handle,
            "description": record.description,
            "country": record.country,
            "language": record.language,
            "topics": list(record.topics) or None,
            "created_at": record.created_at.isoformat() if record.created_at else None,
        }
        row |= {name: value for name, value in told.items() if value is not None}
        yield "channel", row
        if record.email:
            yield (
                "contact",
                {
                    "channel_key": row["channel_key"],
                    "kind": record.contact_kind,
                    "world": self._world,
                    "email": record.email,
                    "language": row["language"],
                    "source": self._source,
                    "legal_basis": LEGAL_BASIS,
                    "found_at": self._instant,
                },
            )
        if record.counters or record.subscribers_hidden:
            yield (
                "channel_snapshot",
                {
                    "channel_key": row["channel_key"],
                    "snapshot_at": self._instant,
                    "observed_at": self._instant,
                    "world": self._world,
                    **{name: record.counters.get(name) for name in COUNTERS},
                    "subscribers_hidden": record.subscribers_hidden,
                    "view_definition": VIEW_DEFINITION,
                },
            )

    def _edge(self, record: EdgeRecord, known: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
        keys = []
        for identity in (record.source, record.target):
            there = known.get(identity.channel_key)
            keys.append(there["channel_key"] if there else identity.channel_key)
            if there is None and hash(keys[-1]) not in self._ends_written:
                self._ends_written.add(hash(keys[-1]))
                row = self._channel_row(identity, None)
                yield "channel", row | {"title": identity.handle or row["external_id"]}
        last = record.last_seen_at.isoformat() if record.last_seen_at else self._instant
        first = record.first_seen_at.isoformat() if record.first_seen_at else last
        yield (
            "follow_edge",
            {
                "source_channel_key": keys[0],
                "target_channel_key": keys[1],
                "kind": str(record.kind),
                "world": self._world,
                "weight": record.weight,
                "first_seen_at": first,
                "last_seen_at": last,
                "evidence": record.evidence or self._source,
            },
        )

    def _channel_row(self, identity: Identity, there: Mapping[str, Any] | None) -> dict[str, Any]:
        """The channel with what is known of it; what a platform told keeps its dates of reading and expiry."""
        kept = {name: there[name] if there else None for name in KEPT}
        if kept["created_at"] is not None:
            kept["created_at"] = kept["created_at"].isoformat()
        external_id = there["external_id"] if there else identity.channel_key.partition(":")[2]
        return {
            "channel_key": there["channel_key"] if there else identity.channel_key,
            "world": self._world,
            "platform": identity.platform,
            "external_id": external_id,
            **kept,
            "handle": kept["handle"] or identity.handle,
            "description": kept["description"] or "",
            "topics": kept["topics"] or [],
            "title": external_id,
            "first_seen_at": self._instant,
            "refreshed_at": there["refreshed_at"].isoformat() if there else self._instant,
            "expires_at": there["expires_at"].isoformat() if there and there["expires_at"] else None,
        }


def _identities(record: ChannelRecord | EdgeRecord) -> tuple[Identity, ...]:
    return (record.source, record.target) if isinstance(record, EdgeRecord) else (record.identity,)

"""The tables that are written through a gate, each declared once: what its rows merge into and what sums them up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.warehouse import tables

Merge = Literal["known", "least", "greatest"]
"""How a column of a row that is already there meets the new value, where «take the new one» is wrong:
`known` the new one unless it is null, `least` or `greatest` of both."""


@dataclass(frozen=True)
class Asset:
    """One table behind a gate; its primary key is the key of the asset.

    A mutable asset's rows are updated when something changed, an immutable one's are written once and stay.
    `newest_by` names the instant that decides which of two readings of a mutable row is the newer; without it
    the later publication is. `rollups` are `sql/rollups/<name>.sql`, run over the rows that were new.
    """

    table: sa.Table
    is_mutable: bool
    merges: Mapping[str, Merge] = field(default_factory=dict)
    newest_by: str | None = None
    partitioned_by: str | None = None
    rollups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.primary_key.columns)

    @property
    def columns(self) -> tuple[sa.Column[object], ...]:
        """What a row brings along; the run is added by the publication."""
        return tuple(column for column in self.table.columns if column.name != "ingest_run_id")


ASSETS: Mapping[str, Asset] = {
    asset.name: asset
    for asset in (
        Asset(tables.channel, is_mutable=True, merges={"first_seen_at": "least"}, newest_by="refreshed_at"),
        Asset(tables.channel_snapshot, is_mutable=False, rollups=("channel_latest",)),
        Asset(tables.contact, is_mutable=True, newest_by="found_at"),
        Asset(tables.follow_edge, is_mutable=True, merges={"first_seen_at": "least", "last_seen_at": "greatest"}),
        Asset(tables.follow_list, is_mutable=True, newest_by="observed_at"),
        Asset(
            tables.post,
            is_mutable=True,
            merges={"placement_key": "known", "matched_by": "known"},
            newest_by="refreshed_at",
        ),
        Asset(
            tables.post_metric_snapshot,
            is_mutable=False,
            partitioned_by="snapshot_at",
            rollups=("post_day", "post_latest"),
        ),
        Asset(tables.hit, is_mutable=False, partitioned_by="hit_at"),
        Asset(tables.conversion, is_mutable=True),
        Asset(tables.session_report, is_mutable=True),
        Asset(tables.system_check, is_mutable=False),
    )
}


def asset_named(name: str) -> Asset:
    """The asset `name`.

    Raises:
        FixFirst: no table of that name is behind a gate.
    """
    if name not in ASSETS:
        raise FixFirst(f"{name} is not an asset behind a gate; those are {', '.join(sorted(ASSETS))}.")
    return ASSETS[name]

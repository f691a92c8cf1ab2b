"""The instant before which each source's data must be gone, as one SQL expression."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.policy.retention import oldest_kept, strictest_kept
from mardev.policy.sources import POLICIES, DataKind
from mardev.warehouse.tables.base import INSTANT

Ended = tuple[str, str, int]
"""Place, what was done there (``deleted``, ``blanked``), how many rows or files."""


@dataclass(frozen=True)
class Limits:
    """What must be gone from one world at one instant.

    Attributes:
        until: the instant by which it must be gone.
        approvals: platform to the reference of its approval.
    """

    world: World
    until: datetime
    approvals: Mapping[str, str]

    @property
    def strictest(self) -> datetime:
        """The limit where answers of all sources lie together."""
        return strictest_kept(self.until)

    def oldest_kept(self, source_column: sa.ColumnElement[Any], kind: DataKind) -> sa.ColumnElement[Any]:
        """The limit of the source that a column names (``youtube`` or ``youtube:UC…``); null where none applies."""
        limits = {
            source: sa.literal(
                oldest_kept(source, self.until, kind=kind, approval_reference=self.approvals.get(source)), INSTANT
            )
            for source in POLICIES
        }
        unknown = sa.literal(oldest_kept("", self.until), INSTANT)
        return sa.case(limits, value=sa.func.split_part(source_column, ":", 1), else_=unknown)

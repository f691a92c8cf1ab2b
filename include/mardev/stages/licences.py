"""What the platforms approved: read from the connections, asked by every step that keeps, scores or lets expire."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.policy.retention import expires_at, may_score
from mardev.policy.sources import POLICIES, DataKind, SourceClass
from mardev.stages.context import StageContext
from mardev.warehouse import tables

APPROVAL = "approval_reference"
"""Extra field of a platform's connection: the platform's own reference of its approval."""

AVERAGES = ("average_daily_views", "views_per_post", "posts_per_week")


def approval_reference(context: StageContext, source: str) -> str | None:
    """The approval that the connection ``mardev_<source>`` carries; None without one, or without a connection."""
    try:
        written = context.record(f"mardev_{source}").extra.get(APPROVAL)
    except FixFirst:
        return None
    return str(written).strip() or None if written is not None else None


def approvals(context: StageContext) -> Mapping[str, str]:
    """Platform to approval reference, for every platform that gave one."""
    platforms = [name for name, policy in POLICIES.items() if policy.source_class is SourceClass.PLATFORM_PUBLIC]
    found = {name: approval_reference(context, name) for name in platforms}
    return {name: reference for name, reference in found.items() if reference}


def recorded_approvals(connection: sa.Connection, world: World) -> Mapping[str, str]:
    """The approvals that plans of `world` were made with: for a world whose connections are not in use now."""
    plan = tables.plan
    bases = connection.scalars(sa.select(plan.c.score_basis).where(plan.c.world == str(world)))
    return {source: reference for basis in bases for source, reference in basis.get("approvals", {}).items()}


def scores_allowed(context: StageContext, source: str) -> bool:
    """Whether scores and averages may be computed from what `source` told, in the world of this run."""
    return may_score(source, world=context.world, approval_reference=approval_reference(context, source))


def ends_at(
    context: StageContext, source: str, observed_at: datetime, kind: DataKind = DataKind.CONTENT
) -> datetime | None:
    """Instant by which what `source` told at `observed_at` must be refreshed or deleted."""
    return expires_at(source, observed_at, kind=kind, approval_reference=approval_reference(context, source))


def without_averages(snapshots: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of `channel_snapshot` with the platform's own counters alone: an average of them is a derived metric."""
    for row in snapshots:
        yield {name: None if name in AVERAGES else value for name, value in row.items()}

"""Compares what was planned with what was counted when the platform changed its definition of a view in between."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.economics.view_epochs import (
    ViewBridge,
    ViewComparison,
    ViewFigure,
    compare_views,
    daily_views,
    fit_bridge,
)
from mardev.errors import ViewDefinitionsDiffer
from mardev.warehouse import tables

WINDOW = timedelta(days=28)


@dataclass(frozen=True)
class DefinitionsInUse:
    """By which definitions the plan of an iteration forecast its views, and by which its posts were counted."""

    planned: frozenset[str]
    counted: frozenset[str]

    @property
    def differ(self) -> bool:
        return len(self.planned | self.counted) > 1


def definitions_in_use(connection: sa.Connection, iteration_key: str) -> DefinitionsInUse:
    """What the chosen rows of the plan and the newest counters of the posts say of themselves."""
    row, placement, post, latest = tables.plan_row, tables.placement, tables.post, tables.post_latest
    planned = connection.scalars(
        sa.select(row.c.view_definition).where(
            row.c.iteration_key == iteration_key, row.c.choice == "chosen", row.c.view_definition.is_not(None)
        )
    )
    counted = connection.scalars(
        sa.select(latest.c.view_definition)
        .join(post, post.c.post_key == latest.c.post_key)
        .join(placement, placement.c.placement_key == post.c.placement_key)
        .where(placement.c.iteration_key == iteration_key)
    )
    return DefinitionsInUse(frozenset(planned), frozenset(counted))


def compare_with_plan(
    connection: sa.Connection,
    iteration_key: str,
    world: World,
    *,
    planned_views: float,
    counted_views: float,
    now: datetime,
) -> ViewComparison:
    """Counted by planned views; across one change of definition with a bridge fitted from the posts we know.

    Raises:
        ViewDefinitionsDiffer: several definitions meet and no bridge can be fitted: says what and when.
    """
    used = definitions_in_use(connection, iteration_key)
    old, new = min(used.planned, default=""), min(used.counted, default="")
    before = ViewFigure(planned_views, old or new, now.date())
    after = ViewFigure(counted_views, new or old, now.date())
    if not used.differ:
        return compare_views(before, after)
    if len(used.planned) > 1 or len(used.counted) > 1:
        raise ViewDefinitionsDiffer(
            f"Views of {iteration_key} were planned by {_names(used.planned)} and counted by {_names(used.counted)}: "
            "figures of several definitions are neither added up nor compared. Look at each post alone."
        )
    return compare_views(before, after, bridge_of(connection, world, old, new))


def bridge_of(connection: sa.Connection, world: World, from_definition: str, to_definition: str) -> ViewBridge | None:
    """The factor between two definitions, fitted from the counters of posts that cross the change; None without enough.

    The change is the first day on which anything was counted by the new definition.
    """
    table = tables.post_metric_snapshot
    readings = connection.execute(
        sa.select(table.c.post_key, table.c.snapshot_at, table.c.views, table.c.view_definition)
        .where(
            table.c.world == str(world),
            table.c.views.is_not(None),
            table.c.view_definition.in_([from_definition, to_definition]),
        )
        .order_by(table.c.post_key, table.c.snapshot_at)
    ).all()
    changed_at = min((row.snapshot_at for row in readings if row.view_definition == to_definition), default=None)
    if changed_at is None:
        return None
    counted: dict[str, dict[object, ViewFigure]] = defaultdict(dict)
    for row in readings:
        if abs(row.snapshot_at - changed_at) <= WINDOW:
            day = row.snapshot_at.date()
            counted[row.post_key][day] = ViewFigure(float(row.views), row.view_definition, day)
    series = {post_key: daily_views(list(days.values())) for post_key, days in counted.items()}
    try:
        return fit_bridge(
            series, from_definition=from_definition, to_definition=to_definition, changed_on=changed_at.date(),
            window_days=WINDOW.days,
        )  # fmt: skip
    except ValueError:
        return None


def _names(definitions: Iterable[str]) -> str:
    return ", ".join(sorted(definitions)) or "none"

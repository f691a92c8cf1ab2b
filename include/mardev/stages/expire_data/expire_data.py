"""Lets what the platforms told us end on time, everywhere: tables, rollups, raw answers, stages, pictures, exports."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.clock import WallClock
from mardev.domain.words import World
from mardev.policy.column_map import LICENCES
from mardev.stages.context import StageContext
from mardev.stages.cursors import move_cursor
from mardev.stages.expire_data.files import expire_files
from mardev.stages.expire_data.limits import Ended, Limits
from mardev.stages.expire_data.refresh import refresh_what_is_needed
from mardev.stages.expire_data.rows import expire_rows, expire_stages
from mardev.stages.licences import approvals, recorded_approvals
from mardev.warehouse import tables

CURSOR = "expire_data"
AHEAD = timedelta(hours=12)
"""What would end before the next runs ends now: half a day of outage breaks no term."""
ORDER = (
    "core.follow_edge", "core.follow_list", "core.same_creator", "core.channel_rank", "core.vertical_event",
    "core.vertical", "core.audience_quality", "mart.channel_latest",
    "core.channel_snapshot", "mart.post_day", "mart.post_latest", "core.post_metric_snapshot", "core.kpi_target",
    "core.post", "core.contact", "core.channel", "dq.quarantined_row", "dq.expectation_result", "ops.crawl_item",
    "ops.raw_payload",
)  # fmt: skip
"""Tables that hold what a platform told, what refers to a row before the row: an address ends before its channel."""


def expire_data(context: StageContext) -> dict[str, Any]:
    """Read again what is needed, then end what is over. Repeating it at the same instant changes nothing.

    Returns:
        Creators and posts read again; per place how many rows or files ended.
    """
    now, wall = context.clock.now(), WallClock().now()
    until = now + AHEAD
    refreshed = refresh_what_is_needed(context, until)
    ended: dict[str, int] = {}
    for limits in _worlds(context, until, wall + AHEAD):
        for place, _, count in _expire_world(context, limits, now):
            ended[place] = ended.get(place, 0) + count
    with context.warehouse.begin() as connection:
        files = expire_files(connection, context.settings, until, wall + AHEAD)
        _note(connection, context.world, now, files)
        move_cursor(connection, CURSOR, context.world, now.isoformat(), now)
    ended |= {place: count for place, _, count in files}
    context.log.info("Ended: %s", ended or "nothing")
    return {"refreshed": refreshed, "ended": ended}


def _worlds(context: StageContext, until: datetime, wall_until: datetime) -> Iterator[Limits]:
    """The world of this run; and the live one, whose terms go on while the clock is a simulated world's."""
    yield Limits(context.world, until, approvals(context))
    if context.world is not World.LIVE:
        with context.warehouse.connect() as connection:
            known = recorded_approvals(connection, World.LIVE)
        yield Limits(World.LIVE, wall_until, known)


def _expire_world(context: StageContext, limits: Limits, now: datetime) -> Iterator[Ended]:
    """Each table in a transaction of its own, so that one that is locked leaves the others free to end."""
    for table in ORDER:
        with context.warehouse.begin() as connection:
            ended = expire_rows(connection, table, limits)
            _note(connection, limits.world, now, ended)
        yield from ended
    with context.warehouse.begin() as connection:
        ended = expire_stages(connection, limits)
        _note(connection, limits.world, now, ended)
    yield from ended


def _note(connection: sa.Connection, world: World, at: datetime, ended: Iterable[Ended]) -> None:
    """Write down what ended, as a proof that terms were kept."""
    table = tables.expiry
    for place, action, count in ended:
        row = {"world": str(world), "expired_at": at, "place": place, "action": action, "row_count": count}
        insert = postgresql.insert(table).values(row)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["world", "expired_at", "place", "action"],
                set_={"row_count": table.c.row_count + insert.excluded.row_count},
            )
        )


def unhandled_tables() -> set[str]:
    """Tables of the map that hold expiring data and are not in `ORDER`; a test wants none."""
    return {name for name, licence in LICENCES.items() if licence.expiry is not None} ^ set(ORDER)

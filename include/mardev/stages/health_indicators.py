"""How the business does in an iteration's markets, measured alike before and after."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from mardev.stages.clients import analytics
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row
from mardev.stages.publishing import Unreadable, stage_batch
from mardev.warehouse.read import query

KEY_COLUMNS = ("world", "day_on", "utm_source", "utm_campaign", "utm_content")


def measure_health(
    connection: sa.Connection, iteration: Row, counted_from: datetime, counted_to: datetime
) -> dict[str, Decimal | None]:
    """Value of each health indicator between two instants; None where nothing was measured."""
    (row,) = query(
        connection,
        "health_of_markets",
        world=iteration["world"],
        markets=iteration["markets"],
        conversion_kind=iteration["conversion_kind"],
        counted_from=counted_from,
        counted_to=counted_to,
    )
    return {key: Decimal(value) if value is not None else None for key, value in row.items()}


def stage_sessions(context: StageContext, first_day: date, last_day: date) -> int:
    """Stage the analytics' sessions of some days. Returns the `ingest_run_id`."""
    unreadable = Unreadable()
    with analytics(context, on_malformed=unreadable) as client:
        rows = [
            {
                "world": str(context.world),
                "day_on": session.day_on,
                "utm_source": session.utm_source or "",
                "utm_campaign": session.utm_campaign or "",
                "utm_content": session.utm_content or "",
                "sessions": session.sessions,
                "key_events": session.key_events,
            }
            for session in client.sessions_by_content(first_day, last_day)
        ]
    return stage_batch(
        context, "session_report", _summed(rows), snapshot_at=context.clock.now(), unreadable=unreadable.records
    )


def _summed(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """One row a key: the report splits by medium, which the warehouse does not keep."""
    summed: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        known = summed.setdefault(tuple(row[name] for name in KEY_COLUMNS), row | {"sessions": 0, "key_events": 0})
        for counter in ("sessions", "key_events"):
            known[counter] = int(str(known[counter])) + int(str(row[counter]))
    return list(summed.values())

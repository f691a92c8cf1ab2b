"""Measures everything that is live: counters of posts, hits on links, orders, sessions, and who gets credit."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql

from mardev.connectors.shlink import VisitRecord
from mardev.stages.clients import shlink, youtube
from mardev.stages.context import StageContext
from mardev.stages.conversions import stage_orders
from mardev.stages.cursors import move_cursor, read_cursor
from mardev.stages.health_indicators import stage_sessions
from mardev.stages.lookups import Row
from mardev.stages.publishing import Unreadable, gate_and_publish, stage_batch
from mardev.stages.snapshots import stage_snapshots
from mardev.tracking.clicks import Visit, judge_hits
from mardev.tracking.credit import ConversionSeen, CreditablePlacement, credit_conversions
from mardev.warehouse import tables
from mardev.warehouse.read import query

CURSOR = "hits_and_orders"
READ_AGAIN = timedelta(hours=2)
"""Overlap of two readings, for orders and hits that arrive late; known rows stay as they are."""
SESSIONS_SETTLE_WITHIN = timedelta(days=3)
CREDIT_WINDOW = timedelta(days=30)


def refresh_metrics(context: StageContext) -> dict[str, Any]:
    """Measure what is due at the clock's instant. Repeating it at the same instant changes nothing."""
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        due = query(connection, "posts_due_for_snapshot", now=now, world=str(context.world))
        links = query(connection, "links_in_flight", now=now, world=str(context.world))
        position = read_cursor(connection, CURSOR, context.world)
    staged = []
    if due:
        unreadable = Unreadable()
        with youtube(context, on_malformed=unreadable) as client:
            posts = {row["external_id"]: row["post_key"] for row in due}
            staged.append(stage_snapshots(context, client, posts, unreadable))
        staged.append(stage_sessions(context, (now - SESSIONS_SETTLE_WITHIN).date(), now.date()))
    if links:
        since = datetime.fromisoformat(position) - READ_AGAIN if position else min(link["created_at"] for link in links)
        staged.append(_stage_hits(context, links, since))
        staged.append(stage_orders(context, since))
    counts = {report.asset: report.staged for report in gate_and_publish(context, staged)}
    if links:
        counts["credit"] = _credit(context)
        with context.warehouse.begin() as connection:
            move_cursor(connection, CURSOR, context.world, now.isoformat(), now)
    return counts


def _stage_hits(context: StageContext, links: Sequence[Row], since: datetime) -> int:
    rows: list[dict[str, Any]] = []
    unreadable = Unreadable()
    with shlink(context, on_malformed=unreadable) as client:
        for link in links:
            visits = list(client.visits(link["short_code"], since=since))
            rows.extend(_hit_rows(context, link, visits))
    return stage_batch(context, "hit", rows, snapshot_at=context.clock.now(), unreadable=unreadable.records)


def _hit_rows(context: StageContext, link: Row, visits: list[VisitRecord]) -> Iterator[dict[str, Any]]:
    judged = judge_hits(
        [
            Visit(
                short_code=visit.short_code,
                visited_at=visit.visited_at,
                user_agent=visit.user_agent or "",
                is_marked_bot=visit.potential_bot,
            )
            for visit in visits
        ]
    )
    for visit, exclusion in zip(visits, judged, strict=True):
        yield {
            "hit_key": visit.visit_key,
            "hit_at": visit.visited_at,
            "world": str(context.world),
            "short_code": visit.short_code,
            "placement_key": link["placement_key"],
            "country": visit.country,
            "is_click": exclusion is None,
            "exclusion": str(exclusion) if exclusion else None,
        }


def _credit(context: StageContext) -> int:
    """Give each uncredited conversion to the placement whose code or link it carries. One sale, one credit."""
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        placements = [
            CreditablePlacement(
                placement_key=row["placement_key"],
                promo_code=row["promo_code"],
                counts_from=row["enabled_at"],
                counts_until=row["window_to"] + CREDIT_WINDOW,
            )
            for row in query(connection, "creditable_placements", world=str(context.world))
        ]
        conversions = [
            ConversionSeen(
                conversion_key=row["conversion_key"],
                converted_at=row["converted_at"],
                promo_code=row["promo_code"],
                utm_content=row["utm_content"],
                is_test=row["is_test"],
            )
            for row in query(connection, "uncredited_conversions", world=str(context.world))
        ]
        credits = [
            {
                "conversion_key": credit.conversion_key,
                "placement_key": credit.placement_key,
                "world": str(context.world),
                "given_by": credit.given_by,
                "credited_at": now,
            }
            for credit in credit_conversions(conversions, placements)
        ]
        if credits:
            connection.execute(postgresql.insert(tables.credit).on_conflict_do_nothing(), credits)
    return len(credits)

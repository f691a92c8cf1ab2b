"""Rows of the assets behind a gate, and a warehouse with what they refer to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.warehouse import tables
from mardev.warehouse.staging import IngestRun, open_run, stage_rows

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


def channel_row(external_id: str = "UC1", **changes: Any) -> dict[str, Any]:
    return {
        "channel_key": f"youtube:{external_id}",
        "world": "sandbox",
        "platform": "youtube",
        "external_id": external_id,
        "handle": "@ann",
        "title": 'Ann "plays"\tand \\ talks\n日本',
        "description": "",
        "country": "JP",
        "language": "ja",
        "topics": ["games", 'a "b", {c}'],
        "first_seen_at": NOW,
        "refreshed_at": NOW,
        "expires_at": NOW + timedelta(days=30),
        **changes,
    }


def snapshot_row(external_id: str = "p1", **changes: Any) -> dict[str, Any]:
    return {
        "post_key": f"youtube:{external_id}",
        "snapshot_at": NOW,
        "observed_at": NOW,
        "world": "sandbox",
        "views": 100,
        "likes": 10,
        "comments": 1,
        "view_definition": "youtube_views",
        **changes,
    }


def post_row(external_id: str = "p1", **changes: Any) -> dict[str, Any]:
    return {
        "post_key": f"youtube:{external_id}",
        "world": "sandbox",
        "platform": "youtube",
        "external_id": external_id,
        "channel_key": "youtube:UC1",
        "placement_key": None,
        "matched_by": None,
        "title": "A game",
        "url": f"https://video.example/{external_id}",
        "published_at": NOW - timedelta(days=1),
        "refreshed_at": NOW,
        **changes,
    }


VALID_ROWS: dict[str, dict[str, Any]] = {
    "channel": channel_row("UC2"),
    "channel_snapshot": {
        "channel_key": "youtube:UC1",
        "snapshot_at": NOW,
        "observed_at": NOW,
        "world": "sandbox",
        "subscribers": 1000,
        "subscribers_hidden": False,
        "total_views": 5,
        "post_count": 2,
        "average_daily_views": 1.5,
        "views_per_post": 30.0,
        "view_definition": "youtube_views",
    },
    "contact": {
        "channel_key": "youtube:UC1",
        "kind": "creator",
        "world": "sandbox",
        "email": "ann@ann.example",
        "language": "pt-BR",
        "source": "channel description",
        "legal_basis": "legitimate interest",
        "found_at": NOW,
    },
    "follow_edge": {
        "source_channel_key": "youtube:UC1",
        "target_channel_key": "youtube:UC9",
        "kind": "subscribes",
        "world": "sandbox",
        "weight": 1.0,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "evidence": "subscription list",
    },
    "follow_list": {
        "channel_key": "youtube:UC1",
        "kind": "subscribes",
        "world": "sandbox",
        "state": "hidden",
        "observed_at": NOW,
    },
    "post": post_row("p2"),
    "post_metric_snapshot": snapshot_row("p1"),
    "hit": {
        "hit_key": "h1",
        "hit_at": NOW,
        "world": "sandbox",
        "short_code": "abc",
        "placement_key": None,
        "country": "DE",
        "is_click": False,
        "exclusion": "bot",
    },
    "conversion": {
        "conversion_key": "shop:1",
        "world": "sandbox",
        "converted_at": NOW,
        "kind": "purchase",
        "market": "DE",
        "promo_code": "ANN10",
        "utm_content": "autumn-1",
        "is_test": False,
        "revenue_amount": Decimal("9.9900"),
        "revenue_currency": "EUR",
    },
    "session_report": {
        "world": "sandbox",
        "day_on": NOW.date(),
        "utm_source": "youtube",
        "utm_campaign": "autumn",
        "utm_content": "autumn-1",
        "sessions": 3,
        "key_events": 1,
    },
    "system_check": {
        "system_key": "shop",
        "market": "DE",
        "checked_at": NOW,
        "world": "sandbox",
        "is_healthy": True,
        "latency_ms": 12.5,
        "detail": "",
    },
}


def fill_parents(engine: sa.Engine) -> None:
    """A channel ``youtube:UC1``, a post ``youtube:p1`` of it, a system ``shop``."""
    with engine.begin() as connection:
        connection.execute(sa.insert(tables.channel).values(ingest_run_id=0, **channel_row("UC1")))
        connection.execute(sa.insert(tables.post).values(ingest_run_id=0, **post_row("p1")))
        connection.execute(
            sa.insert(tables.system).values(
                system_key="shop", name="Shop", owner="IT", purpose="sells", activities=["create"]
            )
        )


def staged_run(
    engine: sa.Engine,
    asset: str,
    rows: Any,
    *,
    label: str = "refresh/run_1/collect",
    world: World = World.SANDBOX,
) -> IngestRun:
    run = open_run(engine, asset, world, None, label, NOW)
    with engine.begin() as connection:
        stage_rows(connection, run, rows)
    return run


def gated_run(
    engine: sa.Engine, asset: str, rows: Any, *, flagged_count: int | None = None, **options: Any
) -> IngestRun:
    """A staged run whose gate was passed, without asking one; `flagged_count` 0 says that the gate found no bad row."""
    run = staged_run(engine, asset, rows, **options)
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.ingest_run)
            .where(tables.ingest_run.c.ingest_run_id == run.ingest_run_id)
            .values(state="gated", flagged_count=flagged_count)
        )
    return run


def row_count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

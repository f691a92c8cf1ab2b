"""Results across a change of what counts as a view: bridged where posts cross it, refused where none do."""

import math
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mardev.domain.words import World
from mardev.errors import ViewDefinitionsDiffer
from mardev.stages.plan.shortlist_creators import shortlist_creators
from mardev.stages.view_epochs import bridge_of, compare_with_plan
from mardev.warehouse import tables

CHANGED_AT = datetime(2026, 8, 27, tzinfo=UTC)
OLD, NEW = "youtube:watched", "youtube:started"


def write_counters(connection, factor):
    """Twelve posts, counted each day for three weeks on either side."""
    connection.execute(sa.text("SELECT ops.ensure_month_partitions('core.post_metric_snapshot', '2026-08-01', 2)"))
    rows = []
    for number in range(12):
        views = 10_000.0
        for day in range(-21, 22):
            at = CHANGED_AT + timedelta(days=day)
            views += 900 * math.exp(-0.02 * day + 0.05 * math.sin(number * 7 + day)) * (factor if day > 0 else 1)
            rows.append(
                {"post_key": f"youtube:v{number}", "snapshot_at": at, "observed_at": at, "world": "live",
                 "views": round(views), "likes": 1, "comments": 1, "view_definition": NEW if day >= 0 else OLD,
                 "ingest_run_id": 1}
            )  # fmt: skip
    connection.execute(sa.insert(tables.post_metric_snapshot), rows)


def plan_and_count(live, planned, counted):
    """A plan forecast by one definition, and one live post counted by another."""
    key = live.context.iteration_key
    shortlist_creators(live.approved("AMD-7"))
    with live.context.warehouse.begin() as connection:
        connection.execute(sa.update(tables.plan_row).values(view_definition=planned))
        (row,) = connection.execute(
            sa.select(tables.plan_row).where(tables.plan_row.c.choice == "chosen").limit(1)
        ).mappings()  # fmt: skip
        connection.execute(
            sa.insert(tables.deal).values(
                deal_key=f"{key}/1", iteration_key=key, channel_key=row["channel_key"], world="live", approach_order=1,
                state="accepted", offered_amount=1, agreed_amount=1, currency="EUR", offered_at=CHANGED_AT,
                answer_due_at=CHANGED_AT,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(tables.placement).values(
                placement_key=f"{key}-1", iteration_key=key, deal_key=f"{key}/1", channel_key=row["channel_key"],
                world="live", integration_type="short", window_from=CHANGED_AT, booked_amount=1, booked_currency="EUR",
                window_to=CHANGED_AT + timedelta(days=1), created_at=CHANGED_AT,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(tables.post).values(
                post_key="youtube:v1", world="live", platform="youtube", external_id="v1", title="", url="",
                channel_key=row["channel_key"], placement_key=f"{key}-1", published_at=CHANGED_AT,
                refreshed_at=CHANGED_AT, ingest_run_id=1,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(tables.post_latest).values(
                post_key="youtube:v1", snapshot_at=CHANGED_AT, views=1500, view_definition=counted
            )
        )


def compared(live):
    with live.context.warehouse.connect() as connection:
        return compare_with_plan(
            connection, live.context.iteration_key, World.LIVE, planned_views=1000.0, counted_views=1500.0,
            now=CHANGED_AT,
        )  # fmt: skip


def test_plan_and_counters_of_one_definition_are_compared_as_they_are(live):
    plan_and_count(live, NEW, NEW)
    assert (compared(live).ratio, compared(live).is_bridged) == (1.5, False)


def test_without_posts_that_cross_the_change_the_comparison_is_refused(live):
    plan_and_count(live, OLD, NEW)
    with pytest.raises(ViewDefinitionsDiffer, match=r"youtube:started.*youtube:watched"):
        compared(live)


def test_with_posts_that_cross_the_change_it_is_bridged_with_a_stated_error(live):
    plan_and_count(live, OLD, NEW)
    with live.context.warehouse.begin() as connection:
        write_counters(connection, factor=1.5)
        bridge = bridge_of(connection, World.LIVE, OLD, NEW)
        assert bridge_of(connection, World.SANDBOX, OLD, NEW) is None
    assert bridge.low <= 1.5 <= bridge.high
    assert compared(live).is_bridged
    assert compared(live).low <= 1.0 <= compared(live).high
    assert "what counts as a view" in compared(live).sentence

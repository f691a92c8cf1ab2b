"""What ends when: by kind, by approval, by source, by world; and what the traps are."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.creator_rows import NOW
from mardev.clock import FixedClock, WallClock
from mardev.domain.words import World
from mardev.stages.expire_data.expire_data import expire_data
from mardev.stages.publishing import publish_batch
from mardev.stages.suppression import ADDRESS, CHANNEL, read_suppressed, suppress
from mardev.warehouse import tables
from mardev.warehouse.staging import open_run, stage_rows

FIRST, SECOND = "youtube:UC0000000", "youtube:UC0000001"


def at(context, when, home):
    return replace(context, clock=FixedClock(when), settings=replace(context.settings, home=home))


def value(context, question, **parameters):
    with context.warehouse.connect() as connection:
        return connection.execute(sa.text(question), parameters).scalar()


def snapshot(days, **changed):
    return {
        "channel_key": FIRST, "snapshot_at": NOW + timedelta(days=days), "observed_at": NOW + timedelta(days=days),
        "world": "live", "subscribers": 120_000, "subscribers_hidden": False, "total_views": 9_000_000,
        "post_count": 90, "average_daily_views": None, "views_per_post": None, "view_definition": "youtube:started",
    } | changed  # fmt: skip


def test_an_average_ends_with_the_posts_it_was_made_of_not_with_the_counters_beside_it(live, tmp_path):
    context = live.context
    first = [snapshot(1, average_daily_views=777.0, views_per_post=999.0)]
    publish_batch(context, "channel_snapshot", first, part="a", snapshot_at=NOW + timedelta(days=1))
    publish_batch(context, "channel_snapshot", [snapshot(25)], part="b", snapshot_at=NOW + timedelta(days=25))
    latest = "SELECT {} FROM mart.channel_latest WHERE channel_key = :key"
    assert value(context, latest.format("average_daily_views"), key=FIRST) == 777.0
    expire_data(at(context, NOW + timedelta(days=32), tmp_path))
    assert value(context, latest.format("subscribers"), key=FIRST) == 120_000
    assert value(context, latest.format("average_daily_views"), key=FIRST) is None
    assert value(context, latest.format("view_definition"), key=FIRST) is None


def test_with_an_approval_statistics_stay_and_content_ends(live, tmp_path):
    approved = live.approved("AMD-2026-7")
    publish_batch(approved, "channel_snapshot", [snapshot(0)])
    expire_data(at(approved, NOW + timedelta(days=31), tmp_path))
    assert value(approved, "SELECT count(*) FROM core.channel_snapshot") == 1
    assert value(approved, "SELECT count(*) FROM core.channel_rank") > 0
    assert value(approved, "SELECT count(*) FROM core.follow_edge") == 0
    expire_data(at(approved, NOW + timedelta(days=36 * 30 + 1), tmp_path))
    assert value(approved, "SELECT count(*) FROM core.channel_snapshot") == 0
    assert value(approved, "SELECT count(*) FROM core.channel_rank") == 0


def test_on_day_29_nothing_ends(live, tmp_path):
    publish_batch(live.context, "channel_snapshot", [snapshot(0)])
    assert expire_data(at(live.context, NOW + timedelta(days=29), tmp_path))["ended"] == {}
    assert expire_data(at(live.context, NOW + timedelta(days=30), tmp_path))["ended"]["core.channel_snapshot"] == 1


def test_a_live_world_ends_on_time_while_the_clock_is_a_simulated_worlds(live, tmp_path):
    long_ago = WallClock().now() - timedelta(days=40)
    with live.context.warehouse.begin() as connection:
        connection.execute(
            sa.update(tables.follow_edge).values(first_seen_at=long_ago, last_seen_at=long_ago)
        )  # fmt: skip
    sandbox = replace(at(live.context, NOW - timedelta(days=400), tmp_path), world=World.SANDBOX)
    assert expire_data(sandbox)["ended"]["core.follow_edge"] == 500


def test_a_source_without_a_policy_is_treated_like_the_strictest(live, tmp_path):
    with live.context.warehouse.begin() as connection:
        connection.execute(
            sa.text("UPDATE core.follow_edge SET source_channel_key = 'nowhere:' || source_channel_key")
        )  # fmt: skip
    assert expire_data(at(live.context, NOW + timedelta(days=31), tmp_path))["ended"]["core.follow_edge"] == 500


def test_a_stage_that_a_blocked_run_left_behind_ends_too(live, tmp_path):
    run = open_run(live.context.warehouse, "channel_snapshot", World.LIVE, None, "left/behind", NOW)
    with live.context.warehouse.begin() as connection:
        stage_rows(connection, run, [snapshot(0)])
    expire_data(at(live.context, NOW + timedelta(days=31), tmp_path))
    assert value(live.context, "SELECT count(*) FROM pg_tables WHERE schemaname = 'stg'") == 0
    state = "SELECT state FROM ops.ingest_run WHERE ingest_run_id = :number"
    assert value(live.context, state, number=run.ingest_run_id) == "failed"


def test_a_quarantined_row_keeps_its_reason_loses_its_content_and_is_settled(live, tmp_path):
    with live.context.warehouse.connect() as connection:
        keys = connection.scalars(sa.select(tables.channel.c.channel_key)).all()
    rows = [snapshot(0, channel_key=key, subscribers=-5 if key == FIRST else 7) for key in keys]
    publish_batch(live.context, "channel_snapshot", rows)
    assert "-5" in str(value(live.context, "SELECT payload FROM dq.quarantined_row"))
    expire_data(at(live.context, NOW + timedelta(days=31), tmp_path))
    assert value(live.context, "SELECT payload FROM dq.quarantined_row") == {}
    assert value(live.context, "SELECT resolution FROM dq.quarantined_row") == "discarded"
    assert value(live.context, "SELECT cardinality(rules) FROM dq.quarantined_row") > 0


def test_a_name_in_the_wishes_ends_with_its_channel(live, tmp_path):
    with live.context.warehouse.begin() as connection:
        title = connection.scalar(sa.text("SELECT title FROM core.channel WHERE channel_key = :key"), {"key": FIRST})
        connection.execute(sa.update(tables.channel).values(expires_at=NOW + timedelta(days=30)))
        wishes = [{"named_in": "never", "channel_key": FIRST, "name": title}, {"channel_key": None, "name": "@me"}]
        connection.execute(
            sa.insert(tables.plan).values(
                iteration_key=live.context.iteration_key, world="live", message="",
                graph_run_key=f"{live.context.iteration_key}/graph", head_count=1, tolerance_share=0, audience_size=1,
                expected_reach=1, proposed_at=NOW,
                wishes=wishes,
            )
        )  # fmt: skip
    expire_data(at(live.context, NOW + timedelta(days=31), tmp_path))
    assert value(live.context, "SELECT count(*) FROM core.channel") == 0
    kept = value(live.context, "SELECT wishes FROM core.plan")
    assert [wish["name"] for wish in kept] == [FIRST, "@me"]


@pytest.mark.parametrize("as_frame", [False, True])
def test_rows_about_people_who_are_suppressed_are_left_out_of_every_batch(live, as_frame):
    with live.context.warehouse.begin() as connection:
        assert suppress(connection, [(CHANNEL, FIRST), (ADDRESS, "Ada@Creators.example")], reason="asked", at=NOW) == 2
        assert suppress(connection, [(CHANNEL, FIRST)], reason="asked", at=NOW) == 0
        suppressed = read_suppressed(connection)
        stored = connection.scalars(sa.select(tables.suppression.c.subject_hash)).all()
    assert (ADDRESS, " ada@creators.example ") in suppressed
    assert (ADDRESS, None) not in suppressed
    assert all(len(one) == 64 and "ada" not in one for one in stored)
    rows = [snapshot(0), snapshot(0, channel_key=SECOND)]
    if as_frame:
        import pandas as pd

        rows = pd.DataFrame(rows)
    assert publish_batch(live.context, "channel_snapshot", rows).staged == 1

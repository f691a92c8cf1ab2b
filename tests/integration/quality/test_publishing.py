"""Stage, gate and publish as stage steps call them."""

from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa
from tests.builders.batches import NOW, VALID_ROWS, channel_row, fill_parents, row_count, snapshot_row
from tests.builders.contexts import stage_context

from mardev.errors import FixFirst, GateBlocked
from mardev.stages.context import RunLabel
from mardev.stages.publishing import (
    gate_and_publish,
    gate_runs,
    publish_batch,
    publish_runs,
    snapshot_instant,
    stage_batch,
)
from mardev.warehouse.tables import channel, contact, incident, ingest_run, post_metric_snapshot


def ledger(engine):
    with engine.connect() as connection:
        return connection.execute(sa.select(ingest_run).order_by(ingest_run.c.ingest_run_id)).all()


def open_incidents(engine):
    with engine.connect() as connection:
        return connection.scalars(sa.select(incident.c.incident_key).where(incident.c.closed_at.is_(None))).all()


def test_one_call_brings_rows_all_the_way(engine, clock):
    fill_parents(engine)
    report = publish_batch(stage_context(engine, clock), "post_metric_snapshot", [snapshot_row("p1")])
    assert report.as_json() == {
        "ingest_run_id": 1,
        "asset": "post_metric_snapshot",
        "decision": "publish",
        "staged": 1,
        "quarantined": 0,
        "inserted": 1,
        "updated": 0,
    }
    [run] = ledger(engine)
    assert (run.run_label, run.state, run.snapshot_at) == ("plan/test_run/test_task", "published", NOW)


def test_a_data_frame_is_taken_as_well(engine, clock):
    fill_parents(engine)
    frame = pd.DataFrame([snapshot_row("p1"), snapshot_row("p1", snapshot_at=NOW - timedelta(hours=1))])
    assert publish_batch(stage_context(engine, clock), "post_metric_snapshot", frame).inserted == 2


def test_three_tasks_do_the_same_with_parents_before_children(engine, clock):
    context = stage_context(engine, clock)
    ids = [
        stage_batch(context, "channel", [channel_row("UC1")]),
        stage_batch(context, "contact", [VALID_ROWS["contact"]]),  # of a channel that is only staged yet
    ]
    assert [summary["decision"] for summary in gate_runs(context, ids)] == ["publish", "publish"]
    assert [report.inserted for report in publish_runs(context, ids)] == [1, 1]
    assert row_count(engine, channel) == row_count(engine, contact) == 1


def test_a_retried_task_publishes_once(engine, clock):
    context = stage_context(engine, clock)
    ids = [stage_batch(context, "channel", [channel_row()])]
    gate_runs(context, ids)
    first = publish_runs(context, ids)
    assert gate_runs(context, ids)[0]["decision"] == "publish"
    assert publish_runs(context, ids) == first


def test_a_retry_of_the_staging_gives_up_the_earlier_one(engine, clock):
    context = stage_context(engine, clock)
    stage_batch(context, "channel", [channel_row()])
    again = stage_context(engine, clock, run=RunLabel("plan", "test_run", "test_task", try_number=2))
    ids = [
        stage_batch(again, "channel", [channel_row()]),
        stage_batch(again, "channel", [channel_row("UC2")], part="b"),
    ]
    assert [run.state for run in ledger(engine)] == ["failed", "staged", "staged"]
    gate_runs(again, ids)
    publish_runs(again, ids)
    assert row_count(engine, channel) == 2


def test_every_try_describes_the_instant_of_the_first(engine, clock):
    context = stage_context(engine, clock)
    assert snapshot_instant(context) == NOW
    publish_batch(context, "channel", [channel_row()])
    clock.instant = NOW + timedelta(hours=2)
    assert snapshot_instant(context) == NOW
    assert snapshot_instant(stage_context(engine, clock, run=RunLabel("plan", "other_run", "x"))) == clock.instant


def test_a_refused_batch_opens_an_incident_and_the_next_good_one_closes_it(engine, clock):
    fill_parents(engine)
    context = stage_context(engine, clock)
    with pytest.raises(GateBlocked, match=r"views_is_not_negative \(2 times\)"):
        publish_batch(context, "post_metric_snapshot", [snapshot_row(key, views=-1) for key in ("p1", "p2")])
    assert open_incidents(engine) == ["gate/sandbox/post_metric_snapshot"]
    assert row_count(engine, post_metric_snapshot) == 0
    assert [run.state for run in ledger(engine)] == ["blocked"]
    publish_batch(context, "post_metric_snapshot", [snapshot_row("p1")])
    assert open_incidents(engine) == []


def test_a_refused_batch_holds_up_no_other_of_the_step(engine, clock):
    fill_parents(engine)
    context = stage_context(engine, clock)
    ids = [
        stage_batch(context, "channel", [channel_row(key, world="live") for key in ("UC8", "UC9")]),
        stage_batch(context, "post_metric_snapshot", [snapshot_row("p1")]),
    ]
    with pytest.raises(GateBlocked, match="channel"):
        gate_and_publish(context, ids)
    assert row_count(engine, post_metric_snapshot) == 1
    assert open_incidents(engine) == ["gate/sandbox/channel"]


def test_rows_that_ask_for_unknown_rows_are_refused_when_they_are_too_many(engine, clock):
    context = stage_context(engine, clock)
    with pytest.raises(GateBlocked, match=r"post_key_is_known \(2 of 2 rows\)"):
        publish_batch(context, "post_metric_snapshot", [snapshot_row("p8"), snapshot_row("p9")])
    assert [run.state for run in ledger(engine)] == ["blocked"]
    assert open_incidents(engine) == ["gate/sandbox/post_metric_snapshot"]


def test_a_whole_batch_of_the_other_world_is_refused(engine, clock):
    with pytest.raises(GateBlocked, match="world_is_the_run's"):
        publish_batch(stage_context(engine, clock), "channel", [channel_row(key, world="live") for key in ("a", "b")])
    assert row_count(engine, channel) == 0


def test_what_was_not_gated_is_not_published(engine, clock):
    context = stage_context(engine, clock)
    ids = [stage_batch(context, "channel", [channel_row()])]
    with pytest.raises(FixFirst, match="has passed no gate"):
        publish_runs(context, ids)

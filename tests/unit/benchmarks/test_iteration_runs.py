"""What the benchmark of an iteration computes from what it saw."""

from datetime import UTC, datetime, timedelta

from benchmarks.iteration_runs import Batch, busy_seconds, is_its_turn, stage_of, waits_of

from mardev.cli.airflow_client import Task

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def interval(begin, end):
    return NOON + timedelta(seconds=begin), NOON + timedelta(seconds=end)


def task(stage, task_id, state):
    return Task(stage, f"{stage}-run", task_id, task_id, state, None, None)


def test_moments_in_which_two_bodies_work_count_once():
    assert busy_seconds([interval(0, 2), interval(1, 3), interval(5, 6)]) == 4.0


def test_a_task_that_never_ended_is_not_counted():
    assert busy_seconds([(NOON, None), interval(0, 1)]) == 1.0


def test_the_iteration_stands_at_its_furthest_stage_and_its_waits():
    tasks = [task("create", "hand_over", "success"), task("create", "marketing.answers_settled", "deferred")]
    assert stage_of(tasks) == "create"
    assert waits_of(tasks) == ["answers_settled"]


def test_a_batch_waits_for_the_wait_it_belongs_to():
    batch = Batch("create", ["answers_settled"], ["read_mailbox"])
    assert not is_its_turn(batch, [task("create", "marketing.write_offers", "running")])
    assert is_its_turn(batch, [task("create", "marketing.answers_settled", "deferred")])
    assert is_its_turn(batch, [task("verify", "claim_stage", "running")])

"""Starting an iteration: a bad form is told field by field, and one name starts once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from builders.mishaps import at_statement
from mardev.errors import FormRejected, TransportFailed
from mardev.stages.plan.open_iteration import open_iteration


@pytest.fixture(scope="module")
def warehouse(new_warehouse):
    return new_warehouse()


def keys(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT iteration_key FROM core.iteration ORDER BY 1")))


def start(world, engine, run_id: str, started_by: str = "mia", **form) -> str:
    return open_iteration(world.context(engine, run_id=run_id, started_by=started_by, params=form))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_amount", -5000),
        ("markets", ["DE", "ATLANTIS"]),
        ("flight_from", "2026-01-01"),
        ("budget_currency", "XQQ"),
    ],
)
def test_what_is_wrong_in_the_form_is_named_and_nothing_is_opened(world, warehouse, field, value):
    with pytest.raises(FormRejected) as caught:
        start(world, warehouse, f"run of {field}", campaign=f"Wrong {field}", **{field: value})
    assert list(caught.value.problems) == [field]
    assert not any(key.startswith("wrong") for key in keys(warehouse))


def test_a_second_iteration_of_the_same_name_is_refused(world, warehouse):
    start(world, warehouse, "first", campaign="Once only")
    with pytest.raises(FormRejected, match="already"):
        start(world, warehouse, "second", campaign="Once only")
    assert keys(warehouse).count("once-only") == 1


def test_the_same_run_opens_the_same_iteration_again(world, warehouse):
    assert start(world, warehouse, "repeated", campaign="Repeated") == "repeated"
    assert start(world, warehouse, "repeated", campaign="Repeated") == "repeated"
    assert keys(warehouse).count("repeated") == 1


def test_two_people_who_press_start_at_once_get_one_iteration(world, new_warehouse):
    engine = new_warehouse()
    both_are_there = threading.Barrier(2, timeout=60)

    def press(person: str) -> str | FormRejected:
        try:
            return start(world, engine, f"run of {person}", person, campaign="At once")
        except FormRejected as refusal:
            return refusal

    def wait(_connection: sa.Connection) -> None:
        both_are_there.wait()

    # The inserts wait for each other: both forms were found good before either was written.
    with (
        at_statement(engine, wait, containing="INSERT INTO core.iteration", number=None),
        ThreadPoolExecutor(2) as people,
    ):
        answers = list(people.map(press, ["mia", "ian"]))
    (refusal,) = [answer for answer in answers if isinstance(answer, FormRejected)]
    assert list(refusal.problems) == ["campaign"]
    assert "a moment ago" in refusal.problems["campaign"]
    assert keys(engine) == ["at-once"]
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM ops.stage_claim")) == 1


def test_an_iteration_whose_baseline_could_not_be_read_gets_it_when_the_step_runs_again(world, new_warehouse):
    engine = new_warehouse()
    with world.broken("shop", "outage"), pytest.raises(TransportFailed):
        start(world, engine, "interrupted", campaign="Interrupted")
    assert keys(engine) == ["interrupted"]
    world.let_pass(minutes=2)  # a service that failed several times is left alone for a minute
    start(world, engine, "interrupted", campaign="Interrupted")
    with engine.connect() as connection:
        known = connection.scalar(sa.text("SELECT count(*) FROM core.kpi_target WHERE is_health_indicator"))
        baseline = connection.scalar(
            sa.text("SELECT baseline_value FROM core.kpi_target WHERE kpi_key = 'organic_conversions_per_day'")
        )
    assert known > 0
    assert baseline > 0

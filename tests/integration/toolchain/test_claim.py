"""One run works one stage of one iteration."""

import threading

import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from mardev.domain.words import Stage
from mardev.errors import StageAlreadyClaimed, StageNotHandedOver
from mardev.stages.context import RunLabel
from mardev.stages.toolchain.claim import claim_stage, holder_of, is_handed_over, stage_after, stage_before, take_claim
from mardev.stages.toolchain.hand_over import record_hand_over
from mardev.warehouse.tables import iteration

KEY = "summer"


def create_run(engine, clock, run_id):
    return stage_context(engine, clock, iteration=KEY, run=RunLabel("create", run_id, "claim_stage"))


def hand_over_plan(engine, clock):
    with engine.begin() as connection:
        take_claim(connection, KEY, Stage.PLAN, "plan run", clock.now())
        record_hand_over(connection, KEY, Stage.PLAN, "plan run", clock.now())


def test_another_run_learns_who_holds_the_stage(summer, clock):
    hand_over_plan(summer, clock)
    claim_stage(create_run(summer, clock, "first"))
    with pytest.raises(StageAlreadyClaimed, match="belongs to the run first"):
        claim_stage(create_run(summer, clock, "second"))


def test_clearing_the_holder_enters_again(summer, clock):
    hand_over_plan(summer, clock)
    assert claim_stage(create_run(summer, clock, "first")) == KEY
    assert claim_stage(create_run(summer, clock, "first")) == KEY


def test_a_stage_that_was_not_handed_over_cannot_be_begun(summer, clock):
    with summer.begin() as connection:
        take_claim(connection, KEY, Stage.PLAN, "plan run", clock.now())
    with pytest.raises(StageNotHandedOver, match="plan of summer has not handed over"):
        claim_stage(create_run(summer, clock, "early"))
    with summer.connect() as connection:
        assert holder_of(connection, KEY, Stage.CREATE) is None


def test_a_key_without_an_iteration_is_nobodys_work(engine, clock):
    with pytest.raises(StageNotHandedOver, match="no iteration"):
        claim_stage(create_run(engine, clock, "by hand"))


@pytest.mark.parametrize("state", ["closed", "rejected"])
def test_an_iteration_that_has_ended_is_left_alone(summer, clock, state):
    hand_over_plan(summer, clock)
    with summer.begin() as connection:
        connection.execute(sa.update(iteration).values(state=state))
    with pytest.raises(StageNotHandedOver, match=state):
        claim_stage(create_run(summer, clock, "late"))


def test_claiming_moves_the_iteration_on(summer, clock):
    hand_over_plan(summer, clock)
    claim_stage(create_run(summer, clock, "first"))
    with summer.connect() as connection:
        assert connection.scalar(sa.select(iteration.c.state)) == "create"


def test_of_many_runs_at_once_exactly_one_gets_the_stage(summer, clock):
    hand_over_plan(summer, clock)
    outcomes = []

    def claim(number):
        try:
            outcomes.append(claim_stage(create_run(summer, clock, f"run {number}")))
        except StageAlreadyClaimed:
            outcomes.append(None)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(KEY) == 1


def test_only_the_holder_hands_over_and_the_first_time_stands(summer, clock):
    with summer.begin() as connection:
        take_claim(connection, KEY, Stage.PLAN, "plan run", clock.now())
        assert record_hand_over(connection, KEY, Stage.PLAN, "another run", clock.now()) is None
        assert not is_handed_over(connection, KEY, Stage.PLAN)
        first = record_hand_over(connection, KEY, Stage.PLAN, "plan run", clock.now())
        clock.instant = clock.instant.replace(hour=20)
        assert record_hand_over(connection, KEY, Stage.PLAN, "plan run", clock.now()) == first


def test_the_stages_have_one_order():
    assert [stage_after(stage) for stage in Stage] == [*list(Stage)[1:], None]
    assert [stage_before(stage) for stage in Stage] == [None, *list(Stage)[:-1]]

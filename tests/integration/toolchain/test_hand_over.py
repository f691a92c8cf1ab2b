"""Whether a stage may hand over is told by check-ins, overrides and answers, by nothing else."""

import pytest
import sqlalchemy as sa

from builders.iterations import request
from mardev.domain.words import Lane, Role, Stage
from mardev.stages import decisions
from mardev.stages.toolchain.check_in import give_check_in
from mardev.stages.toolchain.claim import take_claim
from mardev.stages.toolchain.hand_over import read_hand_over
from mardev.stages.toolchain.override import OverrideRefused, record_override, role_that_overrides
from mardev.stages.toolchain.rejection import reject_iteration
from mardev.warehouse.tables import iteration, proposal

KEY = "summer"


def found(engine, stage):
    with engine.connect() as connection:
        return read_hand_over(connection, KEY, stage)


def check_in(engine, clock, stage, *lanes):
    with engine.begin() as connection:
        for lane in lanes:
            give_check_in(connection, KEY, stage, lane, clock.now())


def sign(engine, clock, decision_key, person, role, answer="Sign"):
    with engine.begin() as connection:
        decisions.open_request(connection, request(KEY, decision_key, role=role), clock.now())
    return decisions.answer(
        engine, clock, iteration_key=KEY, decision_key=decision_key, person=person, answer=answer, reason="because"
    )


def test_both_lanes_and_both_signatures_complete_a_plan(summer, clock):
    check_in(summer, clock, Stage.PLAN, *Lane)
    sign(summer, clock, "sign_plan_marketing", "mia", Role.MARKETING)
    assert found(summer, Stage.PLAN).missing_answers == ("sign_plan_technology",)
    sign(summer, clock, "sign_plan_technology", "ian", Role.TECHNOLOGY)
    assert found(summer, Stage.PLAN).is_complete


def test_a_lane_without_check_in_is_missing(summer, clock):
    check_in(summer, clock, Stage.PUBLISH, Lane.MARKETING)
    assert found(summer, Stage.PUBLISH).missing_lanes == (Lane.TECHNOLOGY,)


def test_an_answer_that_does_not_let_pass_is_missing(summer, clock):
    check_in(summer, clock, Stage.PLAN, *Lane)
    sign(summer, clock, "sign_plan_marketing", "mia", Role.MARKETING, "Send back")
    assert "sign_plan_marketing" in found(summer, Stage.PLAN).missing_answers


def test_a_new_question_takes_the_old_answer_away(summer, clock):
    check_in(summer, clock, Stage.VERIFY, *Lane)
    with summer.begin() as connection:
        decisions.open_request(connection, request(KEY, "go_live", options=("Go live", "Hold")), clock.now())
    decisions.answer(summer, clock, iteration_key=KEY, decision_key="go_live", person="mia", answer="Go live")
    assert found(summer, Stage.VERIFY).is_complete
    with summer.begin() as connection:
        decisions.open_request(connection, request(KEY, "go_live", options=("Go live", "Hold")), clock.now())
    assert found(summer, Stage.VERIFY).missing_answers == ("go_live",)


def test_a_decision_nobody_had_to_take_is_not_missing(summer, clock):
    check_in(summer, clock, Stage.CREATE, *Lane)
    assert found(summer, Stage.CREATE).missing_answers == ("extend_plan",)
    with summer.begin() as connection:
        decisions.record_not_needed(connection, request(KEY, "extend_plan"), clock.now())
    assert found(summer, Stage.CREATE).is_complete


def test_the_heads_override_stands_for_technology_but_never_for_marketings_signature(summer, clock):
    check_in(summer, clock, Stage.PLAN, Lane.MARKETING)
    with summer.begin() as connection:
        record_override(connection, KEY, Stage.PLAN, [Lane.TECHNOLOGY], "hana", "We go by hand.", clock.now())
    assert found(summer, Stage.PLAN).missing_answers == ("sign_plan_marketing",)
    sign(summer, clock, "sign_plan_marketing", "mia", Role.MARKETING)
    state = found(summer, Stage.PLAN)
    assert state.is_complete
    assert state.overridden_lanes == (Lane.TECHNOLOGY,)


def test_technology_is_overridden_by_the_head_alone(summer, clock):
    with summer.begin() as connection:
        for person in ("mia", "ian", "admin"):
            with pytest.raises(OverrideRefused, match="head"):
                record_override(connection, KEY, Stage.CREATE, [Lane.TECHNOLOGY], person, "why not", clock.now())
        with pytest.raises(OverrideRefused, match="reason"):
            record_override(connection, KEY, Stage.CREATE, [Lane.TECHNOLOGY], "hana", " ", clock.now())
        record_override(connection, KEY, Stage.CREATE, [Lane.MARKETING], "mia", "Briefs went by phone.", clock.now())
    assert role_that_overrides([Lane.MARKETING]) is Role.MARKETING
    assert role_that_overrides(list(Lane)) is Role.HEAD


def test_holder_and_next_stage_are_told(summer, clock):
    with summer.begin() as connection:
        take_claim(connection, KEY, Stage.PLAN, "plan run", clock.now())
        take_claim(connection, KEY, Stage.CREATE, "create run", clock.now())
    state = found(summer, Stage.PLAN)
    assert (state.holder, state.next_stage_claimed, state.is_ended) == ("plan run", True, False)


def test_a_rejection_ends_the_iteration_and_proposes_its_form_again(summer, clock):
    given = sign(summer, clock, "sign_plan_marketing", "mia", Role.MARKETING, "Send back")
    with summer.begin() as connection:
        decisions.open_request(connection, request(KEY, "sign_plan_technology", role=Role.TECHNOLOGY), clock.now())
        for _ in range(2):
            reject_iteration(connection, KEY, given, clock.now())
    with summer.connect() as connection:
        assert connection.scalar(sa.select(iteration.c.state)) == "rejected"
        row = connection.execute(sa.select(proposal)).one()
        assert decisions.latest_request(connection, KEY, "sign_plan_technology").state == "withdrawn"
    assert row.form["campaign"] == KEY
    assert row.reasons[0]["reason"] == "because"
    assert found(summer, Stage.PLAN).is_ended

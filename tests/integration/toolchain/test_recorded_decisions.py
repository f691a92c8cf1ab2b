"""Only a recorded answer of the right person counts."""

import threading

import pytest

from builders.iterations import request
from mardev.domain.words import Role, World
from mardev.errors import FixFirst
from mardev.stages import decisions
from mardev.stages.invitations import members, person_of_login, queue_invitations

KEY = "summer"
MARKETING = "sign_plan_marketing"


def ask(engine, clock, decision_key=MARKETING, **changes):
    with engine.begin() as connection:
        return decisions.open_request(connection, request(KEY, decision_key, **changes), clock.now())


def answer(engine, clock, person="mia", text="Sign", reason="", decision_key=MARKETING):
    return decisions.answer(
        engine, clock, iteration_key=KEY, decision_key=decision_key, person=person, answer=text, reason=reason
    )


def test_the_answer_carries_person_role_and_instant(summer, clock):
    ask(summer, clock)
    given = answer(summer, clock)
    assert (given.person, given.role, given.answer, given.attempt) == ("mia", Role.MARKETING, "Sign", 1)
    assert given.answered_at == clock.now()


@pytest.mark.parametrize("person", ["ian", "hana", "admin", "nobody"])
def test_another_role_cannot_answer(summer, clock, person):
    ask(summer, clock)
    with pytest.raises(decisions.NotYourDecision, match=person):
        answer(summer, clock, person)


def test_the_head_answers_for_either_lane_of_a_hand_over(summer, clock):
    ask(summer, clock, "hand_over_create", options=("Wait", "Override"))
    assert answer(summer, clock, "hana", "Wait", decision_key="hand_over_create").role is Role.HEAD


def test_nobody_answers_what_was_not_asked(summer, clock):
    with pytest.raises(decisions.NothingAsked):
        answer(summer, clock)


def test_the_same_answer_twice_is_one_answer(summer, clock):
    ask(summer, clock)
    assert answer(summer, clock) == answer(summer, clock)


def test_the_second_person_learns_who_answered(summer, clock):
    ask(summer, clock)
    answer(summer, clock)
    with pytest.raises(decisions.AlreadyAnswered, match="mia has already answered «Sign»"):
        answer(summer, clock, text="Send back", reason="no")


def test_an_answer_has_to_be_an_option_and_sending_back_needs_a_reason(summer, clock):
    ask(summer, clock)
    with pytest.raises(decisions.AnswerIncomplete, match="Choose one of"):
        answer(summer, clock, text="Maybe")
    with pytest.raises(decisions.AnswerIncomplete, match="needs a reason"):
        answer(summer, clock, text="Send back")


def test_asking_again_opens_the_next_attempt_and_withdraws_the_last(summer, clock):
    assert ask(summer, clock).attempt == 1
    assert ask(summer, clock).attempt == 2
    with summer.connect() as connection:
        assert decisions.latest_request(connection, KEY, MARKETING).attempt == 2
    assert answer(summer, clock).attempt == 2


def test_of_two_people_who_answer_at_once_one_is_recorded(summer, clock):
    ask(summer, clock)
    outcomes = []

    def give(text):
        try:
            outcomes.append(answer(summer, clock, text=text, reason="r").answer)
        except decisions.AlreadyAnswered:
            outcomes.append("refused")

    threads = [threading.Thread(target=give, args=(text,)) for text in ("Sign", "Send back")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("refused") == 1


def test_a_step_stops_where_an_answer_is_missing(summer, clock):
    with summer.connect() as connection, pytest.raises(FixFirst, match="no recorded answer"):
        decisions.require_answers(connection, KEY, [MARKETING])
    ask(summer, clock)
    answer(summer, clock)
    with summer.connect() as connection:
        decisions.require_answers(connection, KEY, [MARKETING])


def test_each_person_is_mailed_one_deep_link_for_an_attempt(summer, clock):
    asked = ask(summer, clock)
    url = "http://127.0.0.1:8080/mardev/iterations/summer/plan"
    with summer.begin() as connection:
        invited = members(connection, [Role.MARKETING, Role.HEAD])
        for _ in range(2):
            queue_invitations(connection, asked, invited, world=World.SANDBOX, page_url=url, at=clock.now())
        rows = connection.exec_driver_sql(
            "SELECT address, kind, state, body FROM core.message ORDER BY address"
        ).fetchall()
    assert [row[:3] for row in rows] == [
        ("hana@aptovia.example", "decision_request", "queued"),
        ("mia@aptovia.example", "decision_request", "queued"),
    ]
    assert all(url in row[3] for row in rows)


def test_a_login_of_airflow_is_a_person_only_with_a_role(summer):
    with summer.connect() as connection:
        assert person_of_login(connection, "3") == "ian"
        assert person_of_login(connection, "1") is None
        assert [member.person for member in members(connection, [Role.MARKETING], only="ian")] == []

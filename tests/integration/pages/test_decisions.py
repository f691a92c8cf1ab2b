"""An answer is written with the person of the login, then handed to Airflow; each role answers its own questions."""

import json

import httpx
import sqlalchemy as sa

from mardev.pages import airflow_api
from mardev.warehouse.tables import approval

PLAN = "/iterations/autumn-players/plan"


def decision(name: str, iteration: str = "autumn-players") -> str:
    return f"/iterations/{iteration}/decisions/{name}"


def answers(engine: sa.Engine, decision_key: str, iteration_key: str = "autumn-players") -> list[sa.RowMapping]:
    statement = sa.select(approval).where(
        approval.c.iteration_key == iteration_key, approval.c.decision_key == decision_key
    )
    with engine.connect() as connection:
        return list(connection.execute(statement).mappings())


def test_a_signature_is_recorded_and_handed_to_airflow_with_the_persons_own_token(filled, engine, airflow, mia):
    answer = mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/mardev{PLAN}?note=answered")
    [row] = answers(engine, "sign_plan_marketing")
    assert (row["person"], row["role"], row["answer"]) == ("mia", "marketing", "Sign")
    assert (row["fields"]["chosen_count"], row["fields"]["price_amount"]) == (20, "11380.0000")
    [request] = airflow.requests
    assert request.method == "PATCH"
    assert request.url.raw_path == (
        b"/api/v2/dags/plan/dagRuns/manual__2026%2Fautumn-players/taskInstances/sign_plan_marketing/-1/hitlDetails"
    )
    assert request.headers["authorization"] == "Bearer token-of-mia"
    assert json.loads(request.content) == {"chosen_options": ["Sign"], "params_input": {}}


def test_marketing_cannot_answer_technology_nor_the_reverse(filled, engine, airflow, mia, ian):
    assert mia.post(decision("sign_plan_technology"), data={"answer": "Sign", "attempt": "1"}).status_code == 403
    assert ian.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"}).status_code == 403
    assert answers(engine, "sign_plan_technology") == answers(engine, "sign_plan_marketing") == []
    assert airflow.requests == []


def test_each_role_sees_the_buttons_of_its_own_decision_only(filled, mia, ian):
    for browser, own, other in ((mia, "marketing", "technology"), (ian, "technology", "marketing")):
        text = browser.get(PLAN).text
        assert f'action="/mardev{decision(f"sign_plan_{own}")}"' in text
        assert f'action="/mardev{decision(f"sign_plan_{other}")}"' not in text


def test_sending_back_needs_a_reason(filled, engine, mia):
    without = mia.post(decision("sign_plan_marketing"), data={"answer": "Send back", "attempt": "1", "reason": "  "})
    assert without.status_code == 422
    assert answers(engine, "sign_plan_marketing") == []
    with_reason = {"answer": "Send back", "attempt": "1", "reason": "Too few creators in Japan"}
    assert mia.post(decision("sign_plan_marketing"), data=with_reason).status_code == 303
    assert answers(engine, "sign_plan_marketing")[0]["reason"] == "Too few creators in Japan"


def test_a_second_person_hears_who_answered_first(filled, engine, mia):
    mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"})
    again = mia.post(
        decision("sign_plan_marketing"), data={"answer": "Send back", "attempt": "1", "reason": "changed my mind"}
    )
    assert again.status_code == 409
    assert "answered" in again.text


def test_an_answer_to_an_old_attempt_is_refused(filled, mia):
    assert mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "0"}).status_code == 409


def test_nobody_signs_a_plan_that_changed_under_their_eyes(filled, engine, mia):
    assert (
        mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1", "seen": "old"}).status_code
        == 409
    )
    assert answers(engine, "sign_plan_marketing") == []


def test_an_answer_that_airflow_missed_is_kept_and_can_be_sent_again(filled, engine, airflow, mia, ian):
    airflow.answers = [httpx.Response(503)]
    missed = mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"})
    assert missed.status_code == 502
    assert "recorded" in missed.text
    assert len(answers(engine, "sign_plan_marketing")) == 1
    assert ian.post(f"{decision('sign_plan_marketing')}/forward").status_code == 403
    assert mia.post(f"{decision('sign_plan_marketing')}/forward").status_code == 303
    assert len(airflow.requests) == 2


def test_an_answer_waits_for_airflow_to_put_the_question(filled, airflow, mia, monkeypatch):
    monkeypatch.setattr(airflow_api, "PAUSES_SECONDS", (0.0, 0.0))
    airflow.answers = [httpx.Response(404), httpx.Response(200)]
    assert mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"}).status_code == 303
    assert len(airflow.requests) == 2


def test_an_answer_that_airflow_holds_already_is_no_trouble(filled, airflow, mia):
    airflow.answers = [httpx.Response(409, json={"detail": "already"})]
    assert mia.post(decision("sign_plan_marketing"), data={"answer": "Sign", "attempt": "1"}).status_code == 303


def test_a_lesson_is_written_before_the_retrospective_is_done(filled, engine, mia):
    path = decision("learn_marketing", "summer-players")
    assert mia.post(path, data={"answer": "Done", "attempt": "1"}).status_code == 422
    lesson = {"answer": "Done", "attempt": "1", "field_lesson": "Agree dates before the weekend."}
    assert mia.post(path, data=lesson).status_code == 303
    [row] = answers(engine, "learn_marketing", "summer-players")
    assert row["fields"] == {"lesson": "Agree dates before the weekend."}


def test_the_next_iteration_starts_with_the_proposed_form_in_the_persons_name(filled, airflow, mia):
    answer = mia.post("/iterations/summer-players/retrospective/start-next")
    assert answer.status_code == 303
    [request] = airflow.requests
    assert request.url.path == "/api/v2/dags/plan/dagRuns"
    assert request.headers["authorization"] == "Bearer token-of-mia"
    assert json.loads(request.content)["conf"]["campaign"] == "Winter players"


def test_a_form_that_airflow_refuses_is_explained(filled, airflow, mia):
    airflow.answers = [httpx.Response(400, json={"detail": "budget_amount: -1 is less than the minimum"})]
    answer = mia.post("/iterations/summer-players/retrospective/start-next")
    assert answer.status_code == 409
    assert "less than the minimum" in answer.text

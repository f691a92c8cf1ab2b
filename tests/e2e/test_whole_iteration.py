"""A whole iteration through the REST API, with real Airflow and PostgreSQL, in a world where things go wrong."""

import httpx
import pytest


def test_the_iteration_ran_each_stage_once_and_is_closed(finished):
    claims = finished.rows(
        "SELECT stage, handed_over_at FROM ops.stage_claim WHERE iteration_key = :key", key=finished.iteration_key
    )
    assert sorted(row["stage"] for row in claims) == ["create", "monitor", "plan", "publish", "retrospect", "verify"]
    handed_over = {row["stage"] for row in claims if row["handed_over_at"]}
    assert handed_over == {
        "create",
        "monitor",
        "plan",
        "publish",
        "verify",
    }  # nothing follows the last
    runs = {stage: finished.clients["ian"].runs(stage) for stage in ("create", "verify", "publish", "monitor")}
    assert all(len(of_stage) == 1 for of_stage in runs.values())


def test_people_were_asked_only_for_what_is_theirs(finished):
    answers = finished.rows(
        "SELECT decision_key, role, person FROM core.approval WHERE iteration_key = :key", key=finished.iteration_key
    )
    by_decision = {row["decision_key"]: row["person"] for row in answers}
    assert by_decision["sign_plan_marketing"] == by_decision["go_live"] == by_decision["learn_marketing"] == "mia"
    assert by_decision["sign_plan_technology"] == by_decision["learn_technology"] == "ian"
    assert len(answers) <= 6  # five, and one more where the signed tolerance was left


def test_neither_team_can_answer_for_the_other(planned):
    assert planned.refused == dict.fromkeys(planned.refused, 403)


def test_the_planted_troubles_were_seen(finished):
    titles = " | ".join(row["title"] for row in finished.rows("SELECT title FROM core.incident"))
    assert "is late" in titles
    assert "needs a correction" in titles
    assert finished.rows("SELECT 1 FROM core.incident WHERE system_key = 'landing'")
    faults = finished.rows(
        "SELECT bool_or(is_disclosed = FALSE) AS undisclosed, bool_or(link_is_right = FALSE) AS wrong_link "
        "FROM core.post_check"
    )[0]
    assert faults["undisclosed"] and faults["wrong_link"]


def test_the_retrospective_tells_marketing_from_technology(finished):
    sides = {
        row["side"]
        for row in finished.rows("SELECT side FROM core.finding WHERE iteration_key = :key", key=finished.iteration_key)
    }
    assert {"marketing", "technology"} <= sides


def test_money_is_never_spent_beyond_the_budget_and_each_sale_has_one_credit(finished):
    spent = finished.rows(
        "SELECT sum(cost.amount) AS spent, max(iteration.budget_amount) AS budget FROM core.cost "
        "JOIN core.iteration USING (iteration_key) WHERE iteration_key = :key",
        key=finished.iteration_key,
    )[0]
    assert 0 < spent["spent"] <= spent["budget"]
    tests_with_credit = finished.rows(
        "SELECT 1 FROM core.credit JOIN core.conversion USING (conversion_key) WHERE is_test"
    )
    assert tests_with_credit == []
    assert finished.rows("SELECT count(*) AS count FROM core.credit")[0]["count"] > 0


@pytest.mark.parametrize("path", ["/mardev/", "/mardev/iterations", "/mardev/graph", "/mardev/data-quality"])
def test_nobody_sees_a_page_without_signing_in(workshop, path):
    answer = httpx.get(workshop.airflow_url + path, trust_env=False, headers={"Accept": "text/html"})
    assert answer.status_code in (302, 303, 307) and "/auth/login" in answer.headers["location"]
    as_api = httpx.get(workshop.airflow_url + path, trust_env=False, headers={"Accept": "application/json"})
    assert as_api.status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"budget_amount": -5}, "budget_amount"),
        ({"objective": "fame"}, "objective"),
        ({"head_count": 0}, "head_count"),
    ],
)
def test_a_form_that_cannot_be_right_is_refused_before_it_starts(workshop, change, field):
    from mardev.errors import FixFirst

    with pytest.raises(FixFirst, match=field):
        workshop.clients["mia"].trigger("plan", {"campaign": "Refused", **change})

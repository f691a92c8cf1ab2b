"""The chain of stages in a real Airflow: events only wake, the warehouse decides."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

STAGES = ("plan", "create", "verify", "publish", "monitor", "retrospect")

AT_THE_END = "SELECT iteration_key FROM ops.stage_claim WHERE stage = 'retrospect' AND iteration_key LIKE 'many-%'"
ITERATIONS = int(os.environ.get("MARDEV_CHAIN_ITERATIONS", "6"))


def run_to_go_live(chain, key):
    chain.start(key)
    verify = chain.wait_for_claim(key, "verify")
    chain.wait_for_task("verify", verify, "go_live", "awaiting_input")
    return verify


def send_event(chain, asset, key):
    found = chain.airflow.call("GET", f"/api/v2/assets?name_pattern={asset}")["assets"]
    asset_id = next(row["id"] for row in found if row["name"] == asset)
    chain.airflow.call(
        "POST", "/api/v2/assets/events", {"asset_id": asset_id, "extra": {"by": "hand"}, "partition_key": key}
    )


def finished(chain, dag_id, key):
    runs = chain.runs_of(dag_id, key)
    return runs if all(run["state"] in ("success", "failed") for run in runs) else None


def test_many_iterations_at_once_run_each_stage_exactly_once(chain):
    keys = [f"many-{number:02d}" for number in range(ITERATIONS)]
    with ThreadPoolExecutor(8) as pool:
        plans = dict(zip(keys, pool.map(chain.start, keys), strict=True))
    chain.wait(
        "every iteration reached its retrospective",
        lambda: len(chain.rows(AT_THE_END)) == ITERATIONS,
        seconds=120 + 60 * ITERATIONS,
    )  # fmt: skip
    for stage in STAGES[1:]:
        runs = [run["partition_key"] for run in chain.airflow.runs(stage)]
        assert sorted(key for key in runs if key and key.startswith("many-")) == keys, stage
    assert all(chain.claims(key)["plan"] == plans[key] for key in keys)
    assert chain.rows("SELECT * FROM core.incident WHERE iteration_key LIKE 'many-%'") == []


def test_a_cleared_emitter_starts_nothing_again(chain):
    plan = chain.start("cleared-1")
    chain.wait_for_claim("cleared-1", "retrospect")
    chain.airflow.clear("plan", plan, ["hand_over"])
    chain.wait_for_task("plan", plan, "hand_over", "skipped")
    assert [len(chain.runs_of(stage, "cleared-1")) for stage in STAGES[1:]] == [1] * 5


def test_a_hand_made_event_for_a_stage_that_runs_is_skipped(chain):
    verify = run_to_go_live(chain, "slow-event")
    send_event(chain, "mardev_create", "slow-event")
    runs = chain.wait("a second run", lambda: len(found := chain.runs_of("verify", "slow-event")) == 2 and found)
    second = next(run["dag_run_id"] for run in runs if run["dag_run_id"] != verify)
    chain.wait_for_task("verify", second, "claim_stage", "skipped")
    chain.wait_for_task("verify", second, "hand_over", "skipped")
    assert chain.claims("slow-event")["verify"] == verify


def test_a_hand_made_event_does_not_pass_a_decision_nobody_took(chain):
    verify = run_to_go_live(chain, "slow-early")
    send_event(chain, "mardev_verify", "slow-early")
    early = chain.wait("a run that was woken", lambda: chain.runs_of("publish", "slow-early"))[0]["dag_run_id"]
    chain.wait_for_task("publish", early, "claim_stage", "skipped")
    assert "publish" not in chain.claims("slow-early")
    assert chain.airflow.answer("verify", verify, "go_live", "Go live", person="mia").status_code == 200
    assert chain.wait_for_claim("slow-early", "publish") != early


def test_a_decision_marked_as_success_by_hand_passes_nothing(chain):
    verify = run_to_go_live(chain, "slow-marked")
    chain.airflow.mark_success("verify", verify, "go_live")
    chain.wait_for_task("verify", verify, "hand_over", "failed")
    assert "publish" not in chain.claims("slow-marked")
    detail, closed = chain.wait(
        "an incident",
        lambda: chain.rows("SELECT detail, closed_at FROM core.incident WHERE iteration_key = 'slow-marked'"),
    )[0]
    assert "go_live has no recorded answer" in detail
    assert closed is None

    chain.airflow.clear("verify", verify, ["go_live"])
    chain.wait_for_task("verify", verify, "go_live", "awaiting_input")
    chain.airflow.answer("verify", verify, "go_live", "Go live", person="mia")
    chain.wait_for_claim("slow-marked", "publish")
    chain.wait(
        "the incident is closed",
        lambda: chain.rows("SELECT 1 FROM core.incident WHERE iteration_key = 'slow-marked' AND closed_at IS NOT NULL"),
    )


def test_a_missing_check_in_is_overridden_by_the_head_alone_and_a_late_one_does_no_harm(chain):
    chain.start("late-1")
    create = chain.wait_for_claim("late-1", "create")
    chain.wait_for_task("create", create, "hand_over", "awaiting_input")
    assert chain.airflow.answer("create", create, "hand_over", "Override", person="mia").status_code == 403
    # Without a reason the question is asked again.
    assert chain.airflow.answer("create", create, "hand_over", "Override", person="hana").status_code == 200
    chain.wait(
        "asked again",
        lambda: chain.rows("SELECT 1 FROM core.decision_request WHERE iteration_key = 'late-1' AND attempt = 2"),
    )
    chain.wait_for_task("create", create, "hand_over", "awaiting_input")
    chain.airflow.answer(
        "create", create, "hand_over", "Override", person="hana", fields={"reason": "Links follow by hand."}
    )
    chain.wait_for_claim("late-1", "retrospect")
    assert chain.rows("SELECT lane, person, reason FROM core.check_in_override WHERE iteration_key = 'late-1'") == [
        ("technology", "hana", "Links follow by hand.")
    ]
    chain.airflow.clear("create", create, ["technology.work_technology"])
    chain.wait_for_task("create", create, "hand_over", "skipped")
    assert ("technology",) in chain.rows(
        "SELECT lane FROM core.check_in WHERE iteration_key = 'late-1' AND stage = 'create'"
    )
    assert [len(chain.runs_of(stage, "late-1")) for stage in STAGES[1:]] == [1] * 5


def test_wait_asks_no_worker_and_goes_on_by_itself_when_the_lane_checks_in(chain):
    chain.start("late-2")
    create = chain.wait_for_claim("late-2", "create")
    chain.wait_for_task("create", create, "hand_over", "awaiting_input")
    chain.airflow.answer("create", create, "hand_over", "Wait", person="hana")
    chain.wait_for_task("create", create, "hand_over", "deferred")
    with chain.warehouse.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO core.check_in (iteration_key, stage, lane, checked_in_at)"
            " VALUES ('late-2', 'create', 'technology', now())"
        )
    chain.wait_for_task("create", create, "hand_over", "success")
    chain.wait_for_claim("late-2", "verify")


def test_hold_closes_the_run_and_proposes_the_next_revision(chain):
    verify = run_to_go_live(chain, "slow-hold")
    chain.airflow.answer("verify", verify, "go_live", "Hold", person="mia", fields={"reason": "Not this week."})
    chain.wait_for_task("verify", verify, "hand_over", "skipped")
    assert chain.rows("SELECT state FROM core.iteration WHERE iteration_key = 'slow-hold'") == [("rejected",)]
    assert chain.rows("SELECT reasons ->> 0 FROM core.proposal WHERE iteration_key = 'slow-hold'") != []
    assert chain.runs_of("publish", "slow-hold") == []


def test_a_decision_belongs_to_its_role_and_mails_a_deep_link(chain):
    verify = run_to_go_live(chain, "slow-role")
    assert chain.airflow.answer("verify", verify, "go_live", "Go live", person="ian").status_code == 403
    mails = chain.rows(
        "SELECT address, body FROM core.message WHERE iteration_key = 'slow-role' AND kind = 'decision_request'"
    )
    assert [address for address, _ in mails] == ["mia@aptovia.example"]
    assert f"{chain.airflow.base}/mardev/iterations/slow-role/decisions/go_live" in mails[0][1]
    chain.airflow.answer("verify", verify, "go_live", "Go live", person="mia")
    chain.wait_for_claim("slow-role", "publish")
    assert chain.rows("SELECT role, person, answer FROM core.approval WHERE iteration_key = 'slow-role'") == [
        ("marketing", "mia", "Go live")
    ]


def test_trouble_becomes_an_incident_or_comes_back_by_itself(chain):
    (chain.home / "to-kill.pid").unlink(missing_ok=True)
    run = chain.airflow.trigger("fragile", {})
    chain.wait_for_task("fragile", run, "comes_back_later", "deferred", "success")
    process = int(chain.wait("a process to kill", lambda: _text(chain.home / "to-kill.pid")))
    os.kill(process, signal.SIGKILL)
    for task in ("needs_a_person", "gets_killed"):
        chain.wait_for_task("fragile", run, task, "failed")
    chain.wait_for_task("fragile", run, "comes_back_later", "success")
    assert chain.airflow.task("fragile", run, "comes_back_later")["try_number"] == 1
    found = chain.wait(
        "two incidents",
        lambda: len(rows := chain.rows(
            "SELECT title, detail, lane FROM core.incident WHERE incident_key LIKE 'task/fragile/%' ORDER BY title"
        )) == 2 and rows,
    )  # fmt: skip
    assert found[0][0] == "Gets killed failed in fragile"
    assert found[0][2] == "technology"
    assert found[1][1] == "The key of the platform was refused. Renew it in Airflow's connections."


def _text(path):
    return path.read_text() if path.exists() else ""

"""What every DAG of ours has: words for people, an owner, limits, and somebody who hears of a failure."""

import copy
import re
from datetime import timedelta

import pytest
from airflow.sdk.exceptions import ParamValidationError

from mardev.settings import PROJECT_ROOT

STAGES = {
    "plan": "1 Plan", "create": "2 Create", "verify": "3 Verify", "publish": "4 Publish", "monitor": "5 Monitor",
    "retrospect": "6 Retrospective",
}  # fmt: skip
STANDING = (
    "refresh_creators", "refresh_metrics", "watch_posts", "send_messages", "read_mailbox", "check_systems",
    "expire_data", "import_files",
)  # fmt: skip
FILES = sorted(path.stem for path in (PROJECT_ROOT / "dags").glob("*.py"))


@pytest.fixture(params=FILES)
def dag(request, dags):
    return dags[request.param]


def waits(task):
    return hasattr(task, "response_timeout") or hasattr(task, "deadline")


def test_every_file_can_be_imported(bag):
    assert bag.import_errors == {}


def test_there_is_one_dag_a_file_and_it_is_named_like_it(dags):
    assert sorted(dags) == FILES
    assert {path.stem for path in (PROJECT_ROOT / "dags").glob("*.py")} >= {*STAGES, *STANDING}


def test_a_stage_is_shown_with_its_number(dags):
    assert {dag_id: dags[dag_id].dag_display_name for dag_id in STAGES} == STAGES


def test_the_documentation_says_what_is_written_what_it_costs_and_what_to_do(dag):
    for words in ("**Writes**", "**Costs**", f"`docs/runbooks/{dag.dag_id}.md`"):
        assert words in dag.doc_md
    assert (PROJECT_ROOT / "docs" / "runbooks" / f"{dag.dag_id}.md").is_file()


def test_an_owner_is_named(dag):
    assert any(tag.startswith("owner:") for tag in dag.tags)
    assert {task.owner for task in dag.tasks} <= {"marketing", "technology"}


def test_catch_up_and_simultaneous_runs_are_stated(dag):
    assert dag.catchup is False
    assert dag.max_active_runs == (16 if dag.dag_id in STAGES else 1)
    assert dag.is_paused_upon_creation is False


def test_both_teams_and_their_head_see_every_dag(dag):
    assert set(dag.access_control) == {"Marketing", "IT", "Head"}
    if dag.dag_id in STAGES:
        assert all("can_edit" in rights["DAGs"] for rights in dag.access_control.values())


def test_work_has_a_time_limit_and_a_wait_has_a_deadline(dag):
    for task in dag.tasks:
        if waits(task):
            limit = getattr(task, "response_timeout", None) or getattr(task, "deadline", None)
            assert limit > timedelta(0), task.task_id
            assert task.execution_timeout is None, task.task_id
        else:
            assert task.execution_timeout, task.task_id


def test_a_failure_opens_an_incident(dag):
    for task in dag.tasks:
        assert [callback.__name__ for callback in task.on_failure_callback] == ["open_incident_of_task"], task.task_id


def test_a_killed_process_is_told_at_the_end_of_its_run(dag):
    callbacks = dag.on_failure_callback
    assert [callback.__name__ for callback in (callbacks if isinstance(callbacks, list) else [callbacks])] == [
        "open_incident_of_run"
    ]


def test_a_dag_file_is_a_wiring_diagram():
    for name in FILES:
        assert len((PROJECT_ROOT / "dags" / f"{name}.py").read_text().splitlines()) <= 120, name


def test_the_lanes_are_task_groups_of_their_own_team(dags):
    for dag_id in STAGES:
        groups = dags[dag_id].task_group.get_task_group_dict()
        assert {"marketing", "technology"} <= set(groups), dag_id
        for task in dags[dag_id].tasks:
            if lane := re.match(r"(marketing|technology)\.", task.task_id):
                assert task.owner == lane.group(1), task.task_id


def test_only_hand_over_sends_the_event_that_wakes_the_next_stage(dags):
    for dag_id, dag in dags.items():
        senders = [task.task_id for task in dag.tasks if task.outlets]
        assert senders == (["hand_over"] if dag_id in STAGES and dag_id != "retrospect" else [])


def test_a_clean_iteration_asks_five_times(dags):
    asked = [
        (dag_id, task.decision_key)
        for dag_id, dag in dags.items()
        for task in dag.tasks
        if getattr(task, "decision_key", None) and not task.only_if
    ]
    assert sorted(asked) == [
        ("plan", "sign_plan_marketing"), ("plan", "sign_plan_technology"), ("retrospect", "learn_marketing"),
        ("retrospect", "learn_technology"), ("verify", "go_live"),
    ]  # fmt: skip
    assert [dag_id for dag_id, dag in dags.items() for task in dag.tasks if getattr(task, "only_if", None)] == [
        "create"
    ]


def test_what_a_condition_asks_exists(dags):
    for dag in dags.values():
        for task in dag.tasks:
            if condition := getattr(task, "condition", None):
                assert (PROJECT_ROOT / "sql" / "queries" / f"condition_{condition}.sql").is_file()


def test_the_form_has_no_folded_sections(dags):
    params = dags["plan"].params
    assert not any("section" in params.get_param(name).schema for name in params)


def test_the_campaign_is_the_only_field_that_has_to_be_filled_in(dags):
    params = copy.deepcopy(dags["plan"].params)
    with pytest.raises(ParamValidationError, match="campaign"):
        params.validate()
    params.update({"campaign": "Summer"})
    assert params.validate()["budget_amount"] == 5000

"""Airflow tells of a failed task; people read of an incident.

Three ways lead here, because no single one sees every failure. A task that raises calls `open_incident_of_task` in its
own process; one whose heart stopped beating has it called in a child of the DAG processor. A process that was killed
outright calls nobody: its run's end (`open_incident_of_run`, in a child of the DAG processor) and the stage's hand-over
look for failed tasks without an incident. So everything is looked up anew, and written idempotently.
"""

import logging
from collections.abc import Mapping
from typing import Any

from mardev.clock import clock_of
from mardev.domain.words import Lane, Stage
from mardev.errors import MarDevError
from mardev.orchestration.connections import airflow_connections
from mardev.orchestration.running import CLOCK_CONNECTION, iteration_of_run, warehouse
from mardev.settings import load_settings
from mardev.stages.toolchain.incident import (
    FailedStep,
    close_earlier_incidents,
    close_incident,
    describe_failure,
    has_earlier_incident,
    iteration_of_claim,
    last_known_instant,
    open_incident,
    without_incident,
)

log = logging.getLogger(__name__)


class NothingToHandOver(Exception):
    """Marks a failure that only repeats an earlier one, which has its incident already."""


def open_incident_of_task(context: Mapping[str, Any]) -> None:
    """Failure callback of every task."""
    error = context.get("exception")
    if isinstance(error, BaseException) and isinstance(error.__cause__, NothingToHandOver):
        return
    task_instance = context["ti"]
    iteration_key = iteration_of_run(warehouse(load_settings()), context)
    _open([_failed_step(context["task"], task_instance.run_id, iteration_key)], error)


def open_incident_of_run(context: Mapping[str, Any]) -> None:
    """Failure callback of every DAG: whatever failed without telling anybody is told now."""
    open_missing_incidents(context["dag"], context["run_id"])


def open_missing_incidents(dag: Any, run_id: str) -> None:
    """Open an incident for each failed task of the run that has none; a failure that follows another is left out."""
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    states = RuntimeTaskInstance.get_task_states(dag_id=dag.dag_id, run_ids=[run_id]).get(run_id, {})
    failed = {task_id for task_id, state in states.items() if state == "failed" and dag.has_task(task_id)}
    first = [
        task_id for task_id in failed if not failed & set(dag.get_task(task_id).get_flat_relative_ids(upstream=True))
    ]
    with warehouse(load_settings()).connect() as connection:
        iteration_key = iteration_of_claim(connection, dag.dag_id, run_id)
        steps = [_failed_step(dag.get_task(task_id), run_id, iteration_key) for task_id in sorted(first)]
        steps = without_incident(connection, steps)
    if steps:
        _open(steps, None)


def close_incident_of_task(context: Mapping[str, Any]) -> None:
    """Success callback: a task that succeeds at a later try has no open incident any more.

    Nor has one of a standing pipeline whose earlier run failed: each run does all that is due.
    """
    task_instance = context["ti"]
    is_standing = context["task"].dag.dag_id not in set(Stage)
    if (task_instance.try_number or 1) == 1 and not is_standing:
        return
    step = _failed_step(context["task"], task_instance.run_id, None)
    with warehouse(load_settings()).begin() as connection:
        if is_standing and not has_earlier_incident(connection, step.dag_id, step.task_id):
            return
        at = clock_of(airflow_connections(CLOCK_CONNECTION).host).now()
        if is_standing:
            close_earlier_incidents(connection, step.dag_id, step.task_id, at)
        else:
            close_incident(connection, step.incident_key, at)


def _open(steps: list[FailedStep], error: Any) -> None:
    record = airflow_connections(CLOCK_CONNECTION)
    detail, next_step = describe_failure(error)
    with warehouse(load_settings()).begin() as connection:
        try:
            at = clock_of(record.host).now()
        except MarDevError:
            # The world is down, perhaps that is why the task failed: better the last instant it told than none.
            known = last_known_instant(connection)
            if known is None:
                log.exception("No incident for %s: the world does not tell its time", steps[0].incident_key)
                return
            at = known
        for step in steps:
            open_incident(connection, step, record.world, detail, next_step, at)


def _failed_step(task: Any, run_id: str, iteration_key: str | None) -> FailedStep:
    return FailedStep(
        dag_id=task.dag.dag_id,
        run_id=run_id,
        task_id=task.task_id,
        step_name=task.task_display_name or task.task_id,
        stage_name=task.dag.dag_display_name or task.dag.dag_id,
        lane=Lane(task.owner) if task.owner in set(Lane) else Lane.MARKETING,
        iteration_key=iteration_key,
    )

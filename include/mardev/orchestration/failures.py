"""Airflow tells of a failed task; people read of an incident.

The callbacks run in the task's process, and for a task that was killed in a child of the DAG processor. So they look
everything up themselves, and write idempotently.
"""

import logging
from collections.abc import Mapping
from typing import Any

from mardev.clock import clock_of
from mardev.domain.words import Lane
from mardev.errors import MarDevError
from mardev.orchestration.connections import airflow_connections
from mardev.orchestration.running import CLOCK_CONNECTION, iteration_of_run, warehouse
from mardev.settings import load_settings
from mardev.stages.toolchain.incident import (
    FailedStep,
    close_incident,
    describe_failure,
    last_known_instant,
    open_incident,
)

log = logging.getLogger(__name__)


class NothingToHandOver(Exception):
    """Marks a failure that only repeats an earlier one, which has its incident already."""


def open_incident_of_task(context: Mapping[str, Any]) -> None:
    """Failure callback of every task."""
    error = context.get("exception")
    if isinstance(error, BaseException) and isinstance(error.__cause__, NothingToHandOver):
        return
    engine = warehouse(load_settings())
    record = airflow_connections(CLOCK_CONNECTION)
    step = _failed_step(context, iteration_of_run(engine, context), record.world)
    detail, next_step = describe_failure(error)
    with engine.begin() as connection:
        try:
            at = clock_of(record.host).now()
        except MarDevError:
            # The world is down, perhaps that is why the task failed: better the last instant it told than none.
            known = last_known_instant(connection)
            if known is None:
                log.exception("No incident for %s: the world does not tell its time", step.incident_key)
                return
            at = known
        open_incident(connection, step, detail, next_step, at)


def close_incident_of_task(context: Mapping[str, Any]) -> None:
    """Success callback: a task that succeeds at a later try has no open incident any more."""
    if (context["ti"].try_number or 1) == 1:
        return
    engine = warehouse(load_settings())
    record = airflow_connections(CLOCK_CONNECTION)
    step = _failed_step(context, None, record.world)
    with engine.begin() as connection:
        close_incident(connection, step.incident_key, clock_of(record.host).now())


def _failed_step(context: Mapping[str, Any], iteration_key: str | None, world: Any) -> FailedStep:
    task_instance = context["ti"]
    task = context["task"]
    return FailedStep(
        dag_id=task_instance.dag_id,
        run_id=task_instance.run_id,
        task_id=task_instance.task_id,
        step_name=task.task_display_name or task_instance.task_id,
        stage_name=task.dag.dag_display_name or task_instance.dag_id,
        lane=Lane(task.owner) if task.owner in set(Lane) else Lane.MARKETING,
        iteration_key=iteration_key,
        world=world,
    )

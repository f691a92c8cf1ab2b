"""What every DAG and every task of ours has in common."""

from datetime import timedelta
from typing import Any

import pendulum

from mardev.domain.words import Lane, Stage
from mardev.orchestration.failures import (
    close_incident_of_task,
    open_incident_of_run,
    open_incident_of_task,
)

START_DATE = pendulum.datetime(2026, 1, 1, tz="UTC")
STEP_TIMEOUT = timedelta(minutes=30)
RETRIES = 4
FIRST_RETRY_AFTER = timedelta(seconds=5)
LAST_RETRY_AFTER = timedelta(minutes=10)
SIMULTANEOUS_ITERATIONS = 16

EVERYBODY = ("Marketing", "IT", "Head")
READS = {"can_read"}
WORKS = {"can_read", "can_edit"}


def stage_dag(number: int, stage: Stage, *, docs: str | None, **options: Any) -> dict[str, Any]:
    """Options of a stage's DAG: both teams and their head see it, start it and answer in it."""
    title = "Retrospective" if stage is Stage.RETROSPECT else stage.capitalize()
    return {
        **_dag(docs),
        "dag_id": str(stage),
        "dag_display_name": f"{number} {title}",
        "max_active_runs": SIMULTANEOUS_ITERATIONS,
        "tags": ["stage", "owner:marketing", "owner:technology"],
        "access_control": dict.fromkeys(EVERYBODY, WORKS),
        **options,
    }


def standing_dag(*, docs: str | None, owner: Lane, **options: Any) -> dict[str, Any]:
    """Options of a standing DAG: one run at a time does what is due for all iterations."""
    return {
        **_dag(docs),
        "max_active_runs": 1,
        "tags": ["standing", f"owner:{owner}"],
        "access_control": {**dict.fromkeys(EVERYBODY, READS), "IT": WORKS},
        **options,
    }


def standard_options(lane: Lane | None, *, takes: timedelta | None = STEP_TIMEOUT) -> dict[str, Any]:
    """Options of a task: whose it is, how often it is tried, what happens when it fails.

    Args:
        lane: the team that owns the task; marketing unless given.
        takes: longest time the work may take; None for a task that waits, which has a deadline of its own.
    """
    return {
        "owner": str(lane or Lane.MARKETING),
        "retries": RETRIES,
        "retry_delay": FIRST_RETRY_AFTER,
        "retry_exponential_backoff": True,
        "max_retry_delay": LAST_RETRY_AFTER,
        "execution_timeout": takes,
        "on_failure_callback": open_incident_of_task,
        "on_success_callback": close_incident_of_task,
    }


def _dag(docs: str | None) -> dict[str, Any]:
    return {
        "start_date": START_DATE,
        "catchup": False,
        "is_paused_upon_creation": False,
        "doc_md": docs,
        "on_failure_callback": open_incident_of_run,
        "default_args": {"owner": str(Lane.MARKETING)},
    }

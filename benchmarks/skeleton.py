"""The live DAGs with nothing inside: same tasks, decisions and waits. What it takes to run is Airflow's own share.

A DAG file of the skeleton reads the live one and empties its tasks::

    from benchmarks.skeleton import register_emptied

    register_emptied("/path/to/dags/plan.py")
"""

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator
from airflow.sdk.definitions._internal.contextmanager import DagContext
from airflow.sdk.exceptions import AirflowException
from airflow.triggers.base import BaseTrigger, TriggerEvent

from mardev.domain.words import Stage
from mardev.orchestration.assets import ASSETS
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.hand_over import HandOverOperator
from mardev.orchestration.stage_task import StageOperator
from mardev.orchestration.waiting import LONGEST_WAIT, POLL_SECONDS, WaitOperator


class EmptyStep(StageOperator):
    """Does nothing."""

    def execute(self, context: Any) -> None:  # noqa: ARG002  # an operator's signature
        return


class EmptyWait(WaitOperator):
    """Waits as the live one does, in the triggerer, for a file."""

    def execute(self, context: Any) -> None:  # noqa: ARG002  # an operator's signature
        self.defer(trigger=ReleaseTrigger(self.task_id.rsplit(".", 1)[-1]), method_name="release", timeout=LONGEST_WAIT)

    def release(self, context: Any, event: Mapping[str, Any] | None = None) -> None:
        """The file is there."""


class EmptyDecision(DecisionOperator):
    """Asks through Airflow, records nothing. A decision that only exceptions call for is not asked."""

    def execute(self, context: Any) -> Any:
        if self.only_if:
            return {"answer": None}
        return HITLOperator.execute(self, context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        return HITLOperator.execute_complete(self, context, event)


class EmptyHandOver(HandOverOperator):
    """Wakes the next stage."""

    def execute(self, context: Any) -> None:
        if self.stage is Stage.PLAN:
            context["outlet_events"][ASSETS[self.stage]].add_partitions(context["run_id"])


class ReleaseTrigger(BaseTrigger):
    """Asks as often as the live trigger does."""

    def __init__(self, name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow leaves it untyped
        self.name = name

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return ("benchmarks.skeleton.ReleaseTrigger", {"name": self.name})

    async def run(self) -> Any:
        import asyncio

        while not release_file(self.name).exists():
            await asyncio.sleep(POLL_SECONDS)
        yield TriggerEvent({"met": True})  # type: ignore[no-untyped-call]  # Airflow leaves it untyped


EMPTY: dict[type[BaseOperator], type[BaseOperator]] = {
    StageOperator: EmptyStep,
    WaitOperator: EmptyWait,
    DecisionOperator: EmptyDecision,
    HandOverOperator: EmptyHandOver,
}


def register_emptied(dag_file: str) -> None:
    """Read a live DAG file; its DAGs register themselves with the file being parsed, each task emptied.

    Raises:
        AirflowException: a task is of a kind the skeleton does not know.
    """
    runpy.run_path(dag_file)
    for dag, _module in DagContext.autoregistered_dags:
        dag.on_failure_callback = None
        for task in dag.tasks:
            _empty(task)


def release_file(name: str) -> Path:
    """The file that ends a wait."""
    from mardev.settings import load_settings

    return load_settings().home / "run" / f"released-{name}"


def _empty(task: Any) -> None:
    try:
        task.__class__ = EMPTY[type(task)]
    except KeyError:
        raise AirflowException(f"The skeleton has no empty form of {type(task).__name__} ({task.task_id}).") from None
    task.on_failure_callback = task.on_success_callback = []

"""A step that failed becomes an incident that people see, and is closed when the step succeeds after all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mardev.domain.words import Lane, World
from mardev.errors import MarDevError
from mardev.warehouse.tables import incident, iteration, stage_claim

SOURCE = "task_failure"


@dataclass(frozen=True)
class FailedStep:
    """A failed task in the words of the people who read about it."""

    dag_id: str
    run_id: str
    task_id: str
    step_name: str
    stage_name: str
    lane: Lane
    iteration_key: str | None

    @property
    def incident_key(self) -> str:
        """One incident for a step of a run, however often it fails."""
        return f"task/{self.dag_id}/{self.run_id}/{self.task_id}"


def describe_failure(error: BaseException | str | None) -> tuple[str, str]:
    """What happened and what to do next, in plain words and without anything secret.

    Only our own errors are quoted: they are written for people. Others may carry addresses or keys.
    """
    if isinstance(error, BaseException):
        for cause in (error, error.__cause__, error.__context__):
            if isinstance(cause, MarDevError):
                return str(cause), "Do what the message says, then clear the step in Airflow: it continues from there."
    if isinstance(error, BaseException):
        return (
            f"The step stopped with an unexpected error ({type(error).__name__}). Its log shows where.",
            "Open the step's log, mend the cause, then clear the step in Airflow: it continues from there.",
        )
    return (
        "The step was stopped from outside: it was killed, or the machine was restarted.",
        "Clear the step in Airflow: it continues from there, nothing is done twice.",
    )


def open_incident(
    connection: sa.Connection, step: FailedStep, world: World, detail: str, next_step: str, at: datetime
) -> None:
    """Open the incident of `step`, or open it again. The caller owns the transaction."""
    statement = insert(incident).values(
        incident_key=step.incident_key,
        world=world,
        iteration_key=_known_iteration(connection, step.iteration_key),
        lane=step.lane,
        source=SOURCE,
        title=f"{step.step_name} failed in {step.stage_name}",
        detail=detail,
        next_step=f"{next_step} Runbook: docs/runbooks/{step.dag_id}.md",
        page_path=f"/dags/{step.dag_id}/runs/{step.run_id}/tasks/{step.task_id}",
        opened_at=at,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["incident_key"],
            set_={
                "detail": statement.excluded.detail,
                "next_step": statement.excluded.next_step,
                "closed_at": None,
            },
        )
    )


def close_incident(connection: sa.Connection, incident_key: str, at: datetime) -> None:
    """The step succeeded after all. The caller owns the transaction."""
    connection.execute(
        sa.update(incident)
        .where(incident.c.incident_key == incident_key, incident.c.closed_at.is_(None))
        .values(closed_at=sa.func.greatest(at, incident.c.opened_at))
    )


def close_earlier_incidents(connection: sa.Connection, dag_id: str, task_id: str, at: datetime) -> None:
    """A later run of a standing pipeline did the work of the one that failed. The caller owns the transaction."""
    connection.execute(
        sa.update(incident)
        .where(_of_earlier_runs(dag_id, task_id))
        .values(closed_at=sa.func.greatest(at, incident.c.opened_at))
    )


def has_earlier_incident(connection: sa.Connection, dag_id: str, task_id: str) -> bool:
    """Whether an incident of this step is open, whichever run failed."""
    return bool(connection.scalar(sa.select(sa.exists().where(_of_earlier_runs(dag_id, task_id)))))


def _of_earlier_runs(dag_id: str, task_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        incident.c.closed_at.is_(None),
        incident.c.source == SOURCE,
        incident.c.incident_key.startswith(f"task/{dag_id}/", autoescape=True),
        incident.c.incident_key.endswith(f"/{task_id}", autoescape=True),
    )


def without_incident(connection: sa.Connection, steps: Sequence[FailedStep]) -> list[FailedStep]:
    """Those of `steps` that have no open incident."""
    keys = [step.incident_key for step in steps]
    told = set(
        connection.scalars(
            sa.select(incident.c.incident_key).where(incident.c.incident_key.in_(keys), incident.c.closed_at.is_(None))
        )
    )
    return [step for step in steps if step.incident_key not in told]


def iteration_of_claim(connection: sa.Connection, dag_id: str, run_id: str) -> str | None:
    """The iteration whose stage the run holds, None for a standing pipeline and a run that holds nothing."""
    key: str | None = connection.scalar(
        sa.select(stage_claim.c.iteration_key).where(
            stage_claim.c.run_id == run_id, sa.cast(stage_claim.c.stage, sa.Text) == dag_id
        )
    )
    return key


def last_known_instant(connection: sa.Connection) -> datetime | None:
    """The newest instant of the world that the warehouse saw, for when the world's clock does not answer."""
    instant: datetime | None = connection.scalar(sa.select(sa.func.max(stage_claim.c.claimed_at)))
    return instant


def _known_iteration(connection: sa.Connection, key: str | None) -> str | None:
    return connection.scalar(sa.select(iteration.c.iteration_key).where(iteration.c.iteration_key == key))

"""From a running Airflow task to the context a stage step works with."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from mardev.clock import clock_of
from mardev.domain.words import Stage
from mardev.orchestration.connections import airflow_connections
from mardev.orchestration.mail_transport import SmtpHookTransport
from mardev.settings import Settings, load_settings
from mardev.stages.context import RunLabel, StageContext
from mardev.warehouse.engine import create_engine
from mardev.warehouse.tables import iteration

CLOCK_CONNECTION = "mardev_clock"
MAIL_CONNECTION = "mardev_mail"

AirflowContext = Mapping[str, Any]


def stage_context(airflow: AirflowContext) -> StageContext:
    """Everything a step may use, built from the task that runs.

    Raises:
        FixFirst: a connection is missing, or there is no warehouse yet.
    """
    settings = load_settings()
    engine = warehouse(settings)
    clock_record = airflow_connections(CLOCK_CONNECTION)
    run = run_label(airflow)
    return StageContext(
        warehouse=engine,
        clock=clock_of(clock_record.host),
        world=clock_record.world,
        connection=cache(airflow_connections),  # a step asks for the same few again and again
        mail=SmtpHookTransport(MAIL_CONNECTION),
        run=run,
        settings=settings,
        params=dict(airflow.get("params") or {}) if run.dag_id == Stage.PLAN else {},
        iteration=iteration_of_run(engine, airflow),
    )


def run_label(airflow: AirflowContext) -> RunLabel:
    task_instance = airflow["ti"]
    return RunLabel(
        dag_id=task_instance.dag_id,
        run_id=task_instance.run_id,
        task_id=task_instance.task_id,
        try_number=task_instance.try_number or 1,
        started_by=getattr(airflow.get("dag_run"), "triggering_user_name", None),
    )


def iteration_of_run(engine: sa.Engine, airflow: AirflowContext) -> str | None:
    """The run's partition key; for `plan`, whose run opens the iteration, what it opened."""
    key: str | None = getattr(airflow.get("dag_run"), "partition_key", None)
    task_instance = airflow["ti"]
    if key or task_instance.dag_id != Stage.PLAN:
        return key
    with engine.connect() as connection:
        return connection.scalar(
            sa.select(iteration.c.iteration_key).where(iteration.c.opened_by_run == task_instance.run_id)
        )


def warehouse(settings: Settings) -> sa.Engine:
    """The writer's engine of this process."""
    return _engine(settings.warehouse_url)


@cache
def _engine(url: str) -> sa.Engine:
    return create_engine(url, "writer", pool_size=1)  # a step opens dozens, one after the other

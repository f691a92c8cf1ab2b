"""One real Airflow for the chain's tests, on the run's PostgreSQL."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from builders.real_airflow import RealAirflow
from mardev.settings import PROJECT_ROOT
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine
from mardev.warehouse.tables import role_member

HERE = Path(__file__).parent
STAGES = ("plan", "create", "verify", "publish", "monitor", "retrospect")


class Chain:
    """The running chain: what Airflow did, and what the warehouse says."""

    def __init__(self, airflow: RealAirflow, warehouse: sa.Engine, home: Path) -> None:
        self.airflow = airflow
        self.warehouse = warehouse
        self.home = home

    def start(self, key: str) -> str:
        return self.airflow.trigger("plan", {"campaign": key})

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), parameters)]

    def claims(self, key: str) -> dict[str, str]:
        found = self.rows("SELECT stage, run_id FROM ops.stage_claim WHERE iteration_key = :key", key=key)
        return {stage: run_id for stage, run_id in found}

    def runs_of(self, dag_id: str, key: str) -> list[dict[str, Any]]:
        return [run for run in self.airflow.runs(dag_id) if run["partition_key"] == key]

    def wait(self, what: str, condition: Callable[[], Any], *, seconds: float = 300) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := condition():
                return found
            time.sleep(0.5)
        raise AssertionError(f"{what}: still not so after {seconds} s")

    def wait_for_claim(self, key: str, stage: str, *, seconds: float = 300) -> str:
        return str(self.wait(f"{stage} of {key} claimed", lambda: self.claims(key).get(stage), seconds=seconds))

    def wait_for_task(self, dag_id: str, run_id: str, task_id: str, *states: str) -> str:
        def state() -> str | None:
            found = self.airflow.task(dag_id, run_id, task_id)["state"]
            return found if found in states else None

        return str(self.wait(f"{dag_id}.{task_id} {states}", state))


@pytest.fixture(scope="package")
def chain(postgres: EmbeddedPostgres, template_database: str, test_home: Path) -> Iterator[Chain]:
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        for name, owner, template in (
            ("chain", "mardev", template_database),
            ("chain_airflow", "airflow", "template1"),
        ):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*map(sql.Identifier, (name, owner, template)))
            )
    url = postgres.url("mardev", "chain").replace("postgresql://", "postgresql+psycopg://", 1)
    warehouse = create_engine(url, "writer")
    people = (("mia", "marketing"), ("ian", "technology"), ("hana", "head"))
    with warehouse.begin() as connection:
        for person, role in people:
            connection.execute(
                sa.insert(role_member).values(
                    person=person, role=role, full_name=person.capitalize(), email=f"{person}@aptovia.example",
                    airflow_user_id=person,
                )
            )  # fmt: skip
    airflow = RealAirflow(
        test_home / "chain",
        database_url=postgres.url("airflow", "chain_airflow").replace("postgresql://", "postgresql+psycopg2://", 1),
        dags=HERE / "dags",
        environment={
            "MARDEV_DATABASE_URL": url,
            "MARDEV_HOME": str(test_home / "chain-home"),
            "CHAIN_FOLDER": str(test_home),
            "AIRFLOW_CONN_MARDEV_CLOCK": json.dumps({"conn_type": "http", "extra": {"world": "sandbox"}}),
            "PYTHONPATH": f"{HERE}:{PROJECT_ROOT / 'include'}",
        },
        executor="mardev.orchestration.executor.SafeLocalExecutor",
    )
    try:
        airflow.start()
        chain = Chain(airflow, warehouse, test_home)
        chain.wait("the DAGs are known", lambda: airflow.call("GET", "/api/v2/dags")["total_entries"] >= 7)
        yield chain
    finally:
        airflow.stop()
        warehouse.dispose()

"""A simulated world in a process of its own, stage contexts on it, and what its warehouse holds."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import sqlalchemy as sa
from psycopg import sql

from builders.contexts import connections
from builders.simulation import free_port
from mardev.cli.demo.earlier_iteration import EarlierIteration
from mardev.cli.world_control import WorldControl
from mardev.clock import Clock, clock_of
from mardev.connectors.mail import MailTransport, SmtplibTransport
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import Stage, World
from mardev.home.first_connections import sandbox_connections
from mardev.home.ports import Ports
from mardev.settings import load_settings
from mardev.stages.context import RunLabel, StageContext
from mardev.stages.plan.open_iteration import open_iteration
from mardev.warehouse.embedded import EmbeddedPostgres

CONTROL_TOKEN = "test-control"
STARTS_WITHIN_SECONDS = 90
REPEATED = (1, 4)
"""Of a pipeline's runs: the first, and one in the middle of the flight."""


@dataclass(frozen=True)
class ServedWorld:
    """A running world, the way to control it, and the connections to its systems."""

    url: str
    home: Path
    control: WorldControl
    clock: Clock
    records: Mapping[str, ConnectionRecord]

    def context(
        self,
        engine: sa.Engine,
        *,
        run_id: str = "test_run",
        dag_id: str = "plan",
        started_by: str = "mia",
        params: Mapping[str, Any] | None = None,
        iteration: str | None = None,
        mail: MailTransport | None = None,
        **changed: Mapping[str, Any],
    ) -> StageContext:
        """A context on this world; ``youtube={"password": "wrong"}`` changes fields of that connection."""
        records = [
            replace(record, **changed.get(name.removeprefix("mardev_"), {})) for name, record in self.records.items()
        ]
        return StageContext(
            warehouse=engine,
            clock=self.clock,
            world=World.SANDBOX,
            connection=connections(*records),
            mail=mail or SmtplibTransport(self.records["mardev_mail"]),
            run=RunLabel(dag_id, run_id, "test_task", started_by=started_by),
            settings=load_settings({**os.environ, "MARDEV_HOME": str(self.home)}),
            params=params or {},
            iteration=iteration,
        )

    def let_pass(self, **span: float) -> None:
        """Move the world's clock by a ``timedelta(**span)``."""
        self.control.advance(self.control.time().now + timedelta(**span))

    @contextmanager
    def broken(self, system: str, kind: str) -> Iterator[None]:
        """An outage of `system`, mended at the end."""
        incident = {"system": system, "kind": kind}
        self._incident("POST", incident).raise_for_status()
        try:
            yield
        finally:
            self._incident("DELETE", incident).raise_for_status()

    def _incident(self, method: str, incident: Mapping[str, str]) -> httpx.Response:
        return httpx.request(
            method,
            f"{self.url}/_sandbox/incidents",
            json=dict(incident),
            headers={"Authorization": f"Bearer {CONTROL_TOKEN}"},
        )

    def truth(self, topic: str) -> Any:
        """What the world knows and nobody is told, for instance its `deals`."""
        answer = httpx.get(f"{self.url}/_truth/{topic}", headers={"Authorization": f"Bearer {CONTROL_TOKEN}"})
        return answer.raise_for_status().json()[topic]

    def health(self) -> Any:
        return httpx.get(f"{self.url}/_sandbox/health").raise_for_status().json()


@contextmanager
def served_world(home: Path, creators: int) -> Iterator[ServedWorld]:
    """The world of the incident script `demo`, in its own process; ended at the end."""
    ports = Ports(api=1, sandbox_http=free_port(), sandbox_smtp=free_port())
    home.mkdir(parents=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--home", str(home / "world"), "--script", "demo",
               "--http-port", str(ports.sandbox_http), "--smtp-port", str(ports.sandbox_smtp),
               "--creators", str(creators), "--control-token", CONTROL_TOKEN]  # fmt: skip
    with (home / "sandbox.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait_for(f"{ports.sandbox_url}/_sandbox/health", process)
            records = {record.name: record for record in sandbox_connections(ports)}
            control = WorldControl(ports.sandbox_url, CONTROL_TOKEN)
            yield ServedWorld(ports.sandbox_url, home, control, clock_of(records["mardev_clock"].host), records)
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(address).is_success:
                return
        time.sleep(0.1)
    raise AssertionError(f"The sandbox did not start within {STARTS_WITHIN_SECONDS} s (exit status {process.poll()})")


@dataclass
class RepeatedIteration(EarlierIteration):
    """Works steps twice, as after a kill that came too late; `changes` keeps what a second time changed.

    Each step of a stage, and of what stands beside the stages the runs `REPEATED`.
    """

    changes: dict[str, list[str]] = field(default_factory=dict)
    runs: Counter[str] = field(default_factory=Counter)

    def _do(self, stage: str, step: Any, *given: Any) -> Any:
        result = super()._do(stage, step, *given)
        self.runs[step.__name__] += 1
        if stage not in tuple(Stage) and self.runs[step.__name__] not in REPEATED:
            return result
        once = fingerprints(self.context.warehouse)
        result = super()._do(stage, step, *given)
        twice = fingerprints(self.context.warehouse)
        if changed := [name for name in once if once[name] != twice[name]]:
            self.changes.setdefault(step.__name__, []).extend(changed)
        return result


class PlannedIteration(EarlierIteration):
    """Works the plan, and leaves the rest to the test."""

    def work(self, form: Mapping[str, Any]) -> str:
        self.context = replace(self.context, params=form)
        key: str = self._do(Stage.PLAN, open_iteration)
        self.context = replace(self.context, iteration=key)
        self._plan()
        self._hand_over(Stage.PLAN)
        return key


def rename_iteration(postgres: EmbeddedPostgres, engine: sa.Engine, old: str, new: str) -> None:
    """Give an iteration that has nothing but a plan another key, everywhere in its warehouse."""
    tables_with_key = (
        "SELECT table_schema, table_name FROM information_schema.columns "
        "WHERE column_name = 'iteration_key' AND table_schema IN ('core', 'ops')"
    )
    with psycopg.connect(postgres.url("postgres", str(engine.url.database))) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys would see half a renaming
        for schema, table in connection.execute(tables_with_key).fetchall():
            name = sql.Identifier(schema, table)
            rename = sql.SQL("UPDATE {} SET iteration_key = %s WHERE iteration_key = %s").format(name)
            connection.execute(rename, [new, old])


def fingerprints(engine: sa.Engine) -> dict[str, tuple[int, int]]:
    """Table to row count and content, for everything in `core` and `mart`; which run wrote a row does not matter."""
    columns_by_table = sa.text(
        "SELECT table_schema || '.' || table_name AS name, string_agg(column_name, ', ') AS columns "
        "FROM information_schema.columns JOIN pg_class ON oid = (table_schema || '.' || table_name)::regclass "
        "WHERE table_schema IN ('core', 'mart') AND relkind IN ('r', 'p') AND NOT relispartition "
        "AND column_name <> 'ingest_run_id' GROUP BY 1 ORDER BY 1".replace("::", "\\:\\:")
    )
    with engine.connect() as connection:
        each = [
            f"SELECT '{row.name}' AS name, count(*) AS rows, "
            f"coalesce(sum(hashtextextended(CAST(ROW({row.columns}) AS text), 0)), 0) AS content FROM {row.name}"
            for row in connection.execute(columns_by_table)
        ]
        found = connection.execute(sa.text(" UNION ALL ".join(each)))
        return {row.name: (row.rows, int(row.content)) for row in found}

"""A simulated world and a warehouse of a benchmark's own: nothing of a running MarDev is touched."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from mardev.cli.world_control import WorldControl
from mardev.clock import Clock, clock_of
from mardev.connectors.mail import SmtplibTransport
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.home.first_connections import sandbox_connections
from mardev.home.ports import Ports
from mardev.settings import PROJECT_ROOT, load_settings
from mardev.stages.context import RunLabel, StageContext
from mardev.warehouse import tables
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import migrate

STARTS_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class ServedSandbox:
    """A running world, its clock, its connections and an empty warehouse."""

    url: str
    engine: sa.Engine
    control: WorldControl
    clock: Clock
    records: Mapping[str, ConnectionRecord]

    def context(self, iteration: str, *, dag_id: str = "plan") -> StageContext:
        """What a step of an iteration gets."""
        return StageContext(
            warehouse=self.engine,
            clock=self.clock,
            world=World.SANDBOX,
            connection=self._record,
            mail=SmtplibTransport(self.records["mardev_mail"]),
            run=RunLabel(dag_id, f"bench-{iteration}", "bench"),
            settings=load_settings(),
            params={},
            iteration=iteration,
        )

    def open_iteration(self, key: str, form: Mapping[str, Any]) -> StageContext:
        """An iteration that asks for `form`; no mail is written and no KPI is measured for it."""
        now = self.clock.now()
        row = {
            "iteration_key": key, "world": "sandbox", "campaign": key, "objective": "positioning",
            "conversion_kind": "install", "difference": "a benchmark", "form": dict(form), "markets": form["markets"],
            "languages": form["languages"], "topics": form["topics"], "integration_types": ["dedicated_video"],
            "budget_amount": 1, "budget_currency": "EUR", "flight_from": now + timedelta(days=10),
            "flight_to": now + timedelta(days=24), "owner": "bench", "opened_by": "bench", "opened_by_run": key,
            "opened_at": now,
        }  # fmt: skip
        with self.engine.begin() as connection:
            connection.execute(sa.insert(tables.iteration).values(row))
        return self.context(key)

    def spent_by_the_platform(self) -> dict[str, int]:
        """Units that the simulated YouTube counted today, by bucket: not our own count."""
        quota = httpx.get(f"{self.url}/_sandbox/health", trust_env=False).raise_for_status().json()["youtube_quota"]
        return {bucket: int(state["spent"]) for bucket, state in quota.items()}

    def advance(self, days: float) -> datetime:
        """Let the world's time pass."""
        return self.control.advance(self.control.time().now + timedelta(days=days)).now

    def _record(self, name: str) -> ConnectionRecord:
        try:
            return self.records[name]
        except KeyError:
            raise FixFirst(f"There is no connection {name}.") from None


@contextmanager
def served_sandbox(creators: int, *, seed: int = 7, script: str = "none") -> Iterator[ServedSandbox]:
    """Start both, and end them at the end."""
    with tempfile.TemporaryDirectory(prefix="mardev-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)  # PostgreSQL runs as another user
        server = EmbeddedPostgres(home / "postgres", binaries=load_settings().postgres_binaries)
        server.start()
        try:
            url = server.url("mardev").replace("postgresql://", "postgresql+psycopg://", 1)
            owner = create_engine(url, "owner")
            migrate(owner, PROJECT_ROOT / "sql" / "migrations")
            owner.dispose()
            engine = create_engine(url, "writer", pool_size=5)
            with _world(home / "world", creators, seed, script) as (ports, control):
                records = {record.name: record for record in sandbox_connections(ports)}
                yield ServedSandbox(ports.sandbox_url, engine, control, clock_of(records["mardev_clock"].host), records)
            engine.dispose()
        finally:
            server.stop("immediate")


@contextmanager
def _world(home: Path, creators: int, seed: int, script: str) -> Iterator[tuple[Ports, WorldControl]]:
    ports = Ports(api=1, sandbox_http=_free_port(), sandbox_smtp=_free_port())
    token = secrets.token_hex(8)
    command = [
        sys.executable, "-m", "sandbox", "serve", "--home", str(home), "--http-port", str(ports.sandbox_http),
        "--smtp-port", str(ports.sandbox_smtp), "--creators", str(creators), "--seed", str(seed), "--script", script,
        "--control-token", token,
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT / "include")}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        try:
            _wait_until_it_answers(f"{ports.sandbox_url}/_sandbox/health", process)
            yield ports, WorldControl(ports.sandbox_url, token)
        finally:
            process.terminate()


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(address, trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise SystemExit(f"The sandbox did not start (exit status {process.poll()}).")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A copy of the project with one step more, in a real Airflow, beside a small simulated world."""

import difflib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from benchmarks.project_copy import copy_project
from psycopg import sql

from builders.real_airflow import RealAirflow
from builders.served_world import served_world
from mardev.domain.connection import ConnectionRecord
from mardev.settings import PROJECT_ROOT
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine

ENDED = ("success", "failed")
STEP_FILE = "include/mardev/stages/check_systems/note_own_channels.py"
STEP = '''"""Keeps the brand's own channels, which a person lists in a file, among the channels we know."""

import json
from datetime import timedelta
from typing import Any

from mardev.stages.context import StageContext
from mardev.stages.publishing import publish_batch


def note_own_channels(context: StageContext) -> dict[str, Any]:
    """Publish a row for each channel of the list."""
    now = context.clock.now()
    rows = [
        {
            "channel_key": f"youtube:{channel['id']}", "world": str(context.world), "platform": "youtube",
            "external_id": channel["id"], "title": channel["title"], "country": channel["country"],
            "first_seen_at": now, "refreshed_at": now, "expires_at": now + timedelta(days=30),
        }
        for channel in json.loads((context.settings.project_root / "own_channels.json").read_text())
    ]
    return publish_batch(context, "channel", rows).as_json()
'''
DAG_FILE = "dags/check_systems.py"
BEFORE = "\n\ncheck_systems()\n"
WIRING = "    stage_task(note_own_channels, lane=Lane.MARKETING)()\n"
IMPORT = "from mardev.stages.check_systems.note_own_channels import note_own_channels\n"


@dataclass(frozen=True)
class ExtendedProject:
    """The running copy."""

    tree: Path
    airflow: RealAirflow
    warehouse: sa.Engine

    def run_with(self, channels: Sequence[dict[str, str]]) -> tuple[str, str]:
        """Run the pipeline of the new step on a list of channels; the run's id and what became of the step."""
        (self.tree / "own_channels.json").write_text(json.dumps(list(channels)))
        run_id = self.airflow.trigger("check_systems", {})
        until = time.monotonic() + 120
        while time.monotonic() < until:
            state = self.airflow.task("check_systems", run_id, "note_own_channels")["state"]
            if state in ENDED:
                return run_id, state
            time.sleep(0.3)
        raise AssertionError(f"note_own_channels of {run_id} is still {state}; look into {self.airflow.home}")

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), parameters)]

    def ledger(self, run_id: str) -> list[tuple[Any, ...]]:
        """Asset, state, staged and quarantined rows of the step, and what the gate decided."""
        return self.rows(
            "SELECT run.asset, run.state, run.staged_count, run.quarantined_count, verdict.decision"
            " FROM ops.ingest_run AS run JOIN dq.validation_run AS verdict USING (ingest_run_id)"
            " WHERE run.run_label = :label",
            label=f"check_systems/{run_id}/note_own_channels",
        )

    def quarantined(self, run_id: str) -> dict[str, list[str]]:
        """Key of each row of the step that was held back, and the rules it breaks."""
        return dict(self.rows(
            "SELECT held.payload ->> 'channel_key', held.rules"
            " FROM dq.quarantined_row AS held JOIN ops.ingest_run AS run USING (ingest_run_id)"
            " WHERE run.run_label = :label",
            label=f"check_systems/{run_id}/note_own_channels",
        ))  # type: ignore[arg-type]  # fmt: skip

    def countries(self) -> dict[str, str]:
        """Country of each published channel."""
        return dict(self.rows("SELECT external_id, country FROM core.channel"))  # type: ignore[arg-type]

    def changes(self) -> dict[str, list[str]]:
        """What the copy says otherwise than the project: file to the lines added or taken away."""
        found = {}
        for folder in ("dags", "include", "plugins", "sql"):
            for path in sorted((self.tree / folder).rglob("*")):
                if path.suffix in (".py", ".sql", ".toml"):
                    name = str(path.relative_to(self.tree))
                    ours = PROJECT_ROOT / name
                    before = ours.read_text().splitlines() if ours.exists() else []
                    lines = list(difflib.unified_diff(before, path.read_text().splitlines(), n=0, lineterm=""))[2:]
                    if changed := [line for line in lines if not line.startswith("@@")]:
                        found[name] = changed
        return found


def add_step(tree: Path) -> None:
    """What CONTRIBUTING asks for: the step's own file, and its line in the DAG file, imported there."""
    (tree / STEP_FILE).write_text(STEP)
    dag = (tree / DAG_FILE).read_text()
    first_import = dag.index("from mardev.stages.check_systems.check_systems import")
    dag = dag[:first_import] + IMPORT + dag[first_import:]
    assert dag.count(BEFORE) == 1
    (tree / DAG_FILE).write_text(dag.replace(BEFORE, WIRING + BEFORE))


@pytest.fixture(scope="module")
def project(postgres: EmbeddedPostgres, template_database: str, test_home: Path) -> Iterator[ExtendedProject]:
    tree, home = test_home / "extended", test_home / "extended-home"
    python = copy_project(tree)
    add_step(tree)
    # The other pipelines start by themselves, every few minutes; here they would only cost time.
    others = [path.name for path in (tree / "dags").glob("*.py") if path.name != Path(DAG_FILE).name]
    (tree / "dags" / ".airflowignore").write_text("\n".join(others))
    (tree / "own_channels.json").write_text("[]")  # the pipeline starts by itself, before the first test
    url = _databases(postgres, template_database)
    warehouse = create_engine(url, "writer")
    with served_world(home, creators=60) as world:
        airflow = RealAirflow(
            test_home / "extended-airflow",
            database_url=postgres.url("airflow", "extended_airflow").replace("://", "+psycopg2://", 1),
            dags=tree / "dags",
            environment={
                "MARDEV_DATABASE_URL": url,
                "MARDEV_HOME": str(home),
                "PYTHONPATH": str(tree / "include"),
                **{f"AIRFLOW_CONN_{name.upper()}": _as_airflow_reads(one) for name, one in world.records.items()},
            },
            executor="mardev.orchestration.executor.SafeLocalExecutor",
            python=python,
            components=("scheduler", "dag-processor"),
        )
        try:
            airflow.start()
            extended = ExtendedProject(tree, airflow, warehouse)
            _wait_for_dag(airflow)
            yield extended
        finally:
            airflow.stop()
            warehouse.dispose()


def _databases(postgres: EmbeddedPostgres, template: str) -> str:
    """Make a warehouse and Airflow's database; the warehouse's URL."""
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        for name, owner, made_from in (("extended", "mardev", template), ("extended_airflow", "airflow", "template1")):
            identifiers = map(sql.Identifier, (name, owner, made_from))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*identifiers))
    return postgres.url("mardev", "extended").replace("://", "+psycopg://", 1)


def _as_airflow_reads(record: ConnectionRecord) -> str:
    return json.dumps({
        "conn_type": "http", "host": record.host, "port": record.port, "login": record.login,
        "password": record.password, "extra": {**record.extra, "world": str(record.world)},
    })  # fmt: skip


def _wait_for_dag(airflow: RealAirflow) -> None:
    until = time.monotonic() + 120
    while not airflow.call("GET", "/api/v2/dags")["total_entries"]:
        assert time.monotonic() < until, f"no DAG is known; look into {airflow.home}"
        time.sleep(0.3)

"""Everything that has to be true before the first component starts: database, schema, roles, people, connections."""

import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import time
from importlib import metadata
from pathlib import Path

import psycopg
import sqlalchemy as sa

from mardev.cli.supervisor.components import python_of_project
from mardev.cli.supervisor.configuration import child_environment
from mardev.cli.supervisor.processes import spawn
from mardev.errors import FixFirst
from mardev.home.ports import Ports
from mardev.settings import Settings
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import migrate, read_migrations, schema_version

DUMPS_KEPT = 3
PREVIOUS_LOGS_KEPT = 3


def postgres_of(settings: Settings) -> EmbeddedPostgres:
    return EmbeddedPostgres(settings.postgres_home, binaries=settings.postgres_binaries)


def prepare_folders(settings: Settings) -> None:
    """Make the home's folders; what holds secrets is closed to everybody else."""
    for folder in (settings.secrets, settings.airflow_home, settings.logs, settings.home / "run"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def rotate_logs(settings: Settings) -> None:
    """Put the logs of the last start aside as ``name.log.1`` and so on."""
    for log in settings.logs.glob("*.log"):
        for number in range(PREVIOUS_LOGS_KEPT, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            newer = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)


def migrate_warehouse(settings: Settings) -> list[str]:
    """Bring the warehouse to this version's schema; a dump is made first when there are data to lose.

    Returns:
        The migrations applied now.

    Raises:
        FixFirst: the warehouse was made by other migrations of the same number, or by a newer version.
    """
    folder = settings.sql / "migrations"
    owner = create_engine(settings.warehouse_url, "owner")
    try:
        current = schema_version(owner)
        newest = read_migrations(folder)[-1].revision
        if current is not None:
            _refuse_rewritten_migrations(settings, current)
            if current < newest:
                dump_warehouse(settings, current)
        applied = migrate(owner, folder)
    except sa.exc.OperationalError as error:
        raise FixFirst(f"The warehouse does not let us in. Check MARDEV_DATABASE_URL. {error.orig}") from error
    finally:
        owner.dispose()
    _migrations_record(settings).write_text(json.dumps(_migration_digests(settings), indent=1))
    return applied


def dump_warehouse(settings: Settings, version: str) -> Path:
    """Write a dump (``pg_restore`` reads it) into the home and keep the last three.

    Raises:
        FixFirst: there is no ``pg_dump``, or it fails.
    """
    folder = settings.home / "dumps"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"warehouse-{version}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.dump"
    program = postgres_of(settings).program("pg_dump") if settings.uses_embedded_postgres else shutil.which("pg_dump")
    if program is None:
        raise FixFirst("The warehouse has to be migrated and dumped before; install pg_dump (PostgreSQL client).")
    url = sa.make_url(settings.warehouse_url)
    outcome = subprocess.run(
        [str(program), "--format=custom", "--file", str(target), "--host", url.host or "localhost",
         "--port", str(url.port or 5432), "--username", url.username or "", url.database or ""],
        env={**os.environ, "PGPASSWORD": str(url.password or "")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if outcome.returncode:
        target.unlink(missing_ok=True)
        raise FixFirst(f"The dump before the migration failed, nothing was changed. {outcome.stderr.strip()}")
    for old in sorted(folder.glob("warehouse-*.dump"), key=lambda path: path.stat().st_mtime)[:-DUMPS_KEPT]:
        old.unlink()
    return target


def airflow_is_set_up(settings: Settings, ports: Ports) -> bool:
    """Whether the last set-up is still good: same code, same ports, same tables. Costs no Airflow import."""
    try:
        stamp = json.loads(_setup_stamp(settings).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    tables = _airflow_tables(settings)
    return bool(tables) and stamp == {"digest": _setup_digest(settings, ports), "tables": tables}


def start_airflow_set_up(settings: Settings, *, with_sandbox: bool) -> subprocess.Popen[bytes]:
    """Begin to set Airflow's database up in a process of its own; `finish_airflow_set_up` checks how it went."""
    python = python_of_project()
    # The servers leave roles alone; this process is the one that brings Airflow's own roles up to date.
    environment = child_environment(settings, python) | {
        "AIRFLOW__FAB__UPDATE_FAB_PERMS": "True",
        # Some hundred small commits, all of them repeated by the next start if the machine dies meanwhile.
        "PGOPTIONS": "-c synchronous_commit=off",
    }
    people = "sandbox" if with_sandbox else "none"
    command = [str(python), "-m", "mardev.orchestration.setup", "--people", people]
    return spawn(command, environment, settings.logs / "setup.log")


def finish_airflow_set_up(settings: Settings, ports: Ports, exit_code: int) -> None:
    """Note a good set-up.

    Raises:
        FixFirst: it failed; shows the last line of its log.
    """
    log = settings.logs / "setup.log"
    if exit_code:
        lines = log.read_text(errors="replace").strip().splitlines()
        raise FixFirst(f"Airflow's database could not be set up; {log} says why. {lines[-1] if lines else ''}")
    stamp = {"digest": _setup_digest(settings, ports), "tables": _airflow_tables(settings)}
    _setup_stamp(settings).write_text(json.dumps(stamp))


def _setup_stamp(settings: Settings) -> Path:
    return settings.airflow_home / "set_up.json"


def _setup_digest(settings: Settings, ports: Ports) -> str:
    digest = hashlib.sha256()
    for package in ("apache-airflow", "apache-airflow-providers-fab"):
        digest.update(metadata.version(package).encode())
    sources = settings.project_root / "include" / "mardev"
    for path in sorted([*(sources / "orchestration" / "setup").glob("*.py"), *(sources / "home").glob("*.py")]):
        digest.update(path.read_bytes())
    digest.update(json.dumps(dataclasses.asdict(ports)).encode())
    digest.update(str((settings.secrets / "passwords.json").exists()).encode())
    return digest.hexdigest()


def _airflow_tables(settings: Settings) -> list[str]:
    """The schema versions of Airflow and its login, and when its database was made: empty when it is not there."""
    url = sa.make_url(settings.airflow_database_url).set(drivername="postgresql")
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT (SELECT version_num FROM alembic_version), (SELECT version_num FROM alembic_version_fab),"
                " (SELECT oid::text FROM pg_database WHERE datname = current_database()),"
                " (SELECT count(*)::text FROM ab_role WHERE name IN ('Marketing', 'IT', 'Head'))"
            ).fetchone()
    except psycopg.Error:
        return []
    return [str(value) for value in row] if row else []


def _migrations_record(settings: Settings) -> Path:
    return settings.home / "migrations.json"


def _migration_digests(settings: Settings) -> dict[str, str]:
    paths = sorted((settings.sql / "migrations").glob("*.sql"))
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def rewritten_migrations(settings: Settings) -> list[str]:
    """Names of migrations that say something else now than when they were applied here."""
    try:
        applied = json.loads(_migrations_record(settings).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    now = _migration_digests(settings)
    return [name for name, digest in applied.items() if name in now and now[name] != digest]


def _refuse_rewritten_migrations(settings: Settings, current: str) -> None:
    changed = [name for name in rewritten_migrations(settings) if name[:4] <= current]
    if changed:
        raise FixFirst(
            f"The warehouse was made by another text of {', '.join(changed)}. An applied migration is never changed: "
            "undo the change and add a new migration, or run `mardev reset` to start with an empty warehouse."
        )

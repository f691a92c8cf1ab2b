"""What every test may use: one PostgreSQL for the whole run, and a fresh migrated warehouse for each test that asks."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from mardev.clock import FixedClock
from mardev.settings import PROJECT_ROOT
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import migrate

FOLDER_MARKERS = ("unit", "contract", "dags", "integration", "e2e")
# One real Airflow at a time: two of them at once would each take longer than both in turn.
WITH_AIRFLOW = (
    "tests/e2e",
    "tests/integration/chain",
    "tests/integration/extending",
    "tests/integration/launcher",
)
TEMPLATE = "mardev_template"
_database_number = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder sets the marker; a test outside the five folders is a mistake.

    What takes longest goes first, so that no process waits for it at the end; folder by folder, so that each Airflow
    is stopped before the next one starts.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder not in FOLDER_MARKERS:
            raise pytest.UsageError(f"{item.nodeid} is in none of the test folders {', '.join(FOLDER_MARKERS)}")
        item.add_marker(folder)
        if folder == "unit":
            item.add_marker(pytest.mark.disable_socket)
    items.sort(key=lambda item: _place(item.nodeid))


class FileByFile(LoadScopeScheduling):
    """Several processes share the tests: a file stays in one of them, and so does whatever runs a real Airflow.

    Written out here because the groups of pytest-xdist 3.8 (`--dist loadgroup`) get lost under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "airflow" if _runs_airflow(nodeid) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FileByFile:
    return FileByFile(config, log)


def _runs_airflow(nodeid: str) -> bool:
    return nodeid.startswith(WITH_AIRFLOW)


def _place(nodeid: str) -> int:
    return next((place for place, folder in enumerate(WITH_AIRFLOW) if nodeid.startswith(folder)), len(WITH_AIRFLOW))


@pytest.fixture(scope="session")
def test_home() -> Iterator[Path]:
    """A folder of this run that PostgreSQL's unprivileged user may enter."""
    base = Path(tempfile.mkdtemp(prefix="mardev-tests-"))
    base.chmod(0o711)
    yield base
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(test_home: Path) -> Iterator[EmbeddedPostgres]:
    """One real server for the whole run."""
    server = EmbeddedPostgres(
        test_home / "postgres", binaries=Path(os.environ["MARDEV_PG_BIN"]) if "MARDEV_PG_BIN" in os.environ else None
    )
    server.start()
    # Nothing here has to survive a power cut, and each test makes a database of its own.
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    """A migrated database that the tests' databases are copies of."""
    _create_database(postgres, TEMPLATE, template="template1")
    owner = create_engine(_url(postgres, TEMPLATE), "owner")
    migrate(owner, PROJECT_ROOT / "sql" / "migrations")
    owner.dispose()
    return TEMPLATE


@pytest.fixture
def warehouse_url(postgres: EmbeddedPostgres, template_database: str) -> Iterator[str]:
    """SQLAlchemy URL of a warehouse of this test's own."""
    name = f"test_{os.getpid()}_{next(_database_number)}"
    _create_database(postgres, name, template=template_database)
    yield _url(postgres, name)
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def engine(warehouse_url: str) -> Iterator[sa.Engine]:
    """Writer on a warehouse of this test's own."""
    writer = create_engine(warehouse_url, "writer")
    yield writer
    writer.dispose()


@pytest.fixture
def warehouse(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open writer connection inside a transaction that is rolled back."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        if transaction.is_active:
            transaction.rollback()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 10, 5, 8, tzinfo=UTC))


def _url(postgres: EmbeddedPostgres, database: str) -> str:
    return postgres.url("mardev", database).replace("postgresql://", "postgresql+psycopg://", 1)


def _create_database(postgres: EmbeddedPostgres, name: str, *, template: str) -> None:
    # Copying the files takes a tenth of the time of writing each page to the log first, which is PostgreSQL's default.
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER mardev TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

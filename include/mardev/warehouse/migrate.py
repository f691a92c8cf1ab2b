"""Brings the warehouse to the schema this code was written for.

A migration is a file ``sql/migrations/NNNN_name.sql``. Alembic runs them in order, each in its own
transaction, under an advisory lock, and remembers the last one in ``ops.schema_version``. Forward only.
"""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script.revision import Revision, RevisionMap

from mardev.errors import FixFirst

ADVISORY_LOCK = 726354
LOCK_TIMEOUT = "30s"
FILE_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")


class SqlRevision(Revision):
    """One migration file, in the shape Alembic walks."""

    def __init__(self, path: Path, down_revision: str | None) -> None:
        match = FILE_NAME.match(path.name)
        if not match:
            raise FixFirst(f"{path.name} is not named like a migration (0002_what_it_does.sql).")
        super().__init__(match.group(1), down_revision)
        self._path = path
        self.doc = path.stem
        self.module = SimpleNamespace(upgrade=lambda **_: None)

    def statements(self) -> str:
        return self._path.read_text()


def read_migrations(folder: Path) -> list[SqlRevision]:
    """The migrations of `folder`, oldest first."""
    revisions: list[SqlRevision] = []
    for path in sorted(folder.glob("*.sql")):
        revisions.append(SqlRevision(path, revisions[-1].revision if revisions else None))
    return revisions


def schema_version(engine: sa.Engine) -> str | None:
    """The newest migration applied, None for an empty database."""
    with engine.connect() as connection:
        return _context(connection).get_current_revision()


def migrate(engine: sa.Engine, folder: Path) -> list[str]:
    """Apply the migrations that are missing; several processes may call it at once.

    Returns:
        The names of the migrations applied now.

    Raises:
        FixFirst: the database was migrated by a newer version of the project.
    """
    revisions = read_migrations(folder)
    known = {revision.revision: revision for revision in revisions}
    applied: list[str] = []
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS ops")
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        connection.commit()
        try:
            current = _context(connection).get_current_revision()
            connection.rollback()
            if current is not None and current not in known:
                raise FixFirst(
                    f"The warehouse is at schema {current}, this version of MarDev at {revisions[-1].revision}. "
                    "Use the newer MarDev, or `mardev reset` to start with an empty warehouse."
                )
            _run(connection, revisions, applied)
        finally:
            connection.rollback()
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
            connection.commit()
    return applied


def _run(connection: sa.Connection, revisions: list[SqlRevision], applied: list[str]) -> None:
    revision_map = RevisionMap(lambda: revisions)
    revision_map.get_revisions("heads")  # the map links its revisions when it is first asked

    def missing(heads: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        done = heads[0] if heads else ""
        return [
            _step(revision, revision_map, connection, applied) for revision in revisions if revision.revision > done
        ]

    context = _context(connection, steps=missing)
    with context.begin_transaction():
        context.run_migrations()


def _step(
    revision: SqlRevision, revision_map: RevisionMap, connection: sa.Connection, applied: list[str]
) -> RevisionStep:
    def upgrade(**_: object) -> None:
        # The raw cursor, without parameters: `%` and `:name` in the file mean what they mean to PostgreSQL.
        driver_connection: Any = connection.connection.driver_connection
        driver_connection.execute(revision.statements())
        applied.append(revision.doc)

    revision.module = SimpleNamespace(upgrade=upgrade)
    return RevisionStep(revision_map, revision, True)  # type: ignore[arg-type]  # a Script is a Revision with a file


def _context(connection: sa.Connection, steps: Any = None) -> MigrationContext:
    return MigrationContext.configure(
        connection,
        opts={
            "fn": steps,
            "version_table": "schema_version",
            "version_table_schema": "ops",
            "transaction_per_migration": True,
        },
    )

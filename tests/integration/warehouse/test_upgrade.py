"""A warehouse with data comes through every migration that is newer than it."""

import shutil

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from tests.builders.batches import channel_row

from mardev.settings import PROJECT_ROOT
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import migrate, read_migrations, schema_version
from mardev.warehouse.tables import channel, metadata

MIGRATIONS = PROJECT_ROOT / "sql" / "migrations"
RELEASED = "0001"  # the schema of the last release: raise it with each release that brings a migration


@pytest.fixture
def empty_database(postgres):
    name = "upgrade"
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER mardev").format(sql.Identifier(name)))
    engine = create_engine(postgres.url("mardev", name).replace("postgresql://", "postgresql+psycopg://", 1), "owner")
    yield engine
    engine.dispose()
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_the_warehouse_of_the_last_release_comes_up_to_date_with_its_data(empty_database, tmp_path):
    for path in MIGRATIONS.glob("*.sql"):
        if path.name[:4] <= RELEASED:
            shutil.copy(path, tmp_path)
    migrate(empty_database, tmp_path)
    with empty_database.begin() as connection:
        connection.execute(sa.insert(channel).values(ingest_run_id=1, **channel_row()))
    applied = migrate(empty_database, MIGRATIONS)
    newest = read_migrations(MIGRATIONS)[-1].revision
    assert schema_version(empty_database) == newest
    assert all(name[:4] > RELEASED for name in applied)
    with empty_database.connect() as connection:
        assert connection.execute(sa.select(channel.c.title)).scalar_one() == channel_row()["title"]
        assert {table.name for table in metadata.tables.values() if table.schema == "core"} <= set(
            sa.inspect(connection).get_table_names("core")
        )

"""The models that Python writes with are the schema that the migrations make."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects.postgresql import DOMAIN

from mardev.warehouse.engine import create_engine
from mardev.warehouse.tables import metadata
from mardev.warehouse.tables.base import MONEY

SCHEMAS = ("ops", "core", "dq", "mart")


@pytest.fixture
def owner(warehouse_url):
    engine = create_engine(warehouse_url, "owner")
    yield engine
    engine.dispose()


def type_differs(
    _context: Any, _inspected_column: Any, _metadata_column: Any, inspected: Any, declared: Any
) -> bool | None:
    """A domain is compared by the type it stands on; alembic compares the rest (None)."""
    if not isinstance(inspected, DOMAIN):
        return None
    if inspected.name == "money":  # reflection loses the precision that the domain gives
        return declared is not MONEY
    return type(inspected.data_type.as_generic()) is not type(declared)


def differences(connection: sa.Connection) -> list[Any]:
    partitions = set(
        connection.scalars(sa.text("SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'"))
    )

    def include_object(item: Any, _name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
        table = item if kind == "table" else item.table
        return not (reflected and (f"{table.schema}.{table.name}" in partitions or table.name == "schema_version"))

    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
            "include_object": include_object,
            "compare_type": type_differs,
            "compare_server_default": True,
        },
    )
    return compare_metadata(context, metadata)


def test_the_models_are_the_migrated_schema(owner):
    with owner.connect() as connection:
        connection.execute(
            sa.text("SELECT ops.ensure_month_partitions('core.hit'::regclass, DATE '2026-10-01', 2)")
        )  # months are no tables of their own
        assert differences(connection) == []


def test_a_column_that_only_the_schema_has_is_noticed(owner):
    with owner.connect() as connection:
        connection.execute(sa.text("ALTER TABLE core.plan ADD COLUMN forgotten text"))
        assert [difference[0] for difference in differences(connection)] == ["remove_column"]

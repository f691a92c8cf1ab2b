"""Every column is classified; what the map says of expiry can be done to the tables as they are."""

import sqlalchemy as sa

from mardev.policy.column_map import LICENCES
from mardev.policy.columns import ColumnClass
from mardev.stages.expire_data.expire_data import unhandled_tables

SCHEMAS = ("core", "mart", "dq", "ops")
COLUMNS = sa.text(
    "SELECT table_schema || '.' || table_name AS place, column_name FROM information_schema.columns "
    "JOIN information_schema.tables USING (table_schema, table_name) "
    "JOIN pg_class ON pg_class.oid = (table_schema || '.' || table_name)::regclass "
    "WHERE table_schema = ANY(:schemas) AND table_type = 'BASE TABLE' AND NOT relispartition"
)


def columns_of(connection):
    found = {}
    for place, name in connection.execute(COLUMNS, {"schemas": list(SCHEMAS)}):
        found.setdefault(place, set()).add(name)
    return found


def test_every_column_of_the_warehouse_is_classified_once(warehouse):
    migrated = columns_of(warehouse)
    classified = {place: set(licence.columns) for place, licence in LICENCES.items()}
    unclassified = {
        f"{place}.{name}" for place, names in migrated.items() for name in names - classified.get(place, set())
    }
    assert unclassified == set(), "add each to mardev/policy/column_map.py"
    assert classified == migrated


def test_a_column_stands_in_one_class_only():
    for licence in LICENCES.values():
        names = " ".join(
            (licence.own, licence.content, licence.statistics, licence.derived, licence.correspondence,
             licence.own_system)
        ).split()  # fmt: skip
        assert len(names) == len(set(names)), licence.table


def test_a_column_that_a_migration_adds_unclassified_is_noticed(postgres, warehouse_url):
    owner = sa.create_engine(warehouse_url)
    with owner.begin() as connection:
        connection.execute(sa.text("ALTER TABLE core.channel ADD COLUMN shoe_size int"))
        assert columns_of(connection)["core.channel"] - set(LICENCES["core.channel"].columns) == {"shoe_size"}
    owner.dispose()


def test_what_a_platform_told_or_was_computed_from_it_has_an_end():
    without_end = [
        f"{licence.table}.{name}"
        for licence in LICENCES.values()
        for name, rule in licence.columns.items()
        if rule.column_class in (ColumnClass.PLATFORM, ColumnClass.DERIVED) and licence.expiry is None
    ]
    assert without_end == []
    assert unhandled_tables() == set()

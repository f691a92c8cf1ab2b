import pytest
import sqlalchemy as sa

from mardev.warehouse.tables import system
from mardev.warehouse.write import ROWS_PER_STATEMENT, WriteCount, upsert


def system_row(number: int, **changes):
    return {
        "system_key": f"s{number:05d}",
        "name": "Shop",
        "owner": "IT",
        "purpose": "sells",
        "activities": ["create"],
        **changes,
    }


def test_writing_twice_leaves_the_same_table(warehouse):
    rows = [system_row(1), system_row(2)]
    assert upsert(warehouse, system, rows) == WriteCount(inserted=2)
    before = warehouse.execute(sa.select(system)).all()
    assert upsert(warehouse, system, rows) == WriteCount(updated=2)
    assert warehouse.execute(sa.select(system)).all() == before


def test_rows_are_inserted_and_updated_in_one_go(warehouse):
    upsert(warehouse, system, [system_row(1)])
    assert upsert(warehouse, system, [system_row(1, name="New shop"), system_row(2)]) == WriteCount(1, 1)
    assert warehouse.scalars(sa.select(system.c.name).order_by(system.c.system_key)).all() == ["New shop", "Shop"]


def test_more_rows_than_fit_one_statement_are_all_written(warehouse):
    count = ROWS_PER_STATEMENT + 1
    assert upsert(warehouse, system, (system_row(number) for number in range(count))) == WriteCount(inserted=count)


def test_no_rows_are_no_statement(warehouse):
    assert upsert(warehouse, system, []) == WriteCount()


def test_a_row_that_is_only_its_key_counts_too(warehouse):
    table = sa.Table("pair", sa.MetaData(), sa.Column("a", sa.Text, primary_key=True), prefixes=["TEMPORARY"])
    table.create(warehouse)
    assert upsert(warehouse, table, [{"a": "x"}]) == WriteCount(inserted=1)
    assert upsert(warehouse, table, [{"a": "x"}]) == WriteCount(updated=1)


def test_a_broken_constraint_is_not_hidden(warehouse):
    with pytest.raises(sa.exc.IntegrityError):
        upsert(warehouse, system, [system_row(1, owner=None)])

import pytest
import sqlalchemy as sa

from mardev.stages.due_work import due_work, next_due_instant
from mardev.warehouse.engine import create_engine
from mardev.warehouse.tables import channel, contact, import_piece, raw_payload


@pytest.fixture
def reader(warehouse_url):
    engine = create_engine(warehouse_url, "reader")
    yield engine
    engine.dispose()


def test_the_reader_reads_what_pages_show(reader):
    with reader.connect() as connection:
        assert connection.execute(sa.select(channel)).all() == []
        for view in ("placement_result", "iteration_overview", "message"):
            assert connection.execute(sa.select(sa.table(view, sa.column("world"), schema="mart"))).all() == []


def test_the_reader_may_ask_what_is_due(reader, clock):
    with reader.connect() as connection:
        assert set(due_work(connection, clock.now()).values()) == {0}
        assert next_due_instant(connection, clock.now()) is None


@pytest.mark.parametrize("table", [contact, raw_payload, import_piece], ids=str)
def test_the_reader_reads_no_addresses_and_no_raw_answers(reader, table):
    with reader.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.select(table))


def test_the_reader_reads_no_address_of_a_message(reader):
    with reader.connect() as connection:
        columns = list(connection.execute(sa.text("SELECT * FROM mart.message")).keys())
        assert "body" in columns
        assert "address" not in columns
    with reader.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.text("SELECT address FROM core.message"))


def test_the_reader_writes_nothing(reader):
    with reader.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.delete(channel))


def test_the_writer_changes_no_schema(engine):
    with (
        engine.connect() as connection,
        pytest.raises(sa.exc.ProgrammingError, match=r"must be owner|permission denied"),
    ):
        connection.execute(sa.text("ALTER TABLE core.channel ADD COLUMN x text"))

import pandas as pd
import pytest
import sqlalchemy as sa
from tests.builders.batches import NOW, VALID_ROWS, channel_row, snapshot_row, staged_run

from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.warehouse.staging import find_run, open_run, stage_rows, stage_table
from mardev.warehouse.tables import ingest_run


def staged(engine, run):
    table = stage_table(run)
    with engine.connect() as connection:
        return connection.execute(sa.select(table).order_by(table.c._row_no)).mappings().all()


def state_of(engine, run):
    with engine.connect() as connection:
        return connection.execute(
            sa.select(ingest_run.c.state, ingest_run.c.staged_count).where(
                ingest_run.c.ingest_run_id == run.ingest_run_id
            )
        ).one()


@pytest.mark.parametrize("asset", VALID_ROWS)
def test_every_value_arrives_as_it_was(engine, asset):
    row = VALID_ROWS[asset]
    [found] = staged(engine, staged_run(engine, asset, [row]))
    assert {name: found[name] for name in row} == row
    assert found["_malformed"] is None


def test_a_column_left_out_takes_its_default(engine):
    row = {name: value for name, value in channel_row().items() if name not in ("description", "topics", "handle")}
    [found] = staged(engine, staged_run(engine, "channel", [row]))
    assert (found["description"], found["topics"], found["handle"]) == ("", [], None)


def test_a_data_frame_is_staged_like_rows(engine):
    rows = [snapshot_row("a"), snapshot_row("b", likes=None, comments=None)]
    from_frame = staged(engine, staged_run(engine, "post_metric_snapshot", pd.DataFrame(rows)))
    assert from_frame == staged(engine, staged_run(engine, "post_metric_snapshot", rows, label="x/y/z"))


def test_more_rows_than_one_chunk_are_numbered_through(engine, monkeypatch):
    monkeypatch.setattr("mardev.warehouse.staging.ROWS_PER_CHUNK", 2)
    rows = [snapshot_row(str(number)) for number in range(5)]
    for given, label in ((rows, "rows"), (pd.DataFrame(rows), "frame")):
        run = staged_run(engine, "post_metric_snapshot", given, label=label)
        assert [row["_row_no"] for row in staged(engine, run)] == [1, 2, 3, 4, 5]
        assert state_of(engine, run) == ("staged", 5)


def test_a_value_that_cannot_be_read_spoils_its_own_row_only(engine):
    rows = [
        snapshot_row("a"),
        snapshot_row("b", views="many", snapshot_at="yesterdayish"),
        snapshot_row("c", view_definition="nul\0l"),
        snapshot_row("d", view_definition="half \ud800 pair"),
        snapshot_row("e", views=2**63),
    ]
    found = staged(engine, staged_run(engine, "post_metric_snapshot", rows))
    assert [row["_malformed"] for row in found] == [
        None,
        {"views": "many", "snapshot_at": "yesterdayish"},
        {"view_definition": "null"},
        {"view_definition": "half  pair"},
        {"views": "9223372036854775808"},
    ]
    assert [row["views"] for row in found] == [100, None, 100, 100, None]


def test_a_column_that_the_asset_does_not_have_is_refused(engine):
    with pytest.raises(ValueError, match="has no column ingest_run_id, shares"):
        staged_run(engine, "hit", [{"hit_key": "h", "shares": 1, "ingest_run_id": 5}])


def test_rows_with_different_columns_are_refused(engine):
    with pytest.raises(ValueError, match="A row has the columns"):
        staged_run(engine, "hit", [{"hit_key": "h"}, {"hit_key": "h", "country": "DE"}])


def test_no_rows_make_an_empty_stage(engine):
    run = staged_run(engine, "hit", [])
    assert staged(engine, run) == []
    assert state_of(engine, run) == ("staged", 0)


def test_a_retry_gives_up_what_the_earlier_try_left(engine):
    first = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    other_work = staged_run(engine, "hit", [VALID_ROWS["hit"]], label="refresh/run_1/other")
    second = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    assert [state_of(engine, run).state for run in (first, other_work, second)] == ["failed", "staged", "staged"]
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names("stg") == [other_work.stage_name, second.stage_name]


def test_a_run_is_found_by_its_number(engine):
    run = open_run(engine, "hit", World.SANDBOX, None, "a/b/c", NOW)
    with engine.connect() as connection:
        assert find_run(connection, run.ingest_run_id) == run
        with pytest.raises(FixFirst, match="no ingest run 99"):
            find_run(connection, 99)


def test_a_table_that_is_not_behind_a_gate_cannot_be_staged(engine):
    with pytest.raises(FixFirst, match="deal is not an asset"):
        open_run(engine, "deal", World.SANDBOX, None, "a/b/c", NOW)


def test_a_failed_copy_leaves_no_stage(engine):
    run = open_run(engine, "hit", World.SANDBOX, None, "a/b/c", NOW)
    with pytest.raises(ValueError), engine.begin() as connection:
        stage_rows(connection, run, [{"hit_at": NOW.replace(tzinfo=None)}])
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names("stg") == []

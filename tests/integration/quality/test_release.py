import pytest
import sqlalchemy as sa
from tests.builders.batches import NOW, VALID_ROWS, gated_run, row_count

from mardev.errors import FixFirst, GateBlocked
from mardev.quality.release import release
from mardev.quality.suites import suite_of
from mardev.warehouse.quarantine import resolve
from mardev.warehouse.tables import conversion, quarantined_row
from mardev.warehouse.write import publish

ROW = VALID_ROWS["conversion"]


def quarantine(engine, *rows, label="refresh/run_1/orders"):
    """Ids of the rows, which are bad among many good ones."""
    good = [ROW | {"conversion_key": f"{label}:{number}"} for number in range(40 * len(rows))]
    run = gated_run(engine, "conversion", [*rows, *good], label=label)
    publish(engine, run, suite_of("conversion").requirements)
    with engine.connect() as connection:
        of_run = quarantined_row.c.ingest_run_id == run.ingest_run_id
        return connection.scalars(
            sa.select(quarantined_row.c.quarantined_row_id).where(of_run).order_by(quarantined_row.c.row_no)
        ).all()


def resolutions(engine):
    with engine.connect() as connection:
        columns = quarantined_row.c.resolution, quarantined_row.c.resolved_by, quarantined_row.c.resolved_at
        return connection.execute(sa.select(*columns).order_by(quarantined_row.c.quarantined_row_id)).all()


def test_a_corrected_row_goes_through_the_same_gate_and_is_released(engine):
    [row_id] = quarantine(engine, ROW | {"market": "Germany"})
    count = release(engine, {row_id: {"market": "DE"}}, person="ian", at=NOW)
    assert (count.staged, count.inserted) == (1, 1)
    assert resolutions(engine) == [("released", "ian", NOW)]
    with engine.connect() as connection:
        key = conversion.c.conversion_key == ROW["conversion_key"]
        stored = connection.execute(sa.select(conversion).where(key)).mappings().one()
    assert {name: stored[name] for name in ROW} == ROW


def test_a_row_that_is_still_bad_is_superseded_by_its_new_entry(engine):
    ids = quarantine(
        engine, ROW | {"market": "Germany", "conversion_key": "a"}, ROW | {"market": "Brazil", "conversion_key": "b"}
    )
    release(engine, {ids[0]: {"market": "DE"}, ids[1]: {"market": "brazil"}}, person="ian", at=NOW)
    assert resolutions(engine) == [("released", "ian", NOW), ("superseded", "ian", NOW), (None, None, None)]


def test_rows_that_the_gate_refuses_again_stay_open(engine):
    ids = quarantine(
        engine, ROW | {"market": "Germany", "conversion_key": "a"}, ROW | {"market": "Brazil", "conversion_key": "b"}
    )
    with pytest.raises(GateBlocked, match="market_is_country"):
        release(engine, {row_id: {} for row_id in ids}, person="ian", at=NOW)
    assert resolutions(engine) == [(None, None, None)] * 2


def test_a_row_is_released_once(engine):
    [row_id] = quarantine(engine, ROW | {"market": "Germany"})
    release(engine, {row_id: {"market": "DE"}}, person="ian", at=NOW)
    before = row_count(engine, conversion)
    with pytest.raises(FixFirst, match="not in the quarantine any more"):
        release(engine, {row_id: {"market": "DE"}}, person="ian", at=NOW)
    assert row_count(engine, conversion) == before


def test_rows_of_two_runs_are_released_one_run_at_a_time(engine):
    first = quarantine(engine, ROW | {"market": "Germany", "conversion_key": "a"}, label="a/1/x")
    second = quarantine(engine, ROW | {"market": "Germany", "conversion_key": "b"}, label="a/2/x")
    with pytest.raises(FixFirst, match="several runs"):
        release(engine, {row_id: {"market": "DE"} for row_id in (*first, *second)}, person="ian", at=NOW)


def test_nothing_to_release_is_said(engine):
    with pytest.raises(FixFirst, match="not in the quarantine"):
        release(engine, {}, person="ian", at=NOW)


def test_a_discarded_row_is_closed_for_good(engine):
    [row_id] = quarantine(engine, ROW | {"market": "Germany"})
    with engine.begin() as connection:
        assert resolve(connection, [row_id], "discarded", "ian", NOW) == 1
        assert resolve(connection, [row_id], "released", "mia", NOW) == 0
    assert resolutions(engine) == [("discarded", "ian", NOW)]

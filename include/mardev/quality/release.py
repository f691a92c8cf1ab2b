"""Quarantined rows back on their way: corrected by a person, through the same stage and the same gate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.quality.gate import validate
from mardev.quality.suites import suite_of
from mardev.quality.verdict import refuse_blocked
from mardev.warehouse.quarantine import resolve
from mardev.warehouse.staging import open_run, stage_rows
from mardev.warehouse.tables import ingest_run, quarantined_row
from mardev.warehouse.write import PublishCount, publish


def release(
    engine: sa.Engine, corrections: Mapping[int, Mapping[str, Any]], *, person: str, at: datetime
) -> PublishCount:
    """Stage, judge and publish quarantined rows of one run with their corrections.

    A row that is good now is resolved as released; one that is quarantined again is superseded by its new entry.

    Args:
        engine: writer on the warehouse.
        corrections: `quarantined_row_id` to the columns that change; an empty mapping tries the row as it came.
        person: who corrected.
        at: when, in the world of the rows.

    Raises:
        FixFirst: a row is unknown, resolved already, or the rows are not of one run.
        GateBlocked: the gate refused the corrected rows; the quarantined ones stay open.
    """
    rows = _open_rows(engine, corrections)
    first = rows[0]
    run = open_run(
        engine,
        first.asset,
        World(first.world),
        first.iteration_key,
        f"release/{first.ingest_run_id}",
        first.snapshot_at,
    )
    with engine.begin() as connection:
        stage_rows(connection, run, [{**row.payload, **corrections[row.quarantined_row_id]} for row in rows])
    refuse_blocked([validate(engine, run)])
    count = publish(engine, run, suite_of(run.asset).requirements)
    with engine.begin() as connection:
        again = set(
            connection.scalars(
                sa.select(quarantined_row.c.row_no).where(quarantined_row.c.ingest_run_id == run.ingest_run_id)
            )
        )
        for resolution, is_bad in (("released", False), ("superseded", True)):
            ids = [row.quarantined_row_id for row_no, row in enumerate(rows, start=1) if (row_no in again) == is_bad]
            resolve(connection, ids, resolution, person, at)
    return count


def _open_rows(engine: sa.Engine, corrections: Mapping[int, Mapping[str, Any]]) -> list[sa.Row[Any]]:
    with engine.connect() as connection:
        rows = list(
            connection.execute(
                sa.select(quarantined_row, ingest_run.c.iteration_key, ingest_run.c.snapshot_at)
                .join(ingest_run, ingest_run.c.ingest_run_id == quarantined_row.c.ingest_run_id)
                .where(quarantined_row.c.quarantined_row_id.in_(corrections), quarantined_row.c.resolved_at.is_(None))
                .order_by(quarantined_row.c.quarantined_row_id)
            )
        )
    if len(rows) != len(corrections) or not rows:
        raise FixFirst("Some of these rows are not in the quarantine any more. Reload the list and choose again.")
    if len({row.ingest_run_id for row in rows}) > 1:
        raise FixFirst("These rows come from several runs. Release those of one run at a time.")
    return rows

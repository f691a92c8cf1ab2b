"""A confirmed table becomes channels, contacts, counters or follows: staged, gated, published like a crawl."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.imports.records import Record, Rejected, records
from mardev.imports.understanding import Understanding
from mardev.stages.context import StageContext
from mardev.stages.import_files.rows import RowMaker
from mardev.stages.import_files.spool import Spool
from mardev.stages.publishing import PublishReport, gate_and_publish, snapshot_instant, stage_batch
from mardev.warehouse.tables import ingest_run, quarantined_row

ASSETS = ("channel", "contact", "channel_snapshot", "follow_edge")
"""In this order: parents before children."""
RECORDS_A_CHUNK = 5_000
REJECTED = "rejected"
ROWS_A_STATEMENT = 500


@dataclass(frozen=True)
class ImportReport:
    """What became of a file.

    Attributes
    ----------
    rejected_count : lines that could not be understood; they are in the quarantine with the reason
    batches : one a table
    """

    file_name: str
    kind: str
    rejected_count: int
    batches: tuple[PublishReport, ...] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Small enough to be a task's result."""
        return {
            "file_name": self.file_name,
            "kind": self.kind,
            "rejected": self.rejected_count,
            "tables": {
                batch.asset: {
                    "published": batch.staged - batch.quarantined,
                    "new": batch.inserted,
                    "changed": batch.updated,
                    "quarantined": batch.quarantined,
                }
                for batch in self.batches
            },
        }


def import_table(
    context: StageContext, stream: IO[bytes], understood: Understanding, *, file_name: str, part: str = ""
) -> ImportReport:
    """Read the table once more, now for keeps, into the world of the context.

    A cell that says nothing erases nothing: what is known of a channel already stays.

    Args:
        context: of the step; its world is where the rows live.
        stream: the file, at its beginning.
        understood: how it is read, as the preview showed it.
        file_name: what people call it; it becomes the source of contacts and the evidence of follows.
        part: tells several files of one step from each other.

    Raises:
        FixFirst: not one line could be understood.
        GateBlocked: a gate refused a batch; nothing of it was published.
    """
    instant = snapshot_instant(context)
    with Spool() as spool:
        _fill(context, spool, records(stream, understood), file_name, instant)
        rejected = spool.counts.get(REJECTED, 0)
        if not any(spool.counts.get(asset) for asset in ASSETS):
            first = next(spool.rows(REJECTED), None)
            why = f" The first one (line {first['line']}): {first['reason']}." if first else ""
            raise FixFirst(f"Not one of the {understood.row_count} lines of {file_name} could be understood.{why}")
        runs = [
            stage_batch(context, asset, spool.rows(asset), part=f"{part}/{asset}".lstrip("/"), snapshot_at=instant)
            for asset in ASSETS
            if spool.counts.get(asset)
        ]
        batches = gate_and_publish(context, runs)
        _quarantine(context, batches[0], spool.rows(REJECTED))
    return ImportReport(file_name, understood.kind, rejected, tuple(batches))


def _fill(context: StageContext, spool: Spool, found: Iterable[Record], file_name: str, instant: datetime) -> None:
    remaining = iter(found)
    with context.warehouse.connect() as connection:
        maker = RowMaker(connection, context.world, file_name, instant)
        while chunk := list(islice(remaining, RECORDS_A_CHUNK)):
            for record in chunk:
                if isinstance(record, Rejected):
                    spool.add(
                        REJECTED,
                        {
                            "line": record.line,
                            "rule": record.rule,
                            "reason": record.reason,
                            "cells": dict(record.cells),
                        },
                    )
            for asset, row in maker.rows([record for record in chunk if not isinstance(record, Rejected)]):
                spool.add(asset, row)


def _quarantine(context: StageContext, batch: PublishReport, rejected: Iterator[dict[str, Any]]) -> None:
    """Lines that are no row: beside the bad rows of the file's first table, for the same people to look at."""
    count = 0
    with context.warehouse.begin() as connection:
        while lines := list(islice(rejected, ROWS_A_STATEMENT)):
            connection.execute(
                sa.insert(quarantined_row),
                [
                    {
                        "ingest_run_id": batch.ingest_run_id,
                        "asset": batch.asset,
                        "world": str(context.world),
                        "row_no": line["line"],
                        "rules": [line["rule"]],
                        "payload": {
                            "line": line["line"],
                            "reason": line["reason"],
                            "record": json.dumps(line["cells"], ensure_ascii=False),
                        },
                    }
                    for line in lines
                ],
            )
            count += len(lines)
        if count:
            ledger = ingest_run.c
            connection.execute(
                sa.update(ingest_run)
                .where(ledger.ingest_run_id == batch.ingest_run_id)
                .values(staged_count=ledger.staged_count + count, quarantined_count=ledger.quarantined_count + count)
            )

"""What a stage step calls to bring rows into the warehouse: stage, gate, publish; in one call or in three tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.connectors.reading import log_malformed
from mardev.domain.words import Lane
from mardev.errors import GateBlocked
from mardev.quality.gate import validate_all
from mardev.quality.suites import suite_of
from mardev.quality.verdict import GateDecision, read_verdict, refuse_blocked
from mardev.stages.context import StageContext
from mardev.stages.suppression import read_suppressed, without_suppressed
from mardev.warehouse.staging import IngestRun, find_run, open_run, stage_rows
from mardev.warehouse.tables import incident, ingest_run
from mardev.warehouse.write import publish, upsert

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class PublishReport:
    """What became of one batch."""

    ingest_run_id: int
    asset: str
    decision: str
    staged: int
    quarantined: int
    inserted: int
    updated: int

    def as_json(self) -> dict[str, Any]:
        """Small enough to be a task's result."""
        return dict(vars(self))


class Unreadable:
    """Keeps what a connector could not read (it is an `OnMalformed`), for the quarantine of its table."""

    def __init__(self) -> None:
        self.records: list[tuple[Any, str]] = []

    def __call__(self, record: Any, reason: str) -> None:
        log_malformed(record, reason)
        self.records.append((record, reason))


def publish_batch(
    context: StageContext,
    asset: str,
    rows: Rows,
    *,
    part: str = "",
    snapshot_at: datetime | None = None,
    unreadable: Sequence[tuple[Any, str]] = (),
) -> PublishReport:
    """Stage, judge and publish one batch of `asset`.

    Args:
        context: of the step.
        asset: name of a table behind a gate.
        rows: column name to value, every row with the same columns, `ingest_run_id` not among them; or a DataFrame.
        part: tells several batches of one asset in one step from each other.
        snapshot_at: instant of the world the rows describe; `snapshot_instant` unless given.
        unreadable: records without a row, each with the reason; they go to the quarantine and are counted.

    Raises:
        GateBlocked: the batch was refused, nothing of it was published.
    """
    run = _stage(context, asset, rows, part, snapshot_at, unreadable)
    return _publish(context, _gate(context, [run]))[0]


def stage_batch(
    context: StageContext,
    asset: str,
    rows: Rows,
    *,
    part: str = "",
    snapshot_at: datetime | None = None,
    unreadable: Sequence[tuple[Any, str]] = (),
) -> int:
    """Stage one batch; arguments as for `publish_batch`.

    A retry stages again, and what the earlier try left is given up.

    Returns:
        The `ingest_run_id` to gate and to publish.
    """
    return _stage(context, asset, rows, part, snapshot_at, unreadable).ingest_run_id


def gate_runs(context: StageContext, ingest_run_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Judge staged batches, all in one go; a refused one opens an incident.

    Returns:
        Per run its asset, decision, row count and broken rules.

    Raises:
        GateBlocked: one of them was refused. The others have their verdict too.
    """
    return [_summary(decision) for decision in _gate(context, _find(context, ingest_run_ids))]


def publish_runs(context: StageContext, ingest_run_ids: Sequence[int]) -> list[PublishReport]:
    """Publish gated batches in the order given, each in its own transaction: parents before children.

    Raises:
        GateBlocked: too many rows of a batch ask for rows that are not there.
        FixFirst: a batch has not passed its gate.
    """
    with context.warehouse.connect() as connection:
        decisions = [read_verdict(connection, find_run(connection, ingest_run_id)) for ingest_run_id in ingest_run_ids]
    return _publish(context, decisions)


def gate_and_publish(context: StageContext, ingest_run_ids: Sequence[int]) -> list[PublishReport]:
    """Judge staged batches in one go and publish, in the order given, those that pass.

    Raises:
        GateBlocked: one of them was refused; the others are published.
    """
    decisions = _judge(context, _find(context, ingest_run_ids))
    reports = _publish(context, [decision for decision in decisions if decision.decision != "block"])
    refuse_blocked(decisions)
    return reports


def snapshot_instant(context: StageContext) -> datetime:
    """The instant of the world this run describes: the clock at the run's first batch, the same for every retry."""
    prefix = f"{context.run.dag_id}/{context.run.run_id}/"
    with context.warehouse.connect() as connection:
        first = connection.scalar(
            sa.select(sa.func.min(ingest_run.c.snapshot_at)).where(
                ingest_run.c.run_label.startswith(prefix, autoescape=True)
            )
        )
    return first or context.clock.now()


def _stage(
    context: StageContext,
    asset: str,
    rows: Rows,
    part: str,
    snapshot_at: datetime | None,
    unreadable: Sequence[tuple[Any, str]],
) -> IngestRun:
    instant = snapshot_at or snapshot_instant(context)
    run = open_run(context.warehouse, asset, context.world, context.iteration, _label(context, part), instant)
    with context.warehouse.begin() as connection:
        kept, left_out = without_suppressed(read_suppressed(connection), asset, rows)
        count = stage_rows(connection, run, kept, unreadable)
    if left_out:
        context.log.info("%d rows of %s speak of people who asked to be erased: left out", left_out, asset)
    context.log.info("%d rows of %s staged as run %d", count, asset, run.ingest_run_id)
    return run


def _gate(context: StageContext, runs: Sequence[IngestRun]) -> list[GateDecision]:
    decisions = _judge(context, runs)
    refuse_blocked(decisions)
    return decisions


def _judge(context: StageContext, runs: Sequence[IngestRun]) -> list[GateDecision]:
    decisions = validate_all(context.warehouse, runs)
    for decision in decisions:
        if decision.decision == "block":
            _open_incident(context, decision.run, "; ".join(str(rule) for rule in decision.broken_rules))
    return decisions


def _publish(context: StageContext, decisions: Sequence[GateDecision]) -> list[PublishReport]:
    reports = []
    for decision in decisions:
        run = decision.run
        try:
            count = publish(context.warehouse, run, suite_of(run.asset).requirements)
        except GateBlocked as refused:
            _block(context, run, str(refused))
            raise
        _close_incident(context, run)
        reports.append(
            PublishReport(
                ingest_run_id=run.ingest_run_id,
                asset=run.asset,
                decision=decision.decision,
                staged=count.staged,
                quarantined=count.quarantined,
                inserted=count.inserted,
                updated=count.updated,
            )
        )
        context.log.info("published %s", reports[-1])
    return reports


def _label(context: StageContext, part: str) -> str:
    # Without the number of the try: a retry is the same work.
    label = f"{context.run.dag_id}/{context.run.run_id}/{context.run.task_id}"
    return f"{label}/{part}" if part else label


def _find(context: StageContext, ingest_run_ids: Sequence[int]) -> list[IngestRun]:
    with context.warehouse.connect() as connection:
        return [find_run(connection, ingest_run_id) for ingest_run_id in ingest_run_ids]


def _summary(decision: GateDecision) -> dict[str, Any]:
    return {
        "ingest_run_id": decision.run.ingest_run_id,
        "asset": decision.run.asset,
        "decision": decision.decision,
        "row_count": decision.row_count,
        "broken_rules": [str(result) for result in decision.broken_rules],
    }


def _incident_key(run: IngestRun) -> str:
    return f"gate/{run.world}/{run.asset}"


def _open_incident(context: StageContext, run: IngestRun, detail: str) -> None:
    row = {
        "incident_key": _incident_key(run),
        "world": str(run.world),
        "iteration_key": run.iteration_key,
        "lane": str(Lane.TECHNOLOGY),
        "source": "gate",
        "title": f"The data-quality gate refused a batch of {run.asset}",
        "detail": detail,
        "next_step": "Look at what the source sent, correct it, and run the failed task again.",
        "opened_at": context.clock.now(),
        "closed_at": None,
    }
    with context.warehouse.begin() as connection:
        upsert(connection, incident, [row])


def _close_incident(context: StageContext, run: IngestRun) -> None:
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.update(incident)
            .where(incident.c.incident_key == _incident_key(run), incident.c.closed_at.is_(None))
            .values(closed_at=context.clock.now())
        )


def _block(context: StageContext, run: IngestRun, reason: str) -> None:
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.update(ingest_run).where(ingest_run.c.ingest_run_id == run.ingest_run_id).values(state="blocked")
        )
    _open_incident(context, run, reason)

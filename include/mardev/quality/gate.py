"""The gate between a stage and its table: Great Expectations asks, the worst broken severity decides."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.errors import FixFirst, TransportFailed
from mardev.quality.rules import RowRule, Suite
from mardev.quality.suites import suite_of
from mardev.quality.verdict import KEY_IS_UNIQUE, GateDecision, RuleResult, read_verdict, write_verdict
from mardev.warehouse.staging import IngestRun
from mardev.warehouse.tables import ingest_run

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

TRAILING_RUNS = 7
ENOUGH_RUNS = 3
USUAL_TIMES = 5


@dataclass(frozen=True)
class Batch:
    """A run's stage and what its rules may ask for."""

    run: IngestRun
    suite: Suite
    row_count: int
    usual: tuple[int | None, int | None] = (None, None)

    @property
    def facts(self) -> dict[str, Any]:
        low, high = self.usual
        return {
            "world": str(self.run.world),
            "snapshot_at": self.run.snapshot_at.isoformat(),
            "usual_low": low,
            "usual_high": high,
        }


def validate(engine: sa.Engine, run: IngestRun) -> GateDecision:
    """Judge one staged run; see `validate_all`."""
    return validate_all(engine, [run])[0]


def validate_all(engine: sa.Engine, runs: Sequence[IngestRun]) -> list[GateDecision]:
    """Judge staged runs, each by the suite of its asset, and write the verdicts.

    An empty batch passes without being asked. A run that was published before keeps its verdict.

    Args:
        engine: writer on the warehouse.
        runs: each staged by `stage_rows`.

    Raises:
        FixFirst: a run is not staged, or a rule cannot be asked.
        TransportFailed: the warehouse went away meanwhile.
    """
    earlier: dict[IngestRun, GateDecision] = {}
    batches: list[Batch] = []
    with engine.connect() as connection:
        for run in runs:
            ledger = _ledger_row(connection, run)
            if ledger.state == "published":
                earlier[run] = read_verdict(connection, run)
            else:
                usual = _usual_row_counts(connection, run)
                batches.append(Batch(run, suite_of(run.asset), ledger.staged_count, usual))
    filled = [batch for batch in batches if batch.row_count]
    answers = ask(engine, filled) if filled else {}
    for batch in batches:
        earlier[batch.run] = GateDecision(batch.run, batch.row_count, answers.get(batch.run, ()))
        write_verdict(engine, earlier[batch.run])
    return [earlier[run] for run in runs]


@contextmanager
def _lost_connections_told() -> Iterator[None]:
    """What fails inside because the warehouse went away is `TransportFailed`; Great Expectations hides the reason."""
    lost: list[BaseException] = []

    def listen(trouble: sa.engine.ExceptionContext) -> None:
        if isinstance(trouble.sqlalchemy_exception, (sa.exc.OperationalError, sa.exc.InterfaceError)):
            lost.append(trouble.sqlalchemy_exception)

    sa.event.listen(sa.Engine, "handle_error", listen)
    try:
        yield
    except Exception as error:
        if lost:
            raise TransportFailed("The warehouse went away while the gate asked it.") from error
        raise
    finally:
        sa.event.remove(sa.Engine, "handle_error", listen)


@_lost_connections_told()
def ask(engine: sa.Engine, batches: Sequence[Batch]) -> dict[IngestRun, tuple[RuleResult, ...]]:
    """What Great Expectations answers about each batch, in one context for all of them."""
    # Importing it takes seconds, so only a gate with something to judge does.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from mardev.quality.unsaved_context import unsaved_context

    context = unsaved_context()
    url = engine.url.update_query_dict({"options": "-c role=mardev_writer -c timezone=UTC -c search_path=stg"})
    source = context.data_sources.add_postgres(
        "warehouse", connection_string=url.render_as_string(hide_password=False), create_temp_table=False
    )
    try:
        answers = {}
        for batch in batches:
            name = batch.run.stage_name
            stage = source.add_table_asset(name, table_name=name)
            whole = stage.add_batch_definition_whole_table("whole").get_batch()
            answer = whole.validate(_expectations(batch), result_format="BASIC")
            answers[batch.run] = tuple(_rule_result(result) for result in answer.results)
        return answers
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()  # its own one, with which it looked whether the tables are there


def _ledger_row(connection: sa.Connection, run: IngestRun) -> sa.Row[Any]:
    row = connection.execute(sa.select(ingest_run).where(ingest_run.c.ingest_run_id == run.ingest_run_id)).one()
    if row.state in ("running", "failed"):
        raise FixFirst(
            f"Run {run.ingest_run_id} of {run.asset} is {row.state}, not staged: there is nothing to judge. "
            "Run the task that collects the rows again."
        )
    return row


def _usual_row_counts(connection: sa.Connection, run: IngestRun) -> tuple[int | None, int | None]:
    """Between a fifth and five times the median of the last runs of the same work; unknown while there are few."""
    counts = sorted(
        connection.scalars(
            sa.select(ingest_run.c.staged_count)
            .where(
                ingest_run.c.asset == run.asset,
                ingest_run.c.world == run.world,
                ingest_run.c.state == "published",
                ingest_run.c.staged_count > 0,
                sa.func.split_part(ingest_run.c.run_label, "/", 1) == run.run_label.split("/")[0],
            )
            .order_by(ingest_run.c.ingest_run_id.desc())
            .limit(TRAILING_RUNS)
        )
    )
    if len(counts) < ENOUGH_RUNS:
        return None, None
    median = counts[len(counts) // 2]
    return median // USUAL_TIMES, median * USUAL_TIMES


def _expectations(batch: Batch) -> "ExpectationSuite":
    from great_expectations import ExpectationSuite

    from mardev.quality.expectations import ExpectBatchToFulfil, ExpectKeysToBeUnique, ExpectRowsToFulfil, facts_asked

    facts = batch.facts
    rows = [
        ExpectRowsToFulfil(
            rule=rule.name,
            predicate=rule.predicate,
            facts=facts_asked(rule.predicate, facts),
            allowed_count=_allowed_count(rule, batch.row_count),
            severity=rule.severity,
        )
        for rule in batch.suite.row_rules
        if not rule.at_publish
    ]
    whole = [
        ExpectBatchToFulfil(
            rule=rule.name,
            predicate=rule.predicate,
            facts=facts_asked(rule.predicate, facts),
            severity=rule.severity,
        )
        for rule in batch.suite.set_rules
    ]
    key = ExpectKeysToBeUnique(rule=KEY_IS_UNIQUE, key_columns=list(batch.suite.key), severity="warning")
    return ExpectationSuite(batch.run.stage_name, expectations=[*rows, *whole, key])


def _allowed_count(rule: RowRule, row_count: int) -> int:
    # What does not keep a row from being published is worth a word as soon as one row breaks it.
    return rule.allowed_count(row_count) if rule.severity == "critical" else 0


def _rule_result(result: Any) -> RuleResult:
    config, answer = result.expectation_config, result.result
    if not answer:
        raise FixFirst(
            f"The rule {config.kwargs['rule']} cannot be asked; see the task's log for what PostgreSQL said."
        )
    return RuleResult(
        rule=config.kwargs["rule"],
        expectation=config.type,
        severity=config.severity.value,
        passed=bool(result.success),
        unexpected_count=answer.get("unexpected_count"),
        unexpected_percent=answer.get("unexpected_percent"),
        observed=answer.get("observed_value"),
    )

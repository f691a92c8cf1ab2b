"""What a gate says about a batch, and where that is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from mardev.errors import FixFirst, GateBlocked
from mardev.quality.rules import Severity
from mardev.warehouse.staging import IngestRun
from mardev.warehouse.tables import expectation_result, ingest_run, validation_run

Decision = Literal["publish", "publish_with_warnings", "block"]

KEY_IS_UNIQUE = "key_is_unique_in_batch"
SEVERITIES: Sequence[Severity] = ("info", "warning", "critical")
DECISIONS: Mapping[Severity | None, Decision] = {
    None: "publish",
    "info": "publish",
    "warning": "publish_with_warnings",
    "critical": "block",
}


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule. `unexpected_count` is None for a rule about the batch as a whole."""

    rule: str
    expectation: str
    severity: Severity
    passed: bool
    unexpected_count: int | None = None
    unexpected_percent: float | None = None
    observed: Any = None

    def __str__(self) -> str:
        return self.rule if self.unexpected_count is None else f"{self.rule} ({self.unexpected_count} times)"


@dataclass(frozen=True)
class GateDecision:
    """What may be done with a run's stage."""

    run: IngestRun
    row_count: int
    results: tuple[RuleResult, ...] = ()

    @property
    def broken_rules(self) -> tuple[RuleResult, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def max_severity_failed(self) -> Severity | None:
        """The worst severity of a broken rule."""
        failed = {result.severity for result in self.broken_rules}
        return max(failed, key=SEVERITIES.index, default=None)

    @property
    def decision(self) -> Decision:
        return DECISIONS[self.max_severity_failed]

    @property
    def flagged_count(self) -> int:
        """Rows that a critical rule or a shared key speaks against, once for each rule; 0 means a clean batch."""
        return sum(
            result.unexpected_count or 0
            for result in self.results
            if result.severity == "critical" or result.rule == KEY_IS_UNIQUE
        )


def refuse_blocked(decisions: Sequence[GateDecision]) -> None:
    """Raises: GateBlocked: one of the batches was refused; the message says which rules were broken, and how often."""
    refused = [
        f"{decision.run.asset} (run {decision.run.ingest_run_id}, {decision.row_count} rows): "
        + ", ".join(str(result) for result in decision.broken_rules if result.severity == "critical")
        for decision in decisions
        if decision.decision == "block"
    ]
    if refused:
        raise GateBlocked(
            f"The gate refused {'; '.join(refused)}. Nothing of it was published, the rows stay staged. "
            "Look at what the source sent, correct it, and run the task again."
        )


def write_verdict(engine: sa.Engine, decision: GateDecision) -> None:
    """Write the decision in a transaction of its own, so that it can be read when the batch was refused."""
    run = decision.run
    with engine.begin() as connection:
        validation_run_id = connection.execute(
            sa.insert(validation_run)
            .values(
                ingest_run_id=run.ingest_run_id,
                asset=run.asset,
                decision=decision.decision,
                max_severity_failed=decision.max_severity_failed,
                row_count=decision.row_count,
            )
            .returning(validation_run.c.validation_run_id)
        ).scalar_one()
        if decision.results:
            connection.execute(
                sa.insert(expectation_result),
                [
                    {"validation_run_id": validation_run_id, "sequence_no": number, **vars(result)}
                    for number, result in enumerate(decision.results, start=1)
                ],
            )
        connection.execute(
            sa.update(ingest_run)
            .where(ingest_run.c.ingest_run_id == run.ingest_run_id)
            .values(state="blocked" if decision.decision == "block" else "gated", flagged_count=decision.flagged_count)
        )


def read_verdict(connection: sa.Connection, run: IngestRun) -> GateDecision:
    """The last verdict on the run.

    Raises:
        FixFirst: no gate has judged it.
    """
    judged = connection.execute(
        sa.select(validation_run)
        .where(validation_run.c.ingest_run_id == run.ingest_run_id)
        .order_by(validation_run.c.validation_run_id.desc())
        .limit(1)
    ).first()
    if judged is None:
        raise FixFirst(f"Run {run.ingest_run_id} of {run.asset} has passed no gate; the gate's task has to run first.")
    of_run = sa.select(expectation_result).where(expectation_result.c.validation_run_id == judged.validation_run_id)
    results = connection.execute(of_run.order_by(expectation_result.c.sequence_no)).all()
    return GateDecision(
        run,
        judged.row_count,
        tuple(
            RuleResult(
                row.rule, row.expectation, row.severity, row.passed, row.unexpected_count, row.unexpected_percent,
                row.observed,
            )
            for row in results
        ),
    )  # fmt: skip

"""The gate between a stage and its table: Great Expectations asks, the worst broken severity decides.

The verdict is written in a transaction of its own, so that it is there to be read when the batch was refused.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from mardev.errors import FixFirst, GateBlocked
from mardev.quality.rules import RowRule, Severity, Suite
from mardev.quality.suites import suite_of
from mardev.warehouse.staging import IngestRun, stage_table
from mardev.warehouse.tables import expectation_result, ingest_run, validation_run

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

Decision = Literal["publish", "publish_with_warnings", "block"]

TRAILING_RUNS = 7
ENOUGH_RUNS = 3
USUAL_TIMES = 5
KEY_IS_UNIQUE = "key_is_unique_in_batch"
SEVERITIES: Sequence[Severity] = ("info", "warning", "critical")


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule. `unexpected_count` is None for a rule of the batch as a whole."""

    rule: str
    expectation: str
    severity: Severity
    passed: bool
    unexpected_count: int | None = None
    unexpected_percent: float | None = None
    observed: Any = None


@dataclass(frozen=True)
class GateDecision:
    """What may be done with a run's stage."""

    run: IngestRun
    decision: Decision
    row_count: int
    results: tuple[RuleResult, ...] = ()

    @property
    def max_severity_failed(self) -> Severity | None:
        """The worst severity of a broken rule."""
        failed = {result.severity for result in self.results if not result.passed}
        return max(failed, key=SEVERITIES.index, default=None)

    @property
    def flagged_count(self) -> int:
        """Rows that critical rules or a shared key speak against, counted once for each rule; 0 means a clean batch."""
        return sum(
            result.unexpected_count or 0
            for result in self.results
            if result.severity == "critical" or result.rule == KEY_IS_UNIQUE
        )

    @property
    def broken_rules(self) -> list[RuleResult]:
        return [result for result in self.results if not result.passed]


def validate(engine: sa.Engine, run: IngestRun) -> GateDecision:
    """Judge one staged run; see `validate_all`."""
    return validate_all(engine, [run])[0]


def validate_all(engine: sa.Engine, runs: Sequence[IngestRun]) -> list[GateDecision]:
    """Judge staged runs, each by the suite of its asset, and write the verdicts.

    An empty batch passes without being asked. A run that has its verdict already keeps it.

    Raises:
        FixFirst: a run is not staged.
    """
    decisions = [_earlier_verdict(engine, run) or _ask(engine, run) for run in runs]
    return decisions


def refuse_blocked(decisions: Sequence[GateDecision]) -> None:
    """Raises: GateBlocked: a run of these was refused; the message says which rules it broke, and how often."""
    refused = [
        f"{decision.run.asset} (run {decision.run.ingest_run_id}, {decision.row_count} rows): "
        + ", ".join(f"{result.rule} {_how_often(result)}" for result in decision.broken_rules)
        for decision in decisions
        if decision.decision == "block"
    ]
    if refused:
        raise GateBlocked(
            f"The gate refused {'; '.join(refused)}. Nothing of it was published, the rows stay staged. "
            "Look at what the source sent, correct it, and run the task again."
        )

"""How a suite says what a batch must be. Predicates are SQL written here, by us; values are bound.

A predicate may ask for ``:world`` and ``:snapshot_at`` of the run, a batch predicate also for ``:usual_low`` and
``:usual_high``, the row counts that are usual for such a run (null as long as there is little history).
"""

import math
from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "critical"]
TOLERANCE_SHARE = 0.05


@dataclass(frozen=True)
class RowRule:
    """What every row must fulfil.

    A row that breaks a critical rule is quarantined, and too many of them block the batch; a broken warning or info
    is only reported. A rule `at_publish` asks for rows of other tables that an earlier batch of the same hand-over
    may still bring, so it is not asked before its own batch is written.
    """

    name: str
    predicate: str
    severity: Severity = "critical"
    tolerance_share: float = TOLERANCE_SHARE
    at_publish: bool = False

    def allowed_count(self, row_count: int) -> int:
        """How many of `row_count` rows may break the rule; where any may, a single one always may."""
        if self.tolerance_share == 0:
            return 0
        return max(1, math.floor(self.tolerance_share * row_count))


@dataclass(frozen=True)
class SetRule:
    """What the batch as a whole must fulfil: `predicate` is an aggregate over its rows."""

    name: str
    predicate: str
    severity: Severity = "warning"


@dataclass(frozen=True)
class Suite:
    """All rules of one asset, and the key that no two rows of a batch share."""

    asset: str
    key: tuple[str, ...]
    row_rules: tuple[RowRule, ...]
    set_rules: tuple[SetRule, ...]

    @property
    def requirements(self) -> tuple[RowRule, ...]:
        """What a row must fulfil to be published."""
        return tuple(rule for rule in self.row_rules if rule.severity == "critical")

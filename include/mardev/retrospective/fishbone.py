"""The fishbone (Ishikawa) of each missed KPI, computed from evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mardev.retrospective.evidence import IterationEvidence

Side = Literal["marketing", "technology", "both", "undetermined"]
Category = Literal["people", "process", "technology", "data", "content", "channel", "environment", "measurement"]


@dataclass(frozen=True)
class EvidenceItem:
    """One fact behind a finding: a plain sentence, its figure if it has one, where to look."""

    sentence: str
    figure: float | None = None
    unit: str = ""
    page_path: str = ""


@dataclass(frozen=True)
class Finding:
    """A bone of the fishbone.

    Attributes
    ----------
    finding_key : the same evidence gives the same key
    kpi_key : the missed KPI it explains; None for something that went wrong without a measured loss
    cause : stable short name of the cause ("late_post", "landing_outage", ...)
    weight : share in [0, 1] of the KPI's gap that it explains, an estimate
    """

    finding_key: str
    kpi_key: str | None
    cause: str
    side: Side
    category: Category
    statement: str
    weight: float
    evidence: tuple[EvidenceItem, ...]


@dataclass(frozen=True)
class KpiVerdict:
    """Which side a missed KPI is down to, and by which rule."""

    kpi_key: str
    side: Side
    marketing_share: float
    technology_share: float
    undetermined_share: float
    rule: str


def compute_findings(evidence: IterationEvidence) -> list[Finding]:
    raise NotImplementedError


def judge_sides(findings: Iterable[Finding]) -> list[KpiVerdict]:
    raise NotImplementedError

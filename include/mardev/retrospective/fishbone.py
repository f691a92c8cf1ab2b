"""The fishbone (Ishikawa) of each missed KPI, computed from evidence.

For each missed KPI the gap to its target is set against what every known cause is estimated to have cost. The share
that a cause explains is its weight; what nothing explains stays undetermined and says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mardev.economics.kpis import is_missed
from mardev.retrospective.causes import Category, Cause, EvidenceItem, Side, Volumes
from mardev.retrospective.evidence import IterationEvidence, KpiOutcome
from mardev.retrospective.marketing_causes import expected_of, is_sound, marketing_causes
from mardev.retrospective.technology_causes import conversion_rate_outside, technology_causes

__all__ = ["RULE", "EvidenceItem", "Finding", "KpiVerdict", "compute_findings", "judge_sides"]

VOLUME_OF_KPI = {
    "views": "views", "unique_reach": "views", "cpm": "views", "engagements": "views",
    "clicks": "clicks", "cpc": "clicks",
    "conversions": "conversions", "cpa": "conversions", "roas": "conversions",
}  # fmt: skip
"""Which count a KPI rises and falls with; one that is not listed is left undetermined."""
LEAST_SHARE = 0.2
TIMES_THE_OTHER = 2.0
LEAST_WEIGHT = 0.005
RULE = (
    "A side is named when it explains at least a fifth of the gap and at least twice as much as the other side; "
    "both are named when both explain a fifth; otherwise it stays undetermined."
)


@dataclass(frozen=True)
class Finding:
    """A bone of the fishbone.

    Attributes
    ----------
    finding_key : ``iteration/kpi or "general"/cause/subject``; the same evidence gives the same key
    kpi_key : the missed KPI it explains; None for something that went wrong without explaining a missed KPI
    weight : share in [0, 1] of the KPI's gap that it explains, an estimate
    """

    finding_key: str
    kpi_key: str | None
    side: Side
    category: Category
    statement: str
    weight: float
    evidence: tuple[EvidenceItem, ...]

    @property
    def cause(self) -> str:
        """Stable short name of the cause ("late_post", "landing_outage", ...), empty when the key tells none."""
        parts = self.finding_key.split("/")
        return parts[2] if len(parts) > 2 else ""


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
    """The findings of an iteration.

    Parameters
    ----------
    evidence : everything that is known; an outcome without target or result is not missed

    Returns
    -------
    list of Finding
        For each missed KPI its causes by falling weight, the unexplained rest last; the weights of one KPI add up to 1.
        Then what went wrong without explaining a missed KPI, with weight 0.

    Notes
    -----
    The gap of a KPI is expressed in the count it rests on (views, clicks, conversions): for a cost per click that is
    10 % too high, about 10 % more clicks were needed. Losses are estimated cause by cause (see `marketing_causes` and
    `technology_causes`); when together they exceed the gap, all shrink alike. The estimates are arithmetic on what was
    recorded, not proof: two people should look at them.
    """
    causes = [*marketing_causes(evidence), *technology_causes(evidence)]
    findings: list[Finding] = []
    explaining: set[tuple[str, str]] = set()
    for kpi in evidence.kpis:
        if not is_missed(kpi.direction, kpi.target, kpi.result):
            continue
        bones = _bones(kpi, causes, evidence)
        explaining.update((bone.cause, bone.finding_key.rsplit("/", 1)[-1]) for bone in bones)
        findings += bones
    findings += [
        _finding(evidence, None, cause, 0.0, cause.statement + _costs(cause.lost))
        for cause in causes
        if (cause.cause, cause.subject) not in explaining
    ]
    return findings


def judge_sides(findings: Iterable[Finding]) -> list[KpiVerdict]:
    """The side each missed KPI is down to, by `RULE`; in the order in which the KPIs first occur.

    Examples
    --------
    >>> late = Finding("i/views/late_post/1", "views", "marketing", "people", "Late.", 0.7, ())
    >>> judge_sides([late])[0].side
    'marketing'
    """
    by_kpi: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kpi_key is not None:
            by_kpi[finding.kpi_key].append(finding)
    return [_verdict(kpi_key, bones) for kpi_key, bones in by_kpi.items()]


def _verdict(kpi_key: str, bones: Sequence[Finding]) -> KpiVerdict:
    both = sum(bone.weight for bone in bones if bone.side == "both") / 2
    marketing = sum(bone.weight for bone in bones if bone.side == "marketing") + both
    technology = sum(bone.weight for bone in bones if bone.side == "technology") + both
    side: Side = "undetermined"
    if marketing >= LEAST_SHARE and marketing >= TIMES_THE_OTHER * technology:
        side = "marketing"
    elif technology >= LEAST_SHARE and technology >= TIMES_THE_OTHER * marketing:
        side = "technology"
    elif min(marketing, technology) >= LEAST_SHARE:
        side = "both"
    return KpiVerdict(kpi_key, side, marketing, technology, max(0.0, 1 - marketing - technology), RULE)


def _bones(kpi: KpiOutcome, causes: Sequence[Cause], evidence: IterationEvidence) -> list[Finding]:
    volume = VOLUME_OF_KPI.get(kpi.kpi_key)
    if kpi.kpi_key == "system_availability":
        shares = _shares_by_duration(causes)
    elif volume is None:
        shares = {}
    else:
        gap = _gap(kpi, volume, evidence)
        losses = {number: cause.lost.of(volume) for number, cause in enumerate(causes) if cause.lost.of(volume) > 0}
        total = max(gap, sum(losses.values()))
        shares = {number: loss / total for number, loss in losses.items() if loss / total >= LEAST_WEIGHT}
    bones = [
        _finding(evidence, kpi, causes[number], share, causes[number].statement + _costs(causes[number].lost, volume))
        for number, share in sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    ]
    rest = 1 - sum(shares.values())
    return [*bones, _unexplained(kpi, rest, evidence)] if rest > LEAST_WEIGHT else bones


def _gap(kpi: KpiOutcome, volume: str, evidence: IterationEvidence) -> float:
    """How much of the count was lacking, > 0."""
    had = sum(float(getattr(placement, volume)) for placement in evidence.placements)
    target, result = float(kpi.target or 0), float(kpi.result or 0)
    ratio = (target / result if result else 0.0) if kpi.direction == "up" else (result / target if target else 0.0)
    needed = had * ratio if had and ratio else sum(expected_of(p).of(volume) for p in evidence.placements)
    planned = {
        "views": evidence.planned_views, "clicks": evidence.planned_clicks, "conversions": evidence.planned_conversions
    }[volume]  # fmt: skip
    return max(needed - had if needed > had else planned - had, 1e-9)


def _shares_by_duration(causes: Sequence[Cause]) -> dict[int, float]:
    hours = {
        number: float(cause.evidence[0].figure or 0.0)
        for number, cause in enumerate(causes)
        if cause.cause.endswith("_outage")
    }
    total = sum(hours.values())
    return {number: length / total for number, length in hours.items() if length > 0} if total else {}


def _unexplained(kpi: KpiOutcome, weight: float, evidence: IterationEvidence) -> Finding:
    cause = Cause(
        "unexplained",
        "rest",
        "undetermined",
        "environment",
        f"{weight:.0%} of what is missing has no cause that our records show.",
        evidence=_funnel(evidence),
    )
    return _finding(evidence, kpi, cause, weight, cause.statement)


def _funnel(evidence: IterationEvidence) -> list[EvidenceItem]:
    """How the sound placements did against their plan, step by step: it shows where to look."""
    sound = [placement for placement in evidence.placements if is_sound(placement)]
    if not sound:
        return [EvidenceItem("No placement went live in time and with the right link, so nothing can be compared.")]
    expected = sum((expected_of(placement) for placement in sound), Volumes())
    views, clicks = sum(placement.views for placement in sound), sum(placement.clicks for placement in sound)
    facts = [_step("Views of the posts without any known trouble", views, expected.views)]
    if views and expected.views:
        facts.append(_step("Clicks per view of these posts", clicks / views, expected.clicks / expected.views))
    if expected.clicks and evidence.traffic:
        rate = conversion_rate_outside(evidence, "")
        facts.append(_step("Conversions per click outside of outages", rate, expected.conversions / expected.clicks))
    return facts


def _step(what: str, measured: float, planned: float) -> EvidenceItem:
    if not planned:
        return EvidenceItem(f"{what}: nothing was planned.")
    ratio = measured / planned
    return EvidenceItem(f"{what} came to {ratio:.0%} of the plan.", ratio, "of the plan")


def _costs(lost: Volumes, volume: str | None = None) -> str:
    named = [volume] if volume else ["views", "clicks", "conversions"]
    parts = [f"{lost.of(name):,.0f} {name}" for name in named if lost.of(name) >= 0.5]
    return f" That cost about {', '.join(parts)}." if parts else ""


def _finding(
    evidence: IterationEvidence, kpi: KpiOutcome | None, cause: Cause, weight: float, statement: str
) -> Finding:
    kpi_key = kpi.kpi_key if kpi else None
    page = f"/mardev/iterations/{evidence.iteration_key}"
    facts = tuple(
        EvidenceItem(fact.sentence, fact.figure, fact.unit, fact.page_path or page) for fact in cause.evidence
    )
    key = f"{evidence.iteration_key}/{kpi_key or 'general'}/{cause.cause}/{cause.subject.replace('/', '-')}"
    return Finding(key, kpi_key, cause.side, cause.category, statement, weight, facts)

"""Causes on the side of systems and measurement, with what each is estimated to have cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mardev.martech.systems import SYSTEMS
from mardev.retrospective.causes import Category, Cause, EvidenceItem, Volumes, duration
from mardev.retrospective.evidence import IncidentEvidence, IterationEvidence, TrafficHour

CONVERTING = ("landing", "shop")
MEASURING = ("youtube", "analytics", "warehouse")
PRIOR_CLICKS = 50.0
"""Weight, in clicks, of the rate of all markets when one market has few."""
LEAST_COMPARISON = timedelta(hours=24)
HOUR = timedelta(hours=1)
_NAMES = {record.system_key: record.name for record in SYSTEMS}


def technology_causes(evidence: IterationEvidence) -> list[Cause]:
    """Everything technology-side that the evidence shows, the same order for the same evidence."""
    causes: list[Cause] = []
    counted: set[tuple[str, datetime]] = set()
    for incident in sorted(evidence.incidents, key=lambda incident: (incident.opened_at, incident.incident_key)):
        if incident.source == "system_check":
            causes.append(_outage(incident, evidence, counted))
        elif incident.source in ("task_failure", "gate"):
            causes.append(_own_failure(incident))
    causes += [_gap(gap.what, gap.gap_from, gap.gap_to, gap.page_path) for gap in evidence.measurement_gaps]
    return causes


def conversion_rate_outside(evidence: IterationEvidence, market: str) -> float:
    """Conversions per click of a market (all for "") in hours without trouble on the way to conversion.

    Drawn towards the rate of all markets as if 50 clicks had been seen at it; the plan's rate when nothing was seen.
    """
    outages = [i for i in evidence.incidents if i.source == "system_check" and i.system_key in CONVERTING]
    sound = [hour for hour in evidence.traffic if not any(_covers(i, hour, evidence.flight_to) for i in outages)]
    planned_clicks = sum(placement.expected_clicks for placement in evidence.placements)
    planned = sum(placement.expected_conversions for placement in evidence.placements)
    overall = _rate(sound, planned / planned_clicks if planned_clicks else 0.0)
    return _rate([hour for hour in sound if market in ("", hour.market)], overall)


def _outage(incident: IncidentEvidence, evidence: IterationEvidence, counted: set[tuple[str, datetime]]) -> Cause:
    name = _NAMES.get(incident.system_key, incident.system_key)
    place = f"{name} ({incident.market})" if incident.market else name
    until = min(incident.closed_at or evidence.flight_to, evidence.flight_to)
    length = max(until - incident.opened_at, timedelta(0))
    facts = [
        EvidenceItem(
            f"{incident.title}: from {incident.opened_at:%d %B %H:%M} to {until:%d %B %H:%M} UTC.",
            length / HOUR,
            "hours",
            incident.page_path,
        )
    ]
    lost = Volumes()
    if incident.system_key in CONVERTING:
        lost, more = _lost_conversions(incident, evidence, counted)
        facts += more
    elif incident.system_key == "redirector":
        lost, more = _lost_clicks(incident, evidence, until)
        facts += more
    category: Category = "measurement" if incident.system_key in MEASURING else "technology"
    statement = f"{place} was out for {duration(length)}."
    return Cause(f"{incident.system_key}_outage", incident.incident_key, "technology", category, statement, lost, facts)


def _lost_conversions(
    incident: IncidentEvidence, evidence: IterationEvidence, counted: set[tuple[str, datetime]]
) -> tuple[Volumes, list[EvidenceItem]]:
    """Clicks in the outage times the conversion rate outside, less what was converted all the same.

    An hour of a placement is counted for one incident only.
    """
    inside = [
        hour
        for hour in evidence.traffic
        if _covers(incident, hour, evidence.flight_to) and (hour.placement_key, hour.hour) not in counted
    ]
    counted.update((hour.placement_key, hour.hour) for hour in inside)
    clicks, conversions = sum(hour.clicks for hour in inside), sum(hour.conversions for hour in inside)
    rate = conversion_rate_outside(evidence, incident.market)
    where = f" in {incident.market}" if incident.market else ""
    facts = [
        EvidenceItem(f"{clicks:,} clicks{where} met the outage.", clicks, "clicks", incident.page_path),
        EvidenceItem(
            f"{conversions:,} of them converted; outside the outage {rate:.1%} of clicks{where} did.",
            rate,
            "conversions per click",
            incident.page_path,
        ),
    ]
    return Volumes(conversions=max(0.0, clicks * rate - conversions)), facts


def _lost_clicks(
    incident: IncidentEvidence, evidence: IterationEvidence, until: datetime
) -> tuple[Volumes, list[EvidenceItem]]:
    """Clicks per hour just before and after times the hours of the outage, less the clicks counted in it."""
    length = until - incident.opened_at
    around = max(length, LEAST_COMPARISON)
    before, after = incident.opened_at - around, until + around
    affected = [hour for hour in evidence.traffic if incident.market in ("", hour.market)]
    inside = sum(hour.clicks for hour in affected if incident.opened_at <= hour.hour < until)
    outside = sum(
        hour.clicks for hour in affected if before <= hour.hour < incident.opened_at or until <= hour.hour < after
    )
    first = min((p.published_at for p in evidence.placements if p.published_at), default=evidence.flight_from)
    hours = (
        max(incident.opened_at - max(before, first), timedelta(0))
        + max(min(after, evidence.flight_to) - until, timedelta(0))
    ) / HOUR
    per_hour = outside / hours if hours > 0 else 0.0
    clicks = max(0.0, per_hour * (length / HOUR) - inside)
    facts = [
        EvidenceItem(
            f"{per_hour:,.1f} clicks an hour just before and after, {inside:,} in all while it was out.",
            per_hour,
            "clicks per hour",
            incident.page_path,
        )
    ]
    return Volumes(clicks=clicks, conversions=clicks * conversion_rate_outside(evidence, incident.market)), facts


def _own_failure(incident: IncidentEvidence) -> Cause:
    ended = incident.closed_at.strftime("until %d %B %H:%M UTC") if incident.closed_at else "still open"
    fact = EvidenceItem(f"Opened on {incident.opened_at:%d %B %H:%M} UTC, {ended}.", page_path=incident.page_path)
    if incident.source == "gate":
        statement = f"A batch of data was refused: {incident.title}."
        return Cause("blocked_gate", incident.incident_key, "technology", "data", statement, evidence=[fact])
    statement = f"A step of the toolchain failed: {incident.title}."
    return Cause("failed_task", incident.incident_key, "technology", "process", statement, evidence=[fact])


def _gap(what: str, gap_from: datetime, gap_to: datetime, page_path: str) -> Cause:
    length = gap_to - gap_from
    fact = EvidenceItem(
        f"Nothing was measured from {gap_from:%d %B %H:%M} to {gap_to:%d %B %H:%M} UTC; the posts may be fine.",
        length / HOUR,
        "hours",
        page_path,
    )
    statement = f"{what[:1].upper()}{what[1:]} were not measured for {duration(length)}."
    return Cause(
        "measurement_gap", f"{what}-{gap_from:%Y%m%d%H%M}", "technology", "measurement", statement, evidence=[fact]
    )


def _covers(incident: IncidentEvidence, hour: TrafficHour, flight_to: datetime) -> bool:
    until = incident.closed_at or flight_to
    return incident.market in ("", hour.market) and incident.opened_at < hour.hour + HOUR and hour.hour < until


def _rate(hours: Sequence[TrafficHour], prior: float) -> float:
    clicks, conversions = sum(hour.clicks for hour in hours), sum(hour.conversions for hour in hours)
    return (conversions + PRIOR_CLICKS * prior) / (clicks + PRIOR_CLICKS)

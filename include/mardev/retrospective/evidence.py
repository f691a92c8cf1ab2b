"""What is known about an iteration when it is over: the only input of the retrospective."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class KpiOutcome:
    """A KPI with what was aimed at and what came. `result` None means that it could not be measured."""

    kpi_key: str
    name: str
    unit: str
    direction: Literal["up", "down"]
    target: Decimal | None
    result: Decimal | None
    baseline: Decimal | None = None
    is_health_indicator: bool = False


@dataclass(frozen=True)
class PlacementEvidence:
    """A placement: what was agreed, what happened, what it brought within the flight.

    Attributes
    ----------
    published_at : None when nothing was published
    is_disclosed, link_was_right : at the first check of the post; None when it was never checked
    disclosure_fixed_at, link_fixed_at : when a later check found it right; None when never
    held_by, hold_reason : lane that held or dropped it ("marketing", "technology"), and why; empty when not held
    expected_* : of the signed plan, for the whole flight
    page_path : where a person can look at it
    """

    placement_key: str
    creator: str
    market: str
    window_from: datetime
    window_to: datetime
    expected_views: float
    expected_clicks: float
    expected_conversions: float
    views: int = 0
    clicks: int = 0
    conversions: int = 0
    published_at: datetime | None = None
    is_disclosed: bool | None = None
    disclosure_fixed_at: datetime | None = None
    link_was_right: bool | None = None
    link_fixed_at: datetime | None = None
    held_by: Literal["", "marketing", "technology"] = ""
    hold_reason: str = ""
    page_path: str = ""


@dataclass(frozen=True)
class DealEvidence:
    """An offer that came to nothing, or to something."""

    creator: str
    market: str
    state: str
    expected_views: float = 0.0
    expected_clicks: float = 0.0
    expected_conversions: float = 0.0
    page_path: str = ""


@dataclass(frozen=True)
class TrafficHour:
    """Clicks and conversions credited to one placement in one market in one hour (`hour` is its start)."""

    placement_key: str
    market: str
    hour: datetime
    clicks: int
    conversions: int


@dataclass(frozen=True)
class IncidentEvidence:
    """Trouble of a system (`market` empty: everywhere), of a task, of a gate. `closed_at` None: still open."""

    incident_key: str
    source: Literal["system_check", "task_failure", "post_check", "gate"]
    system_key: str
    market: str
    title: str
    opened_at: datetime
    closed_at: datetime | None = None
    page_path: str = ""


@dataclass(frozen=True)
class OverrideEvidence:
    """A missing check-in that a named person overrode."""

    stage: str
    lane: Literal["marketing", "technology"]
    person: str
    reason: str
    page_path: str = ""


@dataclass(frozen=True)
class MeasurementGap:
    """A time in which something was not measured (a collector failed, a gate blocked a batch)."""

    what: str
    gap_from: datetime
    gap_to: datetime
    page_path: str = ""


@dataclass(frozen=True)
class IterationEvidence:
    """All evidence of one iteration.

    Attributes
    ----------
    planned_views, planned_clicks, planned_conversions : sums over the chosen rows of the signed plan
    """

    iteration_key: str
    flight_from: datetime
    flight_to: datetime
    kpis: Sequence[KpiOutcome]
    placements: Sequence[PlacementEvidence]
    deals: Sequence[DealEvidence] = field(default_factory=tuple)
    traffic: Sequence[TrafficHour] = field(default_factory=tuple)
    incidents: Sequence[IncidentEvidence] = field(default_factory=tuple)
    overrides: Sequence[OverrideEvidence] = field(default_factory=tuple)
    measurement_gaps: Sequence[MeasurementGap] = field(default_factory=tuple)
    planned_views: float = 0.0
    planned_clicks: float = 0.0
    planned_conversions: float = 0.0

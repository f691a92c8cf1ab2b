"""Constructed evidence of iterations: a clean one, to be spoiled by the test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mardev.retrospective.evidence import (
    DealEvidence,
    IncidentEvidence,
    IterationEvidence,
    KpiOutcome,
    PlacementEvidence,
    TrafficHour,
)

START = datetime(2026, 10, 19, tzinfo=UTC)
END = START + timedelta(days=14)
HOUR = timedelta(hours=1)


def placement(number: int, market: str = "DE", **more: object) -> PlacementEvidence:
    """Expected and delivered: 10,000 views, 120 clicks, 24 conversions; published on time."""
    values: dict[str, object] = {
        "placement_key": f"autumn-{number}", "creator": f"Creator {number}", "market": market,
        "window_from": START, "window_to": START + timedelta(days=2),
        "expected_views": 10_000.0, "expected_clicks": 120.0, "expected_conversions": 24.0,
        "views": 10_000, "clicks": 120, "conversions": 24, "published_at": START + timedelta(days=1),
        "is_disclosed": True, "link_was_right": True,
    }  # fmt: skip
    return PlacementEvidence(**(values | more))  # type: ignore[arg-type]


def kpi(kpi_key: str, target: str | None, result: str | None, direction: str = "up") -> KpiOutcome:
    return KpiOutcome(
        kpi_key, kpi_key.title(), "", direction,  # type: ignore[arg-type]
        None if target is None else Decimal(target), None if result is None else Decimal(result),
    )  # fmt: skip


def outage(system_key: str, start_hour: int, hours: int | None, market: str = "", **more: object) -> IncidentEvidence:
    opened = START + start_hour * HOUR
    base = IncidentEvidence(
        f"{system_key}-{market}-{start_hour}", "system_check", system_key, market, f"{system_key} does not answer",
        opened, None if hours is None else opened + hours * HOUR, "/mardev/systems",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def steady_traffic(
    placement_key: str, market: str, *, clicks: int = 10, conversions: int = 2, hours: int = 240,
    dead: range = range(0), silent: range = range(0), first: int = 24,
) -> list[TrafficHour]:  # fmt: skip
    """Hourly clicks and conversions; no conversions in `dead` hours, no clicks either in `silent` ones."""
    return [
        TrafficHour(
            placement_key, market, START + hour * HOUR,
            0 if hour in silent else clicks, 0 if hour in dead or hour in silent else conversions,
        )
        for hour in range(first, first + hours)
    ]  # fmt: skip


def evidence(**more: object) -> IterationEvidence:
    values: dict[str, object] = {
        "iteration_key": "autumn", "flight_from": START, "flight_to": END, "kpis": [], "placements": [],
    } | more  # fmt: skip
    placements: list[PlacementEvidence] = list(values["placements"])  # type: ignore[call-overload]
    planned = {
        "planned_views": sum(p.expected_views for p in placements),
        "planned_clicks": sum(p.expected_clicks for p in placements),
        "planned_conversions": sum(p.expected_conversions for p in placements),
    }
    return IterationEvidence(**(planned | values))  # type: ignore[arg-type]


def declined(number: int, views: float = 10_000.0, state: str = "declined") -> DealEvidence:
    return DealEvidence(f"Refuser {number}", "DE", state, views, views * 0.012, views * 0.0024)

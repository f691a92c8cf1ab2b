"""Gathers what the warehouse knows of an iteration into the evidence of its retrospective."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from mardev.retrospective.evidence import (
    DealEvidence,
    IncidentEvidence,
    IterationEvidence,
    KpiOutcome,
    OverrideEvidence,
    PlacementEvidence,
    TrafficHour,
)
from mardev.stages.lookups import Row, iteration_row
from mardev.warehouse import tables
from mardev.warehouse.read import query

OFFERS_THAT_FAILED = ("declined", "silent", "withdrawn")


def gather_evidence(connection: sa.Connection, iteration_key: str) -> IterationEvidence:
    """Everything the fishbone is computed from; each piece names the page where people find it."""
    iteration = iteration_row(connection, iteration_key)
    page = f"/mardev/iterations/{iteration_key}"
    planned = query(connection, "planned_outcome", iteration_key=iteration_key)[0]
    return IterationEvidence(
        iteration_key=iteration_key,
        flight_from=iteration["flight_from"],
        flight_to=iteration["flight_to"],
        kpis=_kpis(connection, iteration_key),
        placements=_placements(connection, iteration_key, page),
        deals=_deals(connection, iteration_key, page),
        traffic=_traffic(connection, iteration),
        incidents=_incidents(connection, iteration, page),
        overrides=_overrides(connection, iteration_key, page),
        planned_views=planned["views"] or 0.0,
        planned_clicks=planned["clicks"] or 0.0,
        planned_conversions=planned["conversions"] or 0.0,
    )


def _kpis(connection: sa.Connection, iteration_key: str) -> Sequence[KpiOutcome]:
    table = tables.kpi_target
    rows = connection.execute(
        sa.select(table).where(table.c.iteration_key == iteration_key).order_by(table.c.kpi_key)
    ).mappings()
    return [
        KpiOutcome(
            kpi_key=row["kpi_key"],
            name=row["name"],
            unit=row["unit"],
            direction=row["direction"],
            target=row["target_value"],
            result=row["result_value"],
            baseline=row["baseline_value"],
            is_health_indicator=row["is_health_indicator"],
        )
        for row in rows
    ]


def _placements(connection: sa.Connection, iteration_key: str, page: str) -> Sequence[PlacementEvidence]:
    return [
        PlacementEvidence(
            placement_key=row["placement_key"],
            creator=row["creator"],
            market=row["market"],
            window_from=row["window_from"],
            window_to=row["window_to"],
            expected_views=row["expected_views"] or 0.0,
            expected_clicks=row["expected_clicks"] or 0.0,
            expected_conversions=row["expected_conversions"] or 0.0,
            views=row["views"],
            clicks=row["clicks"],
            conversions=row["conversions"],
            published_at=row["published_at"],
            is_disclosed=row["is_disclosed"],
            disclosure_fixed_at=row["disclosure_fixed_at"],
            link_was_right=row["link_is_right"],
            link_fixed_at=row["link_fixed_at"],
            held_by=row["held_by"] or "",
            hold_reason=row["hold_reason"] or "",
            page_path=page,
        )
        for row in query(connection, "placement_evidence", iteration_key=iteration_key)
    ]


def _deals(connection: sa.Connection, iteration_key: str, page: str) -> Sequence[DealEvidence]:
    return [
        DealEvidence(
            creator=row["creator"],
            market=row["market"],
            state=row["state"],
            expected_views=row["expected_views"] or 0.0,
            expected_clicks=row["expected_clicks"] or 0.0,
            expected_conversions=row["expected_conversions"] or 0.0,
            page_path=page,
        )
        for row in query(connection, "deal_evidence", iteration_key=iteration_key)
        if row["state"] in OFFERS_THAT_FAILED
    ]


def _traffic(connection: sa.Connection, iteration: Row) -> Sequence[TrafficHour]:
    return [
        TrafficHour(
            placement_key=row["placement_key"],
            market=row["market"],
            hour=row["hour"],
            clicks=row["clicks"],
            conversions=row["conversions"],
        )
        for row in query(
            connection,
            "traffic_by_hour",
            iteration_key=iteration["iteration_key"],
            counted_from=iteration["flight_from"],
            counted_to=iteration["flight_to"] + timedelta(days=1),
        )
    ]


def _incidents(connection: sa.Connection, iteration: Row, page: str) -> Sequence[IncidentEvidence]:
    rows = query(
        connection,
        "incidents_of_flight",
        iteration_key=iteration["iteration_key"],
        world=iteration["world"],
        markets=iteration["markets"],
        counted_from=iteration["opened_at"],
        counted_to=iteration["flight_to"],
    )
    return [
        IncidentEvidence(
            incident_key=row["incident_key"],
            source=row["source"],
            system_key=row["system_key"] or "",
            market=row["market"],
            title=row["title"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            page_path=page,
        )
        for row in rows
    ]


def _overrides(connection: sa.Connection, iteration_key: str, page: str) -> Sequence[OverrideEvidence]:
    table = tables.check_in_override
    rows = connection.execute(sa.select(table).where(table.c.iteration_key == iteration_key)).mappings()
    return [
        OverrideEvidence(
            stage=row["stage"], lane=row["lane"], person=row["person"], reason=row["reason"], page_path=page
        )
        for row in rows
    ]

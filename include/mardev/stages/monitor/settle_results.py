"""Marketing step of `monitor`: the flight is over, what did it bring? KPIs by the same definitions as the plan's."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage, Verdict
from mardev.economics.kpis import measure
from mardev.economics.results import Totals
from mardev.stages.context import StageContext
from mardev.stages.health_indicators import measure_health
from mardev.stages.lookups import Row, iteration_row, placements_of, plan_of
from mardev.stages.refresh_metrics.refresh_metrics import refresh_metrics
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in
from mardev.warehouse import tables
from mardev.warehouse.read import query


def settle_results(context: StageContext) -> dict[str, Any]:
    """Measure once more at the end of the flight, then settle each KPI and give marketing's check-in."""
    refresh_metrics(context)
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        totals = _totals(connection, iteration)
        health = measure_health(connection, iteration, iteration["flight_from"], iteration["flight_to"])
        results = _settle_kpis(connection, iteration, totals, health, now)
        give_check_in(
            connection, context.iteration_key, Stage.MONITOR, Lane.MARKETING, now, _verdicts(connection, iteration)
        )
    return {key: str(value) if value is not None else None for key, value in results.items()}


def _totals(connection: sa.Connection, iteration: Row) -> Totals:
    (row,) = query(connection, "iteration_totals", iteration_key=iteration["iteration_key"])
    planned = plan_of(connection, iteration["iteration_key"])
    planned_views = row["planned_views"] or 0
    reach = planned["expected_reach"] * float(row["views"]) / planned_views if planned_views else None
    return Totals(
        cost=Decimal(row["cost"]),
        views=int(row["views"]),
        likes=int(row["likes"]),
        comments=int(row["comments"]),
        clicks=int(row["clicks"]),
        conversions=int(row["conversions"]),
        revenue=Decimal(row["revenue"]),
        unique_reach=reach,
    )


def _settle_kpis(
    connection: sa.Connection, iteration: Row, totals: Totals, health: dict[str, Decimal | None], now: datetime
) -> dict[str, Decimal | None]:
    table = tables.kpi_target
    rows = (
        connection.execute(sa.select(table).where(table.c.iteration_key == iteration["iteration_key"])).mappings().all()
    )
    results: dict[str, Decimal | None] = {}
    for row in rows:
        key = row["kpi_key"]
        results[key] = health[key] if key in health else measure(key, totals)
        connection.execute(
            sa.update(table)
            .where(table.c.iteration_key == row["iteration_key"], table.c.kpi_key == key)
            .values(result_value=results[key], measured_at=now)
        )
    return results


def _verdicts(connection: sa.Connection, iteration: Row) -> list[PlacementVerdict]:
    return [
        PlacementVerdict(row["placement_key"], Verdict.READY)
        if row["state"] == "live"
        else PlacementVerdict(row["placement_key"], Verdict.DROPPED, "No post went live during the flight")
        for row in placements_of(connection, iteration["iteration_key"], "armed", "live")
    ]

"""Marketing step of `monitor`: the flight is over, what did it bring? KPIs by the same definitions as the plan's."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage, Verdict, World
from mardev.economics.kpis import measure
from mardev.economics.results import Totals
from mardev.errors import ViewDefinitionsDiffer
from mardev.policy.column_map import COUNTER_KPIS
from mardev.stages.context import StageContext
from mardev.stages.health_indicators import measure_health
from mardev.stages.lookups import Row, iteration_row, placements_of, plan_of
from mardev.stages.refresh_metrics.refresh_metrics import refresh_metrics
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in
from mardev.stages.view_epochs import compare_with_plan
from mardev.warehouse import tables
from mardev.warehouse.read import query

MADE_OF_VIEWS = COUNTER_KPIS - {"engagements"}


@dataclass(frozen=True)
class Views:
    """Views by the plan's definition, None where they cannot be compared with it.

    Attributes:
        ratio: counted by planned views; None without planned views, or where they cannot be compared.
        remark: what has to be said beside every figure made of them.
    """

    count: int | None
    ratio: float | None
    remark: str = ""


def settle_results(context: StageContext) -> dict[str, Any]:
    """Measure once more at the end of the flight, then settle each KPI and give marketing's check-in."""
    refresh_metrics(context)
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        totals, views = _totals(connection, iteration, now)
        health = measure_health(connection, iteration, iteration["flight_from"], iteration["flight_to"])
        results = _settle_kpis(connection, iteration, totals, health, now, views)
        give_check_in(
            connection, context.iteration_key, Stage.MONITOR, Lane.MARKETING, now, _verdicts(connection, iteration)
        )
    return {key: str(value) if value is not None else None for key, value in results.items()}


def _totals(connection: sa.Connection, iteration: Row, now: datetime) -> tuple[Totals, Views]:
    """What came, its views by the plan's definition."""
    (row,) = query(connection, "iteration_totals", iteration_key=iteration["iteration_key"])
    planned = plan_of(connection, iteration["iteration_key"])
    views = _views_as_planned(connection, iteration, row, now)
    totals = Totals(
        cost=Decimal(row["cost"]),
        views=views.count or 0,
        likes=int(row["likes"]),
        comments=int(row["comments"]),
        clicks=int(row["clicks"]),
        conversions=int(row["conversions"]),
        revenue=Decimal(row["revenue"]),
        unique_reach=None if views.ratio is None else planned["expected_reach"] * views.ratio,
    )
    return totals, views


def _views_as_planned(connection: sa.Connection, iteration: Row, row: Row, now: datetime) -> Views:
    """Across a change of what counts as a view: bridged with the fitted factor, or not comparable at all."""
    counted = int(row["views"])
    if not row["planned_views"]:
        return Views(counted, None)
    try:
        compared = compare_with_plan(
            connection,
            iteration["iteration_key"],
            World(iteration["world"]),
            planned_views=row["planned_views"],
            counted_views=counted,
            now=now,
        )
    except ViewDefinitionsDiffer as refusal:
        return Views(None, None, str(refusal))
    return Views(
        round(row["planned_views"] * compared.ratio) if compared.is_bridged else counted,
        compared.ratio,
        compared.sentence,
    )


def _settle_kpis(
    connection: sa.Connection,
    iteration: Row,
    totals: Totals,
    health: dict[str, Decimal | None],
    now: datetime,
    views: Views,
) -> dict[str, Decimal | None]:
    table = tables.kpi_target
    rows = (
        connection.execute(sa.select(table).where(table.c.iteration_key == iteration["iteration_key"])).mappings().all()
    )
    results: dict[str, Decimal | None] = {}
    for row in rows:
        key = row["kpi_key"]
        results[key] = health[key] if key in health else measure(key, totals)
        source = row["source"]
        if views.remark and key in MADE_OF_VIEWS:
            results[key] = None if views.count is None else results[key]
            source = source if views.remark in source else f"{source} {views.remark}"
        connection.execute(
            sa.update(table)
            .where(table.c.iteration_key == row["iteration_key"], table.c.kpi_key == key)
            .values(result_value=results[key], measured_at=now, source=source)
        )
    return results


def _verdicts(connection: sa.Connection, iteration: Row) -> list[PlacementVerdict]:
    return [
        PlacementVerdict(row["placement_key"], Verdict.READY)
        if row["state"] == "live"
        else PlacementVerdict(row["placement_key"], Verdict.DROPPED, "No post went live during the flight")
        for row in placements_of(connection, iteration["iteration_key"], "armed", "live")
    ]

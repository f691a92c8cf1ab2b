"""Iterations: where each one stands, and one of them lane by lane, placement by placement."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mardev.pages.access import CurrentPerson, ReadConnection
from mardev.pages.dark_figures import WHOSE_FIGURES, result_note, sum_of_views, views_note
from mardev.pages.iteration_head import STAGES, head_of, only_world, stage_lines
from mardev.pages.view import render
from mardev.warehouse.read import query

INCIDENTS_SHOWN = 50
router = APIRouter()


@router.get("/iterations", response_class=HTMLResponse)
def iterations(request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    return render(
        request,
        "iterations.html",
        person=person,
        world=only_world(connection),
        stages=STAGES,
        rows=query(connection, "iterations_overview", iteration_key=None),
    )


@router.get("/iterations/{iteration_key}", response_class=HTMLResponse)
def iteration(iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    head = head_of(connection, iteration_key)
    decisions = query(connection, "decisions_of_iteration", iteration_key=iteration_key)
    overrides = query(connection, "overrides_of_iteration", iteration_key=iteration_key)
    placements = query(connection, "placements_of_iteration", iteration_key=iteration_key)
    kpis = query(connection, "kpis_of_iteration", iteration_key=iteration_key)
    return render(
        request,
        "iteration.html",
        person=person,
        world=head["world"],
        head=head,
        lines=stage_lines(
            head,
            query(connection, "stages_of_iteration", iteration_key=iteration_key),
            query(connection, "check_ins_of_iteration", iteration_key=iteration_key),
            overrides,
            decisions,
        ),
        summary=query(connection, "iterations_overview", iteration_key=iteration_key)[0],
        decisions=decisions,
        overrides=overrides,
        placements=placements,
        verdicts=_verdicts(connection, iteration_key),
        deals=query(connection, "deals_of_iteration", iteration_key=iteration_key),
        deal_counts=_deal_counts(connection, iteration_key),
        incidents=query(connection, "newest_incidents", iteration_key=iteration_key, row_limit=INCIDENTS_SHOWN),
        kpis=kpis,
        plan=next(iter(query(connection, "plan_of_iteration", iteration_key=iteration_key)), None),
        total=_sum_up(placements, head["state"]),
        whose_figures=WHOSE_FIGURES,
        views_note=views_note(placements, head["state"]),
        result_note=result_note(kpis),
    )


def _verdicts(connection: sa.Connection, iteration_key: str) -> dict[str, dict[tuple[str, str], sa.RowMapping]]:
    """Placement to its verdicts by (stage, lane)."""
    found: dict[str, dict[tuple[str, str], sa.RowMapping]] = defaultdict(dict)
    for row in query(connection, "verdicts_of_iteration", iteration_key=iteration_key, stage=None):
        found[row["placement_key"]][row["stage"], row["lane"]] = row
    return found


def _deal_counts(connection: sa.Connection, iteration_key: str) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for row in query(connection, "deals_of_iteration", iteration_key=iteration_key):
        counts[row["state"]] += 1
    return dict(counts)


def _sum_up(placements: Sequence[sa.RowMapping], state: str) -> dict[str, Any]:
    counted = [row for row in placements if row["state"] != "dropped"]
    return {
        "booked_amount": sum((row["booked_amount"] for row in counted), Decimal(0)),
        "cost_amount": sum((row["cost_amount"] or Decimal(0) for row in placements), Decimal(0)),
        "revenue_amount": sum((row["revenue_amount"] for row in placements), Decimal(0)),
        "views": sum_of_views(placements, state),
        "clicks": sum(row["clicks"] for row in placements),
        "conversions": sum(row["conversions"] for row in placements),
    }

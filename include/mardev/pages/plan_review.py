"""Plan review: the proposed creators with picture, reasons and prices; what is changed here; what is signed here."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mardev.pages.access import CurrentPerson, Person, ReadConnection, services_of
from mardev.pages.dark_figures import forecast_note, rank_note
from mardev.pages.iteration_head import head_of, newest_requests
from mardev.pages.view import own_base, render
from mardev.stages.plan.review import (
    EDITING_ROLE,
    Drop,
    Keep,
    PlanChange,
    Reprice,
    Swap,
    edit_row,
    is_open_for_changes,
    totals,
)
from mardev.warehouse.read import query

SIGNATURES = ("sign_plan_marketing", "sign_plan_technology")
router = APIRouter()


@router.get("/iterations/{iteration_key}/plan", response_class=HTMLResponse)
def plan_review(
    iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection
) -> HTMLResponse:
    return render(request, "plan_review.html", person=person, **_values(connection, iteration_key, person))


@router.post("/iterations/{iteration_key}/plan/rows")
def change_row(
    iteration_key: str,
    request: Request,
    person: CurrentPerson,
    channel_key: Annotated[str, Form()],
    change: Annotated[str, Form()],
    price: Annotated[str, Form()] = "",
    reserve: Annotated[str, Form()] = "",
) -> Response:
    """Change one row; the page asks for the table alone (``X-Fragment``), a browser without scripts for all of it."""
    services = services_of(request)
    edit_row(services.writer(), iteration_key, channel_key, _read_change(change, price, reserve), person.name)
    if "x-fragment" not in request.headers:
        return RedirectResponse(f"{own_base(request)}/iterations/{iteration_key}/plan?note=changed#creators", 303)
    with services.reader().connect() as connection:
        return render(request, "plan_table.html", person=person, **_values(connection, iteration_key, person))


def what_was_seen(connection: sa.Connection, iteration_key: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What the signature is given for, so that nobody signs a plan that changed under their eyes.

    Raises:
        HTTPException: 409, the plan is not the one that the page showed.
    """
    digest = plan_digest(query(connection, "plan_rows", iteration_key=iteration_key))
    if form.get("seen", digest) != digest:
        raise HTTPException(409, "The plan was changed since this page was opened. Look at it again before you sign.")
    summed = totals(connection, iteration_key)
    if form.get("answer") == "Sign" and summed.left_amount < 0:
        raise HTTPException(409, "The chosen creators cost more than the budget. Drop or re-price before you sign.")
    return {
        "plan_digest": digest,
        "chosen_count": summed.chosen_count,
        "price_amount": str(summed.price_amount),
        "currency": summed.currency,
    }


def plan_digest(rows: Sequence[sa.RowMapping]) -> str:
    """A short name of what a plan's rows say: creators, choice, order, integration type, price."""
    lines = sorted(
        f"{row['channel_key']}|{row['choice']}|{row['approach_order']}|{row['integration_type']}"
        f"|{row['price_amount']:.4f}|{row['price_currency']}"
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _values(connection: sa.Connection, iteration_key: str, person: Person) -> dict[str, Any]:
    head = head_of(connection, iteration_key)
    plan = next(iter(query(connection, "plan_of_iteration", iteration_key=iteration_key)), None)
    rows = query(connection, "plan_rows", iteration_key=iteration_key)
    is_open = plan is not None and is_open_for_changes(connection, iteration_key)
    decisions = query(connection, "decisions_of_iteration", iteration_key=iteration_key)
    return {
        "world": head["world"],
        "head": head,
        "plan": plan,
        "totals": totals(connection, iteration_key) if plan else None,
        "digest": plan_digest(rows),
        "forecast_note": forecast_note(plan),
        "rank_note": rank_note(rows),
        "is_graph_only": plan is not None and plan["score_basis"].get("features") == ["graph"],
        "chosen": [row for row in rows if row["choice"] == "chosen"],
        "reserve": [row for row in rows if row["choice"] == "reserve"],
        "dropped": [row for row in rows if row["choice"] == "dropped"],
        "may_edit": is_open and person.may(EDITING_ROLE),
        "is_open": is_open,
        "requests": newest_requests(decisions, *SIGNATURES),
        "earlier": [row for row in decisions if row["decision_key"] in SIGNATURES and row["answered_at"]],
        "requirements": query(connection, "requirements_of_iteration", iteration_key=iteration_key),
        "kpis": query(connection, "kpis_of_iteration", iteration_key=iteration_key),
    }


def _read_change(change: str, price: str, reserve: str) -> PlanChange:
    match change:
        case "keep":
            return Keep()
        case "drop":
            return Drop()
        case "swap" if reserve:
            return Swap(reserve)
        case "reprice":
            try:
                return Reprice(Decimal(price.strip().replace(",", "")))
            except InvalidOperation as error:
                raise HTTPException(422, "A price is a number, for example 1250.00.") from error
    raise HTTPException(422, "Choose keep, drop, swap (with a creator of the reserve) or a new price.")

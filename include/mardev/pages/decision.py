"""Any decision as a page: who is asked, who is accountable, why it is asked again; and the way every answer takes."""

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mardev.errors import MarDevError
from mardev.pages import plan_review
from mardev.pages.access import CurrentPerson, Person, ReadConnection
from mardev.pages.airflow_api import AirflowRefused, AirflowUnreached
from mardev.pages.answering import extra_fields, forward, newest_request, record_answer
from mardev.pages.iteration_head import head_of
from mardev.pages.view import airflow_base, render
from mardev.warehouse.read import query

router = APIRouter()


async def read_form(request: Request) -> Mapping[str, str]:
    """The text fields of a form."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


FormFields = Annotated[Mapping[str, str], Depends(read_form)]


@router.get("/iterations/{iteration_key}/decisions/{decision_key}", response_class=HTMLResponse)
def decision(
    iteration_key: str, decision_key: str, request: Request, person: CurrentPerson, connection: ReadConnection
) -> HTMLResponse:
    head = head_of(connection, iteration_key)
    asked = newest_request(connection, iteration_key, decision_key)
    decisions = query(connection, "decisions_of_iteration", iteration_key=iteration_key)
    return render(
        request,
        "decision.html",
        person=person,
        world=head["world"],
        head=head,
        asked=asked,
        earlier=[row for row in decisions if row["decision_key"] == decision_key and row["attempt"] < asked["attempt"]],
        deals=query(connection, "deals_of_iteration", iteration_key=iteration_key)
        if decision_key == "extend_plan"
        else [],
    )


@router.post("/iterations/{iteration_key}/decisions/{decision_key}")
def answer_decision(
    iteration_key: str,
    decision_key: str,
    request: Request,
    person: CurrentPerson,
    connection: ReadConnection,
    form: FormFields,
) -> Response:
    """Write the answer, then tell Airflow; a page says so when the second step has to be repeated."""
    asked = newest_request(connection, iteration_key, decision_key)
    answer = record_answer(request, person, asked, form, _fields(connection, asked, form))
    return _forward_and_go_back(request, person, asked, answer)


@router.post("/iterations/{iteration_key}/decisions/{decision_key}/forward")
def forward_again(
    iteration_key: str, decision_key: str, request: Request, person: CurrentPerson, connection: ReadConnection
) -> Response:
    """Tell Airflow once more what the warehouse already holds; only who gave the answer may."""
    asked = newest_request(connection, iteration_key, decision_key)
    if asked["answered_at"] is None or asked["person"] != person.name:
        raise HTTPException(403, "Only who gave the answer sends it again.")
    return _forward_and_go_back(request, person, asked, asked["answer"])


def _fields(connection: sa.Connection, asked: sa.RowMapping, form: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(extra_fields(form))
    if asked["decision_key"] in plan_review.SIGNATURES:
        fields |= plan_review.what_was_seen(connection, asked["iteration_key"], form)
    if asked["decision_key"].startswith("learn_") and not fields.get("lesson"):
        raise HTTPException(422, "Write one lesson: what would you do differently?")
    return fields


def _forward_and_go_back(request: Request, person: Person, asked: sa.RowMapping, answer: str) -> Response:
    try:
        forward(request, person, asked, answer)
    except (AirflowUnreached, AirflowRefused) as error:
        return _recorded_only(request, person, asked, error)
    return RedirectResponse(f"{airflow_base(request)}{asked['page_path']}?note=answered", 303)


def _recorded_only(request: Request, person: Person, asked: sa.RowMapping, error: MarDevError) -> HTMLResponse:
    return render(
        request, "not_forwarded.html", person=person, status_code=502, world=None, asked=asked, message=str(error)
    )

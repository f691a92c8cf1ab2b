"""Retrospective: figures against plan and baseline, the fishbone with its evidence, lessons, the next iteration."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mardev.economics.kpis import is_missed
from mardev.pages.access import CurrentPerson, ReadConnection, services_of
from mardev.pages.airflow_api import start_plan
from mardev.pages.fishbone import draw_fishbones
from mardev.pages.form_words import form_lines, named_creators
from mardev.pages.iteration_head import head_of, newest_requests
from mardev.pages.view import own_base, render
from mardev.pages.words import ratio
from mardev.warehouse.read import query

LESSON_DECISIONS = ("learn_marketing", "learn_technology")
STARTING_ROLES = ("marketing", "technology")
router = APIRouter()


@router.get("/iterations/{iteration_key}/retrospective", response_class=HTMLResponse)
def retrospective(
    iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection
) -> HTMLResponse:
    head = head_of(connection, iteration_key)
    kpis = [
        {
            **row,
            "missed": is_missed(row["direction"], row["target_value"], row["result_value"]),
            "share_of_target": ratio(row["result_value"], row["target_value"]),
        }
        for row in query(connection, "kpis_of_iteration", iteration_key=iteration_key)
    ]
    findings = query(connection, "findings_of_iteration", iteration_key=iteration_key)
    decisions = query(connection, "decisions_of_iteration", iteration_key=iteration_key)
    proposal = next(iter(query(connection, "proposal_of_iteration", iteration_key=iteration_key)), None)
    full_names = {row["person"]: row["full_name"] for row in decisions if row["full_name"]}
    return render(
        request,
        "retrospective.html",
        person=person,
        world=head["world"],
        head=head,
        kpis=[row for row in kpis if not row["is_health_indicator"]],
        health=[row for row in kpis if row["is_health_indicator"]],
        findings=findings,
        bones=draw_fishbones([dict(row) for row in findings], {row["kpi_key"]: row["name"] for row in kpis}),
        overrides=query(connection, "overrides_of_iteration", iteration_key=iteration_key),
        requests={row["decision_key"]: row for row in newest_requests(decisions, *LESSON_DECISIONS)},
        lessons=query(connection, "lessons_of_iteration", iteration_key=iteration_key),
        proposal=proposal,
        proposed=form_lines(proposal["form"], named_creators(connection, proposal["form"])) if proposal else [],
        proposed_because=[_why(reason, full_names) for reason in proposal["reasons"]] if proposal else [],
        may_start=any(person.may(role) for role in STARTING_ROLES),
    )


def _why(reason: Any, full_names: Mapping[str, str]) -> str:
    """A reason of the proposal as a sentence; of an iteration that was sent back it is the answer of a person."""
    if not isinstance(reason, Mapping):
        return str(reason)
    person = full_names.get(reason["person"], reason["person"])
    said = f": {reason['reason']}" if reason["reason"] else "."
    return f"Sent back by {person}{said}"


@router.post("/iterations/{iteration_key}/retrospective/start-next")
def start_next(iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection) -> Response:
    """Start the proposed iteration with its form as proposed, through Airflow and in the person's name."""
    proposals = query(connection, "proposal_of_iteration", iteration_key=iteration_key)
    if not proposals:
        raise HTTPException(404, "No next iteration is proposed yet.")
    if not any(person.may(role) for role in STARTING_ROLES):
        raise HTTPException(403, "Iterations are started by marketing or technology.")
    if proposals[0]["started_iteration_key"]:
        raise HTTPException(409, f"It was started already: {proposals[0]['started_campaign']}.")
    start_plan(services_of(request).airflow(), person.token, proposals[0]["form"])
    return RedirectResponse(f"{own_base(request)}/iterations?note=started", 303)

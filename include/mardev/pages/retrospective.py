"""Retrospective: figures against plan and baseline, the fishbone with its evidence, lessons, the next iteration."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mardev.economics.kpis import is_missed
from mardev.pages.access import CurrentPerson, ReadConnection, services_of
from mardev.pages.airflow_api import start_plan
from mardev.pages.fishbone import draw_fishbones
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
        proposal=next(iter(query(connection, "proposal_of_iteration", iteration_key=iteration_key)), None),
        may_start=any(person.may(role) for role in STARTING_ROLES),
    )


@router.post("/iterations/{iteration_key}/retrospective/start-next")
def start_next(iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection) -> Response:
    """Start the proposed iteration with its form as proposed, through Airflow and in the person's name."""
    proposals = query(connection, "proposal_of_iteration", iteration_key=iteration_key)
    if not proposals:
        raise HTTPException(404, "No next iteration is proposed yet.")
    if not any(person.may(role) for role in STARTING_ROLES):
        raise HTTPException(403, "Iterations are started by marketing or technology.")
    if proposals[0]["started_iteration_key"]:
        raise HTTPException(409, f"It was started already: {proposals[0]['started_iteration_key']}.")
    start_plan(services_of(request).airflow(), person.token, proposals[0]["form"])
    return RedirectResponse(f"{own_base(request)}/iterations?note=started", 303)

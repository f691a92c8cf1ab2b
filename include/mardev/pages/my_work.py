"""My work: what waits for me, what waits for others, what went wrong lately."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mardev.pages.access import CurrentPerson, ReadConnection
from mardev.pages.iteration_head import only_world
from mardev.pages.view import render
from mardev.warehouse.read import query

INCIDENTS_SHOWN = 8
HELD_SHOWN = 20
router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def my_work(request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    decisions = sorted(query(connection, "open_decisions"), key=lambda row: row["asked_at"])
    overview = query(connection, "iterations_overview", iteration_key=None)
    return render(
        request,
        "my_work.html",
        person=person,
        world=only_world(connection),
        mine=[row for row in decisions if person.may_answer(row)],
        others=[row for row in decisions if not person.may_answer(row)],
        held=query(connection, "held_placements", row_limit=HELD_SHOWN),
        incidents=query(connection, "newest_incidents", iteration_key=None, row_limit=INCIDENTS_SHOWN),
        running=[row for row in overview if row["state"] not in ("closed", "rejected")],
        people=query(connection, "people"),
        has_iterations=bool(overview),
    )

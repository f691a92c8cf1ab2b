"""Data quality: what the gates let pass lately, and which rows they refused and why."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mardev.pages.access import CurrentPerson, ReadConnection
from mardev.pages.iteration_head import only_world
from mardev.pages.view import render
from mardev.warehouse.read import query

GATES_SHOWN = 30
ROWS_SHOWN = 50
router = APIRouter()


@router.get("/data-quality", response_class=HTMLResponse)
def data_quality(request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    return render(
        request,
        "data_quality.html",
        person=person,
        world=only_world(connection),
        assets=query(connection, "assets_quality"),
        gates=query(connection, "newest_gate_runs", row_limit=GATES_SHOWN),
        rows=query(connection, "open_quarantine", row_limit=ROWS_SHOWN),
        rows_shown=ROWS_SHOWN,
    )

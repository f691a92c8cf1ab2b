"""Go-live: which placements are ready, which are held or dropped and why; marketing says go or hold."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mardev.pages.access import CurrentPerson, ReadConnection
from mardev.pages.iteration_head import head_of, newest_requests
from mardev.pages.view import render
from mardev.warehouse.read import query

STAGE = "verify"
WORST_FIRST = ("dropped", "held", "ready")
router = APIRouter()


@router.get("/iterations/{iteration_key}/go-live", response_class=HTMLResponse)
def go_live(iteration_key: str, request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    head = head_of(connection, iteration_key)
    placements = _with_verdicts(connection, iteration_key)
    decisions = query(connection, "decisions_of_iteration", iteration_key=iteration_key)
    return render(
        request,
        "go_live.html",
        person=person,
        world=head["world"],
        head=head,
        groups={verdict: [row for row in placements if row["overall"] == verdict] for verdict in (*WORST_FIRST, "")},
        requests=newest_requests(decisions, "go_live"),
        check_ins=[
            row for row in query(connection, "check_ins_of_iteration", iteration_key=iteration_key)
            if row["stage"] == STAGE
        ],
        ready_amount=sum(row["booked_amount"] for row in placements if row["overall"] == "ready"),
    )  # fmt: skip


def _with_verdicts(connection: sa.Connection, iteration_key: str) -> list[dict[str, Any]]:
    """Placements with what each lane's checks said; the worse verdict is the overall one, none until both spoke."""
    verdicts = {
        (row["placement_key"], row["lane"]): row
        for row in query(connection, "verdicts_of_iteration", iteration_key=iteration_key, stage=STAGE)
    }
    placements = []
    for row in query(connection, "placements_of_iteration", iteration_key=iteration_key):
        said = [
            verdict
            for lane in ("marketing", "technology")
            if (verdict := verdicts.get((row["placement_key"], lane))) is not None
        ]
        words = {verdict["verdict"] for verdict in said}
        overall = next((verdict for verdict in WORST_FIRST if verdict in words), "")
        placements.append({**row, "said": said, "overall": overall})
    return placements

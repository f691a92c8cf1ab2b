"""The way an answer goes: written by the stage that checks it, then handed to Airflow with the person's own token."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from fastapi import HTTPException, Request

from mardev.pages.access import Person, services_of
from mardev.pages.airflow_api import forward_answer
from mardev.pages.iteration_head import newest_requests
from mardev.stages import decisions
from mardev.warehouse.read import query

LONGEST_TEXT = 4000
FIELD_PREFIX = "field_"


def newest_request(connection: sa.Connection, iteration_key: str, decision_key: str) -> sa.RowMapping:
    """The last attempt of a request, answered or not.

    Raises:
        HTTPException: 404, nobody was ever asked.
    """
    found = newest_requests(query(connection, "decisions_of_iteration", iteration_key=iteration_key), decision_key)
    if not found:
        raise HTTPException(404, "Nobody is asked for this decision.")
    return found[0]


def extra_fields(form: Mapping[str, str]) -> dict[str, str]:
    """What a decision's page adds to the answer: form fields named ``field_...``."""
    return {
        name.removeprefix(FIELD_PREFIX): value.strip()[:LONGEST_TEXT]
        for name, value in form.items()
        if name.startswith(FIELD_PREFIX)
    }


def record_answer(
    request: Request, person: Person, asked: sa.RowMapping, form: Mapping[str, str], fields: Mapping[str, Any]
) -> str:
    """Write the answer of `form` to what `asked` shows; returns it.

    Raises:
        HTTPException: 409, the question was asked anew since the page was opened.
        AnswerRefused: another role is asked, somebody answered before, or something is missing.
    """
    if form.get("attempt", "") != str(asked["attempt"]):
        raise HTTPException(409, "The question was asked anew since this page was opened. Look at it again.")
    services = services_of(request)
    recorded = decisions.answer(
        services.writer(),
        services.clock(),
        iteration_key=asked["iteration_key"],
        decision_key=asked["decision_key"],
        person=person.name,
        answer=form.get("answer", ""),
        reason=form.get("reason", "").strip()[:LONGEST_TEXT],
        fields=dict(fields),
    )
    return recorded.answer


def forward(request: Request, person: Person, asked: sa.RowMapping, answer: str) -> None:
    """Hand a recorded answer to Airflow.

    Raises:
        AirflowUnreached: the answer stands; sending it again later is harmless.
        AirflowRefused: the answer stands, but Airflow does not take it from this person.
    """
    forward_answer(
        services_of(request).airflow(),
        person.token,
        dag_id=asked["dag_id"],
        run_id=asked["run_id"],
        task_id=asked["task_id"],
        answer=answer,
    )

"""The calls the pages make to Airflow, each with the person's own token."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from mardev.errors import FixFirst, RetryLater

PAUSES_SECONDS = (0.3, 0.6, 1.2, 2.4)


class AirflowUnreached(RetryLater):
    """Airflow did not take a request although the warehouse did; sending it again is harmless."""


class AirflowRefused(FixFirst):
    """Airflow answered that this request cannot be done as it is."""


def forward_answer(airflow: httpx.Client, token: str, *, dag_id: str, run_id: str, task_id: str, answer: str) -> None:
    """Hand an answer that the warehouse already holds to the task that waits for it.

    Doing it twice does no harm: Airflow answers 409 to the second.

    Raises:
        AirflowUnreached: no answer, or one that says Airflow is in trouble.
        AirflowRefused: this person may not answer there, or the task is gone.
    """
    path = "/".join(
        ("/api/v2/dags", quote(dag_id, safe=""), "dagRuns", quote(run_id, safe=""), "taskInstances",
         quote(task_id, safe=""), "-1", "hitlDetails")
    )  # fmt: skip
    body = {"chosen_options": [answer], "params_input": {}}
    for pause in PAUSES_SECONDS:
        # The request is in the warehouse a moment before Airflow itself waits for it.
        if _send(airflow, "PATCH", path, token, body, accepted=(200, 404, 409)).status_code != 404:
            return
        time.sleep(pause)
    _send(airflow, "PATCH", path, token, body, accepted=(200, 409))


def start_plan(airflow: httpx.Client, token: str, form: Mapping[str, Any]) -> str:
    """Start the pipeline `plan` with a filled form; returns the id of the run.

    Raises:
        AirflowUnreached: no answer, or one that says Airflow is in trouble.
        AirflowRefused: the form was not accepted, or this person may not start iterations.
    """
    return start_pipeline(airflow, token, "plan", form)


def start_pipeline(airflow: httpx.Client, token: str, dag_id: str, form: Mapping[str, Any] | None = None) -> str:
    """Start a pipeline; returns the id of the run.

    Raises:
        AirflowUnreached: no answer, or one that says Airflow is in trouble.
        AirflowRefused: the form was not accepted, or this person may not start it.
    """
    body = {"logical_date": None, "conf": dict(form or {})}
    path = f"/api/v2/dags/{quote(dag_id, safe='')}/dagRuns"
    return str(_send(airflow, "POST", path, token, body, accepted=(200, 201)).json()["dag_run_id"])


def _send(
    airflow: httpx.Client, method: str, path: str, token: str, body: Mapping[str, Any], *, accepted: tuple[int, ...]
) -> httpx.Response:
    try:
        response = airflow.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
    except httpx.HTTPError as error:
        raise AirflowUnreached(f"Airflow did not answer ({type(error).__name__}).") from error
    if response.status_code in accepted:
        return response
    if response.status_code >= 500:
        raise AirflowUnreached(f"Airflow is in trouble (it answered {response.status_code}).")
    raise AirflowRefused(f"Airflow refused the request ({response.status_code}): {_detail(response)}")


def _detail(response: httpx.Response) -> str:
    try:
        detail = response.json().get("detail", "")
    except (ValueError, AttributeError):
        return "no reason given"
    return str(detail)[:500] or "no reason given"

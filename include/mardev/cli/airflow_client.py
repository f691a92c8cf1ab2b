"""What the command line asks of Airflow, over the same REST API as everybody, as one signed-in person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from mardev.errors import CredentialRejected, FixFirst, TransportFailed

TIMEOUT_SECONDS = 30.0
PATIENCE_SECONDS = 120.0
"""How long a question is repeated: a supervisor that brings a dead part back needs less."""
PAGE_SIZE = 100
ENDED = ("success", "failed")


@dataclass(frozen=True)
class Run:
    """A DAG run."""

    dag_id: str
    run_id: str
    state: str
    iteration_key: str | None


@dataclass(frozen=True)
class Task:
    """A task of a run; `title` is what people see."""

    dag_id: str
    run_id: str
    task_id: str
    title: str
    state: str | None
    started_at: str | None
    ended_at: str | None


class AirflowClient:
    """Airflow as one person sees it."""

    def __init__(self, base_url: str, person: str, password: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.person = person
        self._http = httpx.Client(base_url=self.base_url, timeout=TIMEOUT_SECONDS, trust_env=False)
        answer = self._send("POST", "/auth/token", json={"username": person, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    @property
    def authorization(self) -> str:
        """The header that says who asks. A secret."""
        return self._http.headers["Authorization"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._http.close()

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> Run:
        """Start a run.

        Raises:
            FixFirst: the form was refused; carries Airflow's words.
        """
        return _run(
            self._send("POST", f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf or {}})
        )

    def run(self, dag_id: str, run_id: str) -> Run:
        return _run(self._send("GET", f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}"))

    def runs(self, dag_id: str, *states: str) -> list[Run]:
        """The newest runs of a DAG, newest first."""
        params: list[tuple[str, str | int]] = [("order_by", "-run_after"), ("limit", PAGE_SIZE)]
        params += [("state", state) for state in states]
        content = self._send("GET", f"/api/v2/dags/{dag_id}/dagRuns", params=params)
        return [_run(item) for item in content["dag_runs"]]

    def tasks(self, dag_id: str, run_id: str) -> list[Task]:
        """The tasks of a run, in the order they started."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        content = self._send("GET", path, params={"limit": PAGE_SIZE})
        tasks = [_task(item) for item in content["task_instances"]]
        return sorted(tasks, key=lambda task: task.started_at or "9")

    def is_ready(self, dag_ids: Sequence[str]) -> bool:
        """Whether Airflow knows all these DAGs."""
        content = self._send("GET", "/api/v2/dags", params={"limit": PAGE_SIZE})
        return set(dag_ids) <= {item["dag_id"] for item in content["dags"]}

    def wait_for_dags(self, dag_ids: Sequence[str], *, within_seconds: float) -> None:
        """Wait until Airflow knows all these DAGs.

        Raises:
            FixFirst: it does not in time.
        """
        deadline = monotonic() + within_seconds
        while not self.is_ready(dag_ids):
            if monotonic() > deadline:
                raise FixFirst(
                    "Airflow does not show the pipelines; `mardev status` and the DAG processor's log say why."
                )
            sleep(0.5)

    def answer(self, dag_id: str, run_id: str, task_id: str, option: str) -> None:
        """Answer a request of a decision task."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}/-1/hitlDetails"
        self._send("PATCH", path, json={"chosen_options": [option], "params_input": {}})

    def post_page(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        """Send a form of one of our own pages, the way the browser does.

        Raises:
            TransportFailed: no answer, or the server is in trouble.
        """
        return self._page("POST", path, data=dict(form), headers={"Origin": self.base_url})

    def get_page(self, path: str) -> httpx.Response:
        """One of our own pages.

        Raises:
            TransportFailed: no answer, or the server is in trouble.
        """
        return self._page("GET", path)

    def _page(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self._ask(method, path, **options)
        if answer.is_server_error:
            raise TransportFailed(f"The page {path} is in trouble ({answer.status_code}).")
        return answer

    def _send(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._read(path, **options) if method == "GET" else self._ask(method, path, **options)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise CredentialRejected(f"Airflow does not let {self.person} in.")
        if answer.is_server_error:
            raise TransportFailed(f"Airflow is in trouble ({answer.status_code}): {_detail(answer)}")
        if answer.is_error:
            raise FixFirst(f"Airflow refused ({answer.status_code}): {_detail(answer)}")
        content: dict[str, Any] = answer.json()
        return content

    def _read(self, path: str, **options: Any) -> httpx.Response:
        """A question changes nothing: it is asked again while a part of Airflow is being started anew."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._ask("GET", path, **options)
            except TransportFailed:
                if monotonic() > deadline:
                    raise
            else:
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR or monotonic() > deadline:
                    return answer
            sleep(1.0)

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise TransportFailed(f"Airflow does not answer ({type(error).__name__}).") from error


def _detail(answer: httpx.Response) -> str:
    try:
        detail = answer.json().get("detail", "")
    except ValueError:
        return answer.text[:300]
    return str(detail)[:600]


def _run(item: Mapping[str, Any]) -> Run:
    return Run(item["dag_id"], item["dag_run_id"], item["state"], item.get("partition_key"))


def _task(item: Mapping[str, Any]) -> Task:
    return Task(
        item["dag_id"],
        item["dag_run_id"],
        item["task_id"],
        item.get("task_display_name") or item["task_id"],
        item["state"],
        item["start_date"],
        item["end_date"],
    )

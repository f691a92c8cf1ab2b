"""A real Airflow of a test's own: API server, scheduler, DAG processor and triggerer on a temporary home."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from mardev.settings import PROJECT_ROOT

START_TIMEOUT_SECONDS = 600
COMPONENTS = ("scheduler", "dag-processor", "triggerer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RealAirflow:
    """Starts and stops the components, and speaks REST as `admin`. People are `admin`, `mia`, `ian`, `hana`."""

    def __init__(
        self,
        home: Path,
        *,
        database_url: str,
        dags: Path,
        environment: Mapping[str, str],
        executor: str,
        python: Path = Path(sys.executable),
        components: Sequence[str] = COMPONENTS,
    ) -> None:
        """`components` beside the API server; a pipeline in which nothing waits needs no triggerer."""
        self.home = home
        self._components = components
        self._python = python
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._tokens: dict[str, str] = {}
        self.environment = self._environment(database_url, dags, environment, executor)

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        people = ("admin", "mia", "ian", "hana")
        (self.home / "passwords.json").write_text("{" + ",".join(f'"{person}":"{person}"' for person in people) + "}")
        self._airflow("db", "migrate").wait()
        self._processes.append(self._airflow("api-server", "--port", str(self.port), "--host", "127.0.0.1"))
        self._wait_until(self._api_answers, "the API server")
        self._processes += [self._airflow(component) for component in self._components]
        self._wait_until(self._all_healthy, ", ".join(self._components))

    def stop(self) -> None:
        for process in reversed(self._processes):
            _signal_group(process, signal.SIGTERM)
        until = time.monotonic() + 15
        for process in self._processes:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()

    def call(self, method: str, path: str, body: Any = None, *, person: str = "admin") -> Any:
        answer = self.request(method, path, body, person=person)
        assert answer.status_code < 400, f"{method} {path} -> {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def request(self, method: str, path: str, body: Any = None, *, person: str = "admin") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(person)}"}
        return httpx.request(method, f"{self.base}{path}", json=body, headers=headers, timeout=60)

    def trigger(self, dag_id: str, conf: Mapping[str, Any], **fields: Any) -> str:
        body = {"logical_date": None, "conf": dict(conf), **fields}
        return str(self.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns?limit=100&offset={len(found)}")
            found += page["dag_runs"]
            if not page["dag_runs"] or len(found) >= page["total_entries"]:
                return found

    def task(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}"))

    def tasks(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        return {row["task_id"]: row["state"] for row in self.call("GET", path)["task_instances"]}

    def clear(self, dag_id: str, run_id: str, task_ids: list[str], *, downstream: bool = True) -> None:
        body = {
            "dry_run": False, "dag_run_id": run_id, "task_ids": task_ids, "only_failed": False,
            "include_downstream": downstream, "reset_dag_runs": True,
        }  # fmt: skip
        self.call("POST", f"/api/v2/dags/{dag_id}/clearTaskInstances", body)

    def mark_success(self, dag_id: str, run_id: str, task_id: str) -> None:
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}"
        self.call("PATCH", path, {"new_state": "success"})

    def answer(
        self,
        dag_id: str,
        run_id: str,
        task_id: str,
        option: str,
        *,
        person: str,
        fields: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}/-1/hitlDetails"
        return self.request(
            "PATCH", path, {"chosen_options": [option], "params_input": dict(fields or {})}, person=person
        )

    def component_pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            answer = httpx.post(f"{self.base}/auth/token", json={"username": person, "password": person}, timeout=30)
            self._tokens[person] = answer.json()["access_token"]
        return self._tokens[person]

    def _airflow(self, *arguments: str) -> "subprocess.Popen[bytes]":
        log = (self.home / f"{arguments[0]}.log").open("ab")
        return subprocess.Popen(
            [str(self._python), "-m", "airflow", *arguments],
            env=self.environment, cwd=self.home, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def _api_answers(self) -> bool:
        try:
            return httpx.get(f"{self.base}/api/v2/monitor/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def _all_healthy(self) -> bool:
        health = httpx.get(f"{self.base}/api/v2/monitor/health", timeout=30).json()
        return all(health[name.replace("-", "_")]["status"] == "healthy" for name in self._components)

    def _wait_until(self, condition: Any, what: str) -> None:
        until = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < until:
            for process in self._processes:
                assert process.poll() is None, f"a component ended; look into {self.home}"
            if condition():
                return
            time.sleep(0.5)
        raise TimeoutError(f"{what} did not become healthy; look into {self.home}")

    def _environment(
        self, database_url: str, dags: Path, environment: Mapping[str, str], executor: str
    ) -> dict[str, str]:
        inherited = {
            key: value for key, value in os.environ.items()
            if key != "PYTHONDONTWRITEBYTECODE" and not key.startswith(("AIRFLOW", "MARDEV"))
        }  # fmt: skip
        return {
            **inherited,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": f"{dags}:{PROJECT_ROOT / 'include'}",
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(self.home / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": executor,
            "AIRFLOW__CORE__PARALLELISM": "8",
            "AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG": "64",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.base}/execution/",
            "AIRFLOW__CORE__FERNET_KEY": "",
            "AIRFLOW__CORE__AUTH_MANAGER":
                "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,mia:op,ian:op,hana:op",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__API__BASE_URL": self.base,
            "AIRFLOW__API__SECRET_KEY": "only for this test",
            "AIRFLOW__API_AUTH__JWT_SECRET": "only for this test, and long enough to be accepted as a key: 0123456789",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url,
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            **environment,
        }  # fmt: skip


def _signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return

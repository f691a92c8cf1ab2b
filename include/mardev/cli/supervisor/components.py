"""What the supervisor starts, in which order, and how it knows that a thing works."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mardev.cli.supervisor.configuration import child_environment
from mardev.home.ports import LOOPBACK, Ports
from mardev.home.secret_files import control_token
from mardev.settings import Settings

HEALTH_TIMEOUT_SECONDS = 5.0
SANDBOX_SEED = "7"
AIRFLOW_HEALTH_PATH = "/api/v2/monitor/health"
DATABASE = "postgres"


@dataclass(frozen=True)
class ComponentSpec:
    """A process to keep alive. `needs` must be healthy before it is started; `tier` orders the stop (highest first)."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: dict[str, str]
    is_healthy: Callable[[], bool]
    needs: tuple[str, ...]
    tier: int


def python_of_project() -> Path:
    """The interpreter that runs now; not resolved, so that it stays the virtual environment's."""
    return Path(sys.executable)


def sandbox_component(settings: Settings, ports: Ports) -> ComponentSpec:
    python = python_of_project()
    return ComponentSpec(
        name="sandbox",
        title="Sandbox world",
        command=(
            str(python), "-m", "sandbox", "serve",
            "--home", str(settings.home / "sandbox"),
            "--http-port", str(ports.sandbox_http),
            "--smtp-port", str(ports.sandbox_smtp),
            "--seed", SANDBOX_SEED,
            "--script", "demo",
            "--control-token", control_token(settings.secrets),
        ),
        environment=child_environment(settings, python),
        is_healthy=lambda: _answers(f"{ports.sandbox_url}/_sandbox/health"),
        needs=(),
        tier=1,
    )  # fmt: skip


def prepared_file(settings: Settings) -> Path:
    """Exists when Airflow's database is ready for its servers; the API server loads its code meanwhile."""
    return settings.home / "run" / "prepared"


def api_server_component(settings: Settings, ports: Ports) -> ComponentSpec:
    """The API server: the others ask it, so it comes first."""
    return _airflow_component(
        settings, "api-server", "Airflow's pages and API",
        ("--import", "airflow.api_fastapi.core_api.routes.public", "--import", "airflow.api_fastapi.core_api.routes.ui",
         "--import", "airflow.api_fastapi.execution_api.app", "--import", "mardev.pages.of_airflow",
         "--after-file", str(prepared_file(settings))),
        ("api-server", "--host", LOOPBACK, "--port", str(ports.api), "--workers", "1"),
        is_healthy=lambda: bool(airflow_health(ports)), tier=2,
    )  # fmt: skip


def airflow_worker_components(settings: Settings, ports: Ports) -> tuple[ComponentSpec, ...]:
    """What parses, schedules and waits. All but the DAG processor talk to the API server and begin when it answers."""
    api_answers = ("--after-url", f"{ports.airflow_url}{AIRFLOW_HEALTH_PATH}")
    preloaded = ("--import-listed", "mardev.orchestration.executor:PRELOADED")

    def beats(job: str) -> Callable[[], bool]:
        return lambda: airflow_health(ports).get(job) == "healthy"

    return (
        _airflow_component(
            settings, "dag-processor", "DAG processor", (), ("dag-processor",),
            is_healthy=beats("dag_processor"), tier=3,
        ),
        _airflow_component(
            settings, "scheduler", "Scheduler", (*preloaded, *api_answers), ("scheduler", "--skip-serve-logs"),
            is_healthy=beats("scheduler"), tier=3,
        ),
        _airflow_component(
            settings, "triggerer", "Triggerer", api_answers, ("triggerer", "--skip-serve-logs"),
            is_healthy=beats("triggerer"), tier=3,
        ),
    )  # fmt: skip


def _airflow_component(
    settings: Settings,
    name: str,
    title: str,
    before: tuple[str, ...],
    command: tuple[str, ...],
    *,
    is_healthy: Callable[[], bool],
    tier: int,
) -> ComponentSpec:
    python = python_of_project()
    return ComponentSpec(
        name=name,
        title=title,
        command=(str(python), "-m", "mardev.cli.supervisor.airflow_process", *before, "--", *command),
        environment=child_environment(settings, python),
        is_healthy=is_healthy,
        needs=(DATABASE,),
        tier=tier,
    )


def airflow_health(ports: Ports) -> dict[str, str]:
    """Airflow's part to ``healthy`` or ``unhealthy``; empty when the API server does not answer."""
    body = _get(f"{ports.airflow_url}{AIRFLOW_HEALTH_PATH}")
    try:
        content = json.loads(body) if body else {}
        return {part: str((answer or {}).get("status")) for part, answer in content.items()}
    except (json.JSONDecodeError, AttributeError):
        return {}


def _answers(url: str) -> bool:
    return _get(url) is not None


def _get(url: str) -> bytes | None:
    # A proxy of the caller's environment must not stand between us and our own loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=HEALTH_TIMEOUT_SECONDS) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, OSError, ValueError):
        return None

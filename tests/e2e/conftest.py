"""One whole iteration in a real Airflow, driven once for all end-to-end tests, and a browser to look at it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from mardev.cli.airflow_client import AirflowClient
from mardev.cli.demo.people import People
from mardev.cli.demo.standing import is_closed, iteration_of_run
from mardev.cli.demo.story import Story
from mardev.cli.down import stop_everything
from mardev.cli.up import start_and_follow
from mardev.cli.world_control import WorldControl
from mardev.cli.world_driver import WorldDriver
from mardev.home.ports import read_ports
from mardev.home.secret_files import read_json_object
from mardev.settings import Settings, load_settings
from mardev.stages.decisions import Request
from mardev.warehouse.engine import create_engine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DAGS = ("plan", "create", "verify", "publish", "monitor", "retrospect", "send_messages", "read_mailbox", "watch_posts",
        "refresh_metrics", "check_systems", "expire_data")  # fmt: skip
FORM = {
    "campaign": "Winter games",
    "objective": "acquisition",
    "conversion_kind": "install",
    "markets": ["DE", "US"],
    "languages": ["de", "en"],
    "topics": ["mobile games", "android"],
    "budget_amount": 4000,
    "budget_currency": "EUR",
    "flight_days": 10,
    "head_count": 8,
    "tolerance_percent": 30,
    "channel_limit": 200,
}
SIGNATURES = {"sign_plan_marketing", "sign_plan_technology"}


@dataclass
class Workshop:
    """Everything that runs, and who uses it."""

    settings: Settings
    airflow_url: str
    sandbox_url: str
    clients: dict[str, AirflowClient]
    reader: sa.Engine
    world: WorldControl
    refused: dict[str, int] = field(default_factory=dict)
    iteration_key: str = ""

    def driver(self, leaves_open: object) -> WorldDriver:
        from rich.console import Console

        people = People(self.clients, Story(Console(quiet=True)), leaves_open)
        return WorldDriver(self.clients["ian"], self.reader, self.world, on_requests=people.answer)

    def rows(self, statement: str, **parameters: object) -> list[sa.RowMapping]:
        with self.reader.connect() as connection:
            return list(connection.execute(sa.text(statement), parameters).mappings())


@pytest.fixture(scope="package")
def workshop() -> Iterator[Workshop]:
    """A home of its own, everything started in it, everything stopped at the end."""
    base = Path(tempfile.mkdtemp(prefix="mardev-e2e-"))
    base.chmod(0o711)
    settings = load_settings({**os.environ, "MARDEV_HOME": str(base)})
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, base, ignore_errors=True)
        stack.callback(stop_everything, settings)
        start_and_follow(settings, quiet=True)
        ports = read_ports(settings)
        assert ports is not None
        passwords = read_json_object(settings.secrets / "passwords.json")
        clients = {
            person: stack.enter_context(AirflowClient(ports.airflow_url, person, str(passwords[person])))
            for person in ("mia", "ian", "hana")
        }
        clients["mia"].wait_for_dags(DAGS, within_seconds=120)
        reader = create_engine(settings.warehouse_url, "reader", pool_size=2)
        stack.callback(reader.dispose)
        yield Workshop(settings, ports.airflow_url, ports.sandbox_url, clients, reader, WorldControl.of_home(settings))


@pytest.fixture(scope="package")
def planned(workshop: Workshop) -> Workshop:
    """The iteration was started by Mia and its plan waits for both signatures."""
    run = workshop.clients["mia"].trigger("plan", FORM)
    workshop.driver(lambda _request: True).drive(lambda connection: _both_wait(connection))
    with workshop.reader.connect() as connection:
        workshop.iteration_key = iteration_of_run(connection, run.run_id) or ""
    workshop.refused = {
        "technology by mia": _answer(workshop, "mia", "sign_plan_technology"),
        "marketing by ian": _answer(workshop, "ian", "sign_plan_marketing"),
        "technology by mia in Airflow": _answer_in_airflow(workshop, "mia", "sign_plan_technology"),
        "marketing by ian in Airflow": _answer_in_airflow(workshop, "ian", "sign_plan_marketing"),
    }
    return workshop


@pytest.fixture(scope="package")
def finished(planned: Workshop, request: pytest.FixtureRequest) -> Workshop:
    """The iteration went from Plan to Retrospective; with a browser at hand Mia signs its plan there."""
    if CHROMIUM:
        from e2e.browser import sign_plan

        sign_plan(request.getfixturevalue("browser"), planned)
    planned.driver(lambda _request: False).drive(lambda connection: is_closed(connection, planned.iteration_key))
    return planned


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    """Chromium. Without it these tests are skipped loudly, and fail in continuous integration."""
    if CHROMIUM is None:
        message = "There is no Chromium: install the package `chromium`; the tests in the browser did not run."
        if load_settings().is_continuous_integration:
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield chromium
        chromium.close()


def _both_wait(connection: sa.Connection) -> bool:
    open_keys = connection.execute(sa.text("SELECT decision_key FROM core.decision_request WHERE state = 'open'"))
    return set(open_keys.scalars()) == SIGNATURES


def request_of(workshop: Workshop, decision_key: str) -> Request:
    requests = workshop.driver(lambda _request: True).open_requests()
    return next(request for request in requests if request.decision_key == decision_key)


def _answer(workshop: Workshop, person: str, decision_key: str) -> int:
    asked = request_of(workshop, decision_key)
    path = f"/mardev/iterations/{workshop.iteration_key}/decisions/{decision_key}"
    form = {"attempt": str(asked.attempt), "answer": "Sign", "reason": ""}
    return workshop.clients[person].post_page(path, form).status_code


def _answer_in_airflow(workshop: Workshop, person: str, decision_key: str) -> int:
    asked = request_of(workshop, decision_key)
    client = workshop.clients[person]
    path = (
        f"{workshop.airflow_url}/api/v2/dags/{asked.dag_id}/dagRuns/{asked.run_id}/taskInstances/{asked.task_id}"
        "/-1/hitlDetails"
    )
    headers = {"Authorization": str(client.authorization)}
    return httpx.patch(
        path, json={"chosen_options": ["Sign"], "params_input": {}}, headers=headers, trust_env=False
    ).status_code

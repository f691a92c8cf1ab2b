"""The pages on a real warehouse, with a login that believes a header and an Airflow that remembers what it is asked."""

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

from builders.iteration_rows import fill_warehouse
from mardev.clock import FixedClock
from mardev.pages.app import create_app
from mardev.pages.services import PageServices, SignedIn
from mardev.warehouse.engine import create_engine

ORIGIN = "http://testserver"


class RecordingAirflow:
    """Airflow's API as far as the pages use it; `answers` is taken from the front, then everything succeeds."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: list[httpx.Response] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"dag_run_id": "manual__1"})


class Browser:
    """A signed-in (or anonymous) person with a browser."""

    def __init__(self, app: FastAPI, person: str | None) -> None:
        headers = {"Accept": "text/html"} | ({"X-Test-Person": person} if person else {})
        self.client = TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=False)

    def get(self, path: str, **options) -> httpx.Response:
        return self.client.get(f"/mardev{path}", **options)

    def post(self, path: str, *, origin: str | None = ORIGIN, headers=None, **options) -> httpx.Response:
        sent = {"Origin": origin} if origin else {}
        return self.client.post(f"/mardev{path}", headers=sent | (headers or {}), **options)


def believe_header(request: Request) -> SignedIn:
    person = request.headers.get("x-test-person")
    if not person:
        raise HTTPException(401, "Not authenticated")
    return SignedIn(person=person, token=f"token-of-{person}")


@pytest.fixture
def airflow() -> RecordingAirflow:
    return RecordingAirflow()


@pytest.fixture
def pages(warehouse_url: str, engine: sa.Engine, clock: FixedClock, airflow: RecordingAirflow) -> Iterator[FastAPI]:
    """The app, mounted where Airflow mounts it."""
    reader = create_engine(warehouse_url, "reader")
    client = httpx.Client(base_url="http://airflow.test", transport=httpx.MockTransport(airflow))
    services = PageServices(
        reader=lambda: reader, writer=lambda: engine, clock=lambda: clock, airflow=lambda: client, sign_in=believe_header
    )
    outer = FastAPI(openapi_url=None)
    outer.mount("/mardev", create_app(services))
    yield outer
    client.close()
    reader.dispose()


@pytest.fixture
def filled(engine: sa.Engine) -> None:
    fill_warehouse(engine, channel_count=120, edge_count=700)


@pytest.fixture
def mia(pages: FastAPI) -> Browser:
    return Browser(pages, "mia")


@pytest.fixture
def ian(pages: FastAPI) -> Browser:
    return Browser(pages, "ian")


@pytest.fixture
def nobody(pages: FastAPI) -> Browser:
    return Browser(pages, None)

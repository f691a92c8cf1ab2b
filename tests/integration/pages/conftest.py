"""The pages on a real warehouse, with a login that believes a header and an Airflow that remembers what it is asked."""

import itertools
import os
from collections.abc import Iterator

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient
from psycopg import sql

from builders.iteration_rows import fill_warehouse
from mardev.clock import FixedClock
from mardev.domain.words import World
from mardev.pages.app import create_app
from mardev.pages.services import PageServices, SignedIn
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine

ORIGIN = "http://testserver"
_database_number = itertools.count(1)


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
        reader=lambda: reader,
        writer=lambda: engine,
        clock=lambda: clock,
        world=lambda: World.SANDBOX,
        airflow=lambda: client,
        sign_in=believe_header,
    )
    outer = FastAPI(openapi_url=None)
    outer.mount("/mardev", create_app(services))
    yield outer
    client.close()
    reader.dispose()


@pytest.fixture(scope="session")
def filled_database(postgres: EmbeddedPostgres, template_database: str) -> str:
    """A database with two believable iterations, to be copied."""
    name = "mardev_template_pages"
    _copy_database(postgres, name, template=template_database)
    writer = create_engine(_url(postgres, name), "writer")
    fill_warehouse(writer, channel_count=120, edge_count=700)
    writer.dispose()
    return name


@pytest.fixture
def warehouse_url(request: pytest.FixtureRequest, postgres: EmbeddedPostgres, template_database: str) -> Iterator[str]:
    """A warehouse of this test's own: with the two iterations for a test that asks for `filled`, else empty."""
    is_filled = "filled" in request.fixturenames
    template = request.getfixturevalue("filled_database") if is_filled else template_database
    name = f"pages_{os.getpid()}_{next(_database_number)}"
    _copy_database(postgres, name, template=template)
    yield _url(postgres, name)
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def filled(engine: sa.Engine) -> None:
    """The warehouse holds `summer-players` in its retrospective and `autumn-players` with a plan to sign."""


def _url(postgres: EmbeddedPostgres, database: str) -> str:
    return postgres.url("mardev", database).replace("postgresql://", "postgresql+psycopg://", 1)


def _copy_database(postgres: EmbeddedPostgres, name: str, *, template: str) -> None:
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER mardev TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


@pytest.fixture
def mia(pages: FastAPI) -> Browser:
    return Browser(pages, "mia")


@pytest.fixture
def ian(pages: FastAPI) -> Browser:
    return Browser(pages, "ian")


@pytest.fixture
def nobody(pages: FastAPI) -> Browser:
    return Browser(pages, None)

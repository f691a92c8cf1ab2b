"""A small world behind the sandbox's application, served on a real socket, and the platforms' own client on it."""

import copy
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn

from builders.sandbox_world import small_world
from builders.small_world import SmallWorld
from sandbox.protocols.app import create_app
from sandbox.protocols.tokens import Tokens
from sandbox.protocols.validation import discovery_document
from sandbox.world import World

TOKENS = Tokens(
    youtube_key="KEY-CANARY",
    google_bearer="BEARER-CANARY",
    shlink_key="SHLINK-CANARY",
    shop_bearer="SHOP-CANARY",
    mastodon_token="MASTODON-CANARY",
    control="CONTROL-CANARY",
)


@dataclass
class Served:
    """A running sandbox."""

    url: str
    """Ends in a slash."""
    world: SmallWorld
    tokens: Tokens
    http: httpx.Client
    opened: list[Any] = field(default_factory=list)
    """Clients to be closed after the test."""

    def bearer(self, token: str) -> dict[str, str]:
        return {"authorization": f"Bearer {token}"}

    def google(self, name: str, prefix: str, **options: Any) -> Any:
        """The unmodified google-api-python-client on this server: only the discovery document's rootUrl differs."""
        from googleapiclient.discovery import build_from_document

        document = copy.deepcopy(discovery_document(name))
        document["rootUrl"] = f"{self.url}{prefix}/"
        service = build_from_document(document, **options)
        self.opened.append(service)
        return service

    def youtube(self, key: str | None = None) -> Any:
        return self.google("youtube.v3", "youtube", developerKey=key or self.tokens.youtube_key)

    def with_bearer(self, name: str, prefix: str, token: str | None = None) -> Any:
        from google.oauth2.credentials import Credentials

        return self.google(name, prefix, credentials=Credentials(token or self.tokens.google_bearer))


class Switchboard:
    """One server for all tests: what it serves is exchanged between them."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def switchboard() -> Iterator[tuple[Switchboard, str]]:
    """The running server and its address."""
    board = Switchboard()
    config = uvicorn.Config(board, port=0, log_level="critical", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield board, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = server.force_exit = True
    thread.join(timeout=10)


@pytest.fixture
def world() -> SmallWorld:
    return SmallWorld()


@pytest.fixture
def served(world: SmallWorld, switchboard: tuple[Switchboard, str]) -> Iterator[Served]:
    board, url = switchboard
    board.app = create_app(world, TOKENS, slow_seconds=0.3)
    with httpx.Client(base_url=url, timeout=10) as http:
        running = Served(url, world, TOKENS, http)
        yield running
        for service in running.opened:
            service.close()


@dataclass
class ServedCrowd:
    """The simulated world itself, served."""

    url: str
    world: World
    tokens: Tokens
    http: httpx.Client


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """300 creators with their accounts, for tests that change nothing but incidents."""
    world = small_world(tmp_path_factory.mktemp("crowd"), creators=300)
    yield world
    world.close()


@pytest.fixture
def served_crowd(crowd: World, switchboard: tuple[Switchboard, str]) -> Iterator[ServedCrowd]:
    board, url = switchboard
    board.app = create_app(crowd, TOKENS, slow_seconds=0.3)
    with httpx.Client(base_url=url, timeout=10) as http:
        yield ServedCrowd(url, crowd, TOKENS, http)
    for system in {incident.system for incident in crowd.incidents() if incident.ended_at is None}:
        crowd.end_incident(system)

"""The simulated world on real sockets, and the connectors on it; nothing between them is made up by the tests."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn

from builders.pipelines import Waits
from mardev.connectors.google import GOOGLE_DIALECT, api_key
from mardev.connectors.google_credentials import BearerToken
from mardev.connectors.headers import HeaderKey
from mardev.connectors.http import Dialect, RequestPipeline, RetryRule, open_http
from mardev.connectors.in_memory import InMemoryArchive, InMemoryBreaker, InMemoryQuota
from mardev.connectors.platforms import platform_kind
from mardev.connectors.reading import log_malformed
from mardev.connectors.shlink.client import problem_reason
from mardev.connectors.youtube import limits as youtube_limits
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.home.first_connections import sandbox_connections
from mardev.home.ports import Ports
from sandbox.mail.server import mail_server
from sandbox.protocols.app import create_app
from sandbox.protocols.tokens import Tokens
from sandbox.world import World as SimulatedWorld

CREATORS = 60
BEARER = "SANDBOX-TOKEN"
KEY = "SANDBOX-KEY"


@dataclass
class Simulation:
    """A running world and the way to it."""

    world: SimulatedWorld
    url: str
    smtp_port: int

    def record(self, name: str, path: str = "", **fields: Any) -> ConnectionRecord:
        return ConnectionRecord(**{"name": name, "world": World.SANDBOX, "host": self.url + path, **fields})

    def records(self) -> tuple[ConnectionRecord, ...]:
        """A connection for every system of the world."""
        app = {"app_url": self.url + "app/{market}"}
        return (
            self.record("mardev_youtube", "youtube/", password=KEY),
            self.record("mardev_mailbox", "gmail/", password=BEARER),
            self.record("mardev_shlink", "shlink", password=KEY),
            self.record("mardev_analytics", "analytics/", password=BEARER, extra={"property_id": "1"}),
            self.record("mardev_shop", "shop", password=BEARER, extra=app),
        )

    def pipeline(self, api: str, auth: Any = None, **changes: Any) -> RequestPipeline:
        parts = {
            "quota": InMemoryQuota(youtube_limits.bucket_limits()),
            "breaker": InMemoryBreaker(),
            "archive": InMemoryArchive(),
            "now": lambda: self.world.now,
            "retries": RetryRule(sleep=Waits()),
            **changes,
        }
        return RequestPipeline(open_http(), api, auth=auth, **parts)

    def google(self, api: str, *, bearer: str | None = None, key: str = KEY) -> RequestPipeline:
        auth = BearerToken(lambda: bearer) if bearer else api_key(key)
        return self.pipeline(api, auth, dialect=GOOGLE_DIALECT)

    def shlink(self) -> RequestPipeline:
        return self.pipeline("shlink", HeaderKey("X-Api-Key", KEY), dialect=Dialect(reason=problem_reason))

    def open_platform(self, name: str, *, host: str | None = None, password: str | None = None, **options: Any) -> Any:
        """The client of any platform, as a stage step gets it; ``on_malformed`` and parts of a pipeline as options."""
        kind = platform_kind(name)
        ports = Ports(api=1, sandbox_http=int(self.url.rstrip("/").rpartition(":")[2]), sandbox_smtp=self.smtp_port)
        record = next(one for one in sandbox_connections(ports) if one.name == kind.connection)
        changed = {"host": host, "password": password}
        record = replace(record, **{field: value for field, value in changed.items() if value is not None})
        quota = InMemoryQuota(kind.bucket_limits(record.extra))
        on_malformed = options.pop("on_malformed", log_malformed)

        def make(**parts: Any) -> RequestPipeline:
            return self.pipeline(name, **{"quota": quota, **parts, **options})

        return kind.open(make, record, self.now, on_malformed)

    @property
    def now(self) -> Callable[[], Any]:
        return lambda: self.world.now


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_simulation(home: Path, creators: int = CREATORS) -> Iterator[Simulation]:
    """A world without planted faults, served over HTTP and SMTP."""
    world = SimulatedWorld(home, 7, "none", creators, None)
    smtp_port = free_port()
    post = mail_server(world, smtp_port)
    post.start()
    app = create_app(world, Tokens(), slow_seconds=0.2)
    config = uvicorn.Config(app, port=0, log_level="critical", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Simulation(world, f"http://127.0.0.1:{port}/", smtp_port)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)
        post.stop()
        world.close()

"""Request pipelines on a scripted transport: everything real but the other end of the wire."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from mardev.connectors.google import GOOGLE_DIALECT, api_key
from mardev.connectors.http import RequestPipeline, RetryRule, open_http
from mardev.connectors.in_memory import InMemoryArchive, InMemoryBreaker, InMemoryQuota
from mardev.connectors.youtube import limits as youtube_limits
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World

NOON = datetime(2026, 10, 5, 8, tzinfo=UTC)
KEY = "SECRET-CANARY"


class Wire:
    """The other end: answers in order (the last one for ever), and remembers what was asked."""

    def __init__(self, *answers: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]


def json_answer(body: Any, status: int = 200, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    """An answer that can be given more than once."""
    return lambda _request: httpx.Response(
        status, content=json.dumps(body).encode(), headers={"content-type": "application/json", **headers}
    )


def google_refusal(status: int, reason: str, message: str = "no") -> Callable[[httpx.Request], httpx.Response]:
    return json_answer(
        {
            "error": {
                "code": status,
                "message": message,
                "errors": [{"message": message, "domain": "x", "reason": reason}],
            }
        },
        status,
    )


class Waits:
    """Stands in for sleeping and remembers for how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def pipeline_on(wire: Wire, api: str = "youtube", **changes: Any) -> RequestPipeline:
    """A pipeline with generous memory-only collaborators; `changes` replace any of them."""
    parts: dict[str, Any] = {
        "quota": InMemoryQuota(),
        "breaker": InMemoryBreaker(),
        "archive": InMemoryArchive(),
        "now": lambda: NOON,
        "credential": KEY,
        "retries": RetryRule(sleep=Waits()),
        **changes,
    }
    return RequestPipeline(open_http(httpx.MockTransport(wire)), api, **parts)


def google_pipeline_on(wire: Wire, api: str = "youtube", **changes: Any) -> RequestPipeline:
    parts = {"dialect": GOOGLE_DIALECT, "auth": api_key(KEY), "quota": InMemoryQuota(youtube_limits.bucket_limits())}
    return pipeline_on(wire, api, **{**parts, **changes})


def record_of(name: str, host: str = "http://service.example/", **fields: Any) -> ConnectionRecord:
    return ConnectionRecord(**{"name": name, "world": World.SANDBOX, "host": host, "password": KEY, **fields})


def collected() -> tuple[list[tuple[Any, str]], Callable[[Any, str], None]]:
    """A list and the `on_malformed` that fills it."""
    found: list[tuple[Any, str]] = []
    return found, lambda record, reason: found.append((record, reason))


def pages_of(items: Sequence[Any], size: int, kind: str) -> Callable[[httpx.Request], httpx.Response]:
    """A well-behaved list in pages of `size`."""

    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("pageToken", "p0")[1:])
        page: dict[str, Any] = {"kind": kind, "items": list(items[start : start + size])}
        if start + size < len(items):
            page["nextPageToken"] = f"p{start + size}"
        return json_answer(page)(request)

    return answer

"""Outages and broken answers of the APIs, as incidents of the world order them.

A middleware so that no protocol has to know: it looks at the path, asks the world what is broken there, and answers
in the way of the API that is asked, slows it down or cuts its answer in half. Some kinds are left to the protocols
(`repeats_page`, `quota`, `rate_limited`), outages of the landing pages and of the redirector to their own pages.
"""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.protocols.google.refusals import JSON_MEDIA_TYPE, GoogleRefusal
from sandbox.world import World

OUTAGE = frozenset({"outage", "unavailable"})
BROKEN_ANSWERS = frozenset({"html_error", "truncated", "slow"})
KINDS_OF_SYSTEM = {
    "youtube": OUTAGE | BROKEN_ANSWERS | {"repeats_page", "quota"},
    "analytics": OUTAGE | BROKEN_ANSWERS,
    "shop": OUTAGE | BROKEN_ANSWERS,
    "landing": OUTAGE,
    "redirector": OUTAGE,
    "mail": OUTAGE,
    "bluesky": OUTAGE | BROKEN_ANSWERS | {"rate_limited"},
    "mastodon": OUTAGE | BROKEN_ANSWERS | {"rate_limited"},
}
"""What can be broken where. In the world's eyes an analytics property with any incident records no sessions."""
SLOW_SECONDS = 3.0
SYSTEM_OF_PREFIX = {
    "/youtube/": "youtube",
    "/gmail/": "mail",
    "/analytics/": "analytics",
    "/shlink/rest/": "redirector",
    "/shop/": "shop",
    "/bluesky/": "bluesky",
    "/mastodon/": "mastodon",
}
GOOGLE_SYSTEMS = frozenset({"youtube", "mail", "analytics"})
REFUSALS_OF_SYSTEM: Mapping[str, Mapping[str, Any]] = {
    "bluesky": {"error": "NotEnoughResources", "message": "Service is temporarily unavailable"},
    "mastodon": {"error": "There was a temporary problem serving your request, please try again"},
    "twitch": {"error": "Service Unavailable", "status": 503, "message": "service unavailable"},
}
"""What a platform answers instead of the answer, with status 503."""
BAD_GATEWAY_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
    "<p><b>502.</b> <ins>That's an error.</ins>\n<p>The server encountered a temporary error and could not complete "
    "your request.<p>Please try again in 30 seconds. <ins>That's all we know.</ins>\n"
)


def active_kind(world: World, system: str, market: str | None = None) -> str | None:
    """What is broken there now: the kind of the newest open incident, None when all is well."""
    now = world.now
    open_now = [incident for incident in world.incidents() if incident.covers(system, market, now)]
    return max(open_now, key=lambda incident: (incident.started_at, incident.number)).kind if open_now else None


class FaultInjection:
    """Middleware that breaks what the world says is broken."""

    def __init__(self, app: ASGIApp, world: World, slow_seconds: float = SLOW_SECONDS) -> None:
        self._app = app
        self._world = world
        self._slow_seconds = slow_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        system = _system_of(scope)
        kind = active_kind(self._world, system) if system else None
        if system is None or kind is None:
            await self._app(scope, receive, send)
        elif kind == "html_error":
            await HTMLResponse(BAD_GATEWAY_PAGE, 502)(scope, receive, send)
        elif kind == "truncated":
            await self._app(scope, receive, _CutInHalf(send))
        elif kind in OUTAGE and system != "redirector":
            await unavailable(system)(scope, receive, send)
        else:
            if kind == "slow":
                await asyncio.sleep(self._slow_seconds)
            await self._app(scope, receive, send)


def unavailable(system: str) -> Response:
    """A 503 in the words of the API that is asked."""
    if system in GOOGLE_SYSTEMS:
        refusal = GoogleRefusal(503, "backendError", "The service is currently unavailable.", status="UNAVAILABLE")
        return Response(refusal.answer(lists_errors=system != "analytics").body, 503, media_type=JSON_MEDIA_TYPE)
    if system in REFUSALS_OF_SYSTEM:
        return Response(json.dumps(REFUSALS_OF_SYSTEM[system]), 503, media_type=JSON_MEDIA_TYPE)
    body = {"title": "Service unavailable", "type": "about:blank", "detail": f"{system} is down", "status": 503}
    return Response(json.dumps(body), 503, media_type="application/problem+json")


class _CutInHalf:
    """Sends the first half of a body as if it were the whole one."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: MutableMapping[str, Any] = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        half = self._body[: len(self._body) // 2]
        headers = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        length = (b"content-length", str(len(half)).encode())
        await self._send({**self._start, "headers": [*headers, length]})
        await self._send({"type": "http.response.body", "body": half})


def _system_of(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path = scope["path"]
    return next((system for prefix, system in SYSTEM_OF_PREFIX.items() if path.startswith(prefix)), None)

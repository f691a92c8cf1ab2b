"""Who drives the world drives it here: the clock, outages, health."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sandbox.model import MARKETS, SYSTEMS, Incident, SandboxError, UnknownCreator
from sandbox.protocols.delayed import DelayedTroubles, Waiting
from sandbox.protocols.faults import KINDS_OF_SYSTEM
from sandbox.protocols.quota import QuotaBook
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.validation import google_contract
from sandbox.troubles import check as check_trouble
from sandbox.world import World

SYSTEMS_BY_MARKET = ("landing",)
CONTRACTS = ("youtube.v3", "gmail.v1", "analyticsdata.v1beta")


class ControlRefusal(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Control:
    """Reading is free, changing the world needs the control token."""

    def __init__(
        self, world: World, tokens: Tokens, quota: QuotaBook, violations: Callable[[], int], delayed: DelayedTroubles
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._quota = quota
        self._violations = violations
        self._delayed = delayed

    def clock(self) -> dict[str, Any]:
        following = self._world.next_event_at()
        return {"now": shown(self._world.now), "next_event_at": shown(following) if following else None}

    async def set_clock(self, request: Request) -> dict[str, Any]:
        """Move the clock forward. The work is done in a thread, the server goes on answering.

        Raises:
            ControlRefusal: no token, no instant, or an instant before now.
        """
        self.admit(request)
        sent = await _json_object(request)
        try:
            instant = datetime.fromisoformat(str(sent.get("now")))
            await run_in_threadpool(self._world.advance_to, instant)
        except ValueError as refusal:
            raise ControlRefusal(400, f"The clock takes an aware instant that is not before now: {refusal}") from None
        return self.clock()

    def incidents(self) -> dict[str, Any]:
        now = self._world.now
        kinds = {system: sorted(known) for system, known in KINDS_OF_SYSTEM.items()}
        shown_incidents = [_incident(one, now) for one in self._world.incidents()]
        return {"incidents": shown_incidents, "kinds": kinds}

    async def start_incident(self, request: Request) -> dict[str, Any]:
        """Break a system from now on.

        Raises:
            ControlRefusal: no token, or a system, market or kind there is not.
        """
        self.admit(request)
        system, market, kind = _which(await _json_object(request))
        if kind not in KINDS_OF_SYSTEM[system]:
            known = ", ".join(sorted(KINDS_OF_SYSTEM[system]))
            raise ControlRefusal(400, f"The kind of an incident of {system} must be one of {known}.")
        try:
            return _incident(self._world.start_incident(system, market, kind), self._world.now)
        except SandboxError as refusal:
            raise ControlRefusal(400, str(refusal)) from None

    async def end_incident(self, request: Request) -> dict[str, Any]:
        """Mend a system. The body, or the query, names it."""
        self.admit(request)
        sent = await _json_object(request) if await request.body() else dict(request.query_params)
        system, market, _ = _which(sent)
        try:
            ended = self._world.end_incident(system, market)
        except SandboxError as refusal:
            raise ControlRefusal(400, str(refusal)) from None
        return {"ended": [_incident(one, self._world.now) for one in ended]}

    async def cause_trouble(self, request: Request) -> dict[str, Any]:
        """Let something happen to a creator's accounts, at once or after a number of requests to the platform.

        The body has `kind`, `channel_id`, and if wanted `platform` and `after_requests` (then with a platform).

        Raises:
            ControlRefusal: no token, or a trouble, channel or platform there is not.
        """
        self.admit(request)
        sent = await _json_object(request)
        kind, channel_id, platform = str(sent.get("kind")), str(sent.get("channel_id")), sent.get("platform")
        after = sent.get("after_requests", 0)
        if not isinstance(after, int) or isinstance(after, bool) or after < 0:
            raise ControlRefusal(400, "after_requests must be a number of requests, 0 or more.")
        if not isinstance(platform, str | None):
            raise ControlRefusal(400, "The platform must be the name of one.")
        if after and not platform:
            raise ControlRefusal(400, "after_requests needs a platform, whose requests are counted.")
        try:
            check_trouble(kind, platform)
            self._world.creator(channel_id)
            if after:
                self._delayed.wait(Waiting(kind, channel_id, str(platform), after))
            else:
                self._world.cause_trouble(kind, channel_id, platform)
        except UnknownCreator:
            raise ControlRefusal(404, "There is no channel of that id.") from None
        except SandboxError as refusal:
            raise ControlRefusal(400, str(refusal)) from None
        return {"kind": kind, "channel_id": channel_id, "platform": platform, "after_requests": after}

    def health(self) -> dict[str, Any]:
        return {
            "status": "pass",
            "world": "sandbox",
            "seed": self._world.seed,
            "script": self._world.script,
            "now": shown(self._world.now),
            "creators": len(self._world.creators),
            "contracts": {name: google_contract(name).revision for name in CONTRACTS},
            "contract_violations": self._violations(),
            "youtube_quota": self._quota.summary(),
        }

    def truth(self, request: Request) -> dict[str, Any]:
        """Everything hidden; with a topic in the path only that.

        Raises:
            ControlRefusal: no token, or a topic there is not.
        """
        self.admit(request)
        truth = self._world.truth()
        topic = request.path_params.get("topic")
        if topic is None:
            return truth
        if topic not in truth:
            raise ControlRefusal(404, f"The truth has: {', '.join(sorted(truth))}.")
        return {topic: truth[topic]}

    def admit(self, request: Request) -> None:
        """Raises: ControlRefusal."""
        if not same(bearer(request.headers.get("authorization")), self._tokens.control):
            raise ControlRefusal(401, "The control token is needed.")


def router(control: Control) -> APIRouter:
    """Routes under ``/_sandbox`` and ``/_truth``."""
    routes = APIRouter(include_in_schema=False)

    def route(path: str, method: str, action: Callable[[Request], Any], status: int = 200) -> None:
        async def call(request: Request) -> Response:
            try:
                answer = action(request)
                body = await answer if hasattr(answer, "__await__") else answer
            except ControlRefusal as refusal:
                return _json(refusal.status, {"error": str(refusal)})
            return _json(status, body)

        routes.add_api_route(path, call, methods=[method])

    route("/_sandbox/clock", "GET", lambda _: control.clock())
    route("/_sandbox/clock", "POST", control.set_clock)
    route("/_sandbox/incidents", "GET", lambda _: control.incidents())
    route("/_sandbox/incidents", "POST", control.start_incident, 201)
    route("/_sandbox/incidents", "DELETE", control.end_incident)
    route("/_sandbox/troubles", "POST", control.cause_trouble, 201)
    route("/_sandbox/health", "GET", lambda _: control.health())
    route("/_truth", "GET", control.truth)
    route("/_truth/{topic}", "GET", control.truth)
    return routes


def shown(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _incident(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "number": incident.number,
        "system": incident.system,
        "market": incident.market,
        "kind": incident.kind,
        "started_at": shown(incident.started_at),
        "ended_at": shown(incident.ended_at) if incident.ended_at else None,
        "scripted": incident.scripted,
        "active": incident.covers(incident.system, incident.market, now),
    }


def _which(sent: Mapping[str, Any]) -> tuple[str, str | None, str]:
    system, market, kind = sent.get("system"), sent.get("market") or None, sent.get("kind") or "outage"
    if system not in SYSTEMS:
        raise ControlRefusal(400, f"The system must be one of {', '.join(SYSTEMS)}.")
    if market is not None and market not in MARKETS:
        raise ControlRefusal(400, f"The market must be one of {', '.join(MARKETS)}, or left out.")
    if market is not None and system not in SYSTEMS_BY_MARKET:
        one_for_all = f"There is one {system} for all markets; only {', '.join(SYSTEMS_BY_MARKET)} breaks by market."
        raise ControlRefusal(400, one_for_all)
    return str(system), market, str(kind)


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body())
    except ValueError:
        raise ControlRefusal(400, "The body must be JSON.") from None
    if not isinstance(sent, dict):
        raise ControlRefusal(400, "The body must be a JSON object.")
    return sent


def _json(status: int, body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json")

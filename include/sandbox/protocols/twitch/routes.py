"""Addresses of Twitch under `/twitch`, and the headers of its answers."""

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from sandbox.protocols.rates import Charge
from sandbox.protocols.twitch.access import OauthRefusal
from sandbox.protocols.twitch.requests import HelixRefusal, Query
from sandbox.protocols.twitch.service import TwitchService


def router(service: TwitchService) -> APIRouter:
    """Routes under ``/twitch/oauth2`` and ``/twitch/helix``."""
    routes = APIRouter(prefix="/twitch", include_in_schema=False)

    async def token(request: Request) -> Response:
        sent = QueryParams((await request.body()).decode("utf-8", "replace"))
        given = QueryParams([*request.query_params.multi_items(), *sent.multi_items()])
        try:
            return _json(service.access.give(Query(given)))
        except OauthRefusal as refusal:
            return _json(refusal.body(), refusal.status)

    async def validate(request: Request) -> Response:
        try:
            return _json(service.access.validate(request.headers.get("authorization")))
        except OauthRefusal as refusal:
            return _json(refusal.body(), refusal.status)

    async def helix(request: Request) -> Response:
        headers: dict[str, str] = {}
        try:
            charge = service.admit(request.headers.get("client-id"), request.headers.get("authorization"))
            headers |= _rate_headers(charge)
            if not charge.is_granted:
                raise HelixRefusal(429, "You have exceeded your rate limit")
            return _json(service.answer(request.path_params["path"], Query(request.query_params)), 200, headers)
        except HelixRefusal as refusal:
            return _json(refusal.body(), refusal.status, headers)

    routes.add_api_route("/oauth2/token", token, methods=["POST"])
    routes.add_api_route("/oauth2/validate", validate, methods=["GET"])
    routes.add_api_route("/helix/{path:path}", helix, methods=["GET"])
    return routes


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers=headers, media_type="application/json; charset=utf-8")


def _rate_headers(charge: Charge) -> dict[str, str]:
    return {
        "Ratelimit-Limit": str(charge.limit),
        "Ratelimit-Remaining": str(charge.remaining),
        "Ratelimit-Reset": str(int(charge.resets_at.timestamp())),
    }

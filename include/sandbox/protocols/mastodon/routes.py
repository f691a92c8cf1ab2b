"""Addresses of the server under `/mastodon/api`, and the headers of its answers."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.protocols.mastodon.requests import MastodonRefusal, Query, respond
from sandbox.protocols.mastodon.service import MastodonService
from sandbox.protocols.rates import Charge

PREFIX = "/mastodon/api"
ROUTES = (
    ("/v1/accounts/lookup", "lookup"),
    ("/v1/accounts/search", "account_search"),
    ("/v1/accounts/{id}/following", "following"),
    ("/v1/accounts/{id}/followers", "followers"),
    ("/v1/accounts/{id}/statuses", "account_statuses"),
    ("/v1/accounts/{id}", "account"),
    ("/v1/accounts", "accounts"),
    ("/v1/statuses/{id}/favourited_by", "favourited_by"),
    ("/v1/statuses/{id}", "status"),
    ("/v1/statuses", "statuses"),
    ("/v2/search", "search"),
    ("/v1/trends/tags", "trends"),
    ("/v1/instance", "instance_v1"),
    ("/v2/instance", "instance_v2"),
)


def router(service: MastodonService) -> APIRouter:
    """Routes of the server under ``/mastodon/api``."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False)

    def route(path: str, action: str) -> None:
        async def call(request: Request) -> Response:
            return _answer(service, action, request)

        # The server does not mind a slash at the end, and some clients send it.
        for address in (path, path + "/"):
            routes.add_api_route(address, call, methods=["GET"])

    for path, action in ROUTES:
        route(path, action)

    async def unknown() -> Response:
        return respond({"error": "The page you were looking for doesn't exist."}, 404, {})

    routes.add_api_route("/{rest:path}", unknown, methods=["GET"])
    return routes


def _answer(service: MastodonService, action: str, request: Request) -> Response:
    authorization = request.headers.get("authorization")
    headers: dict[str, str] = {}
    try:
        charge = service.admit(authorization, request.client.host if request.client else "")
        headers |= _rate_headers(charge)
        if not charge.is_granted:
            raise MastodonRefusal(429, "Too many requests")
        body, page = service.answer(
            action, request.path_params.get("id", ""), Query(request.query_params), is_signed_in=bool(authorization)
        )
    except MastodonRefusal as refusal:
        return respond({"error": str(refusal)}, refusal.status, headers)
    if page is not None and (link := page.link(str(request.url.replace(query="")).rstrip("/"))):
        headers["Link"] = link
    return respond(body, 200, headers)


def _rate_headers(charge: Charge) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(charge.limit),
        "X-RateLimit-Remaining": str(charge.remaining),
        "X-RateLimit-Reset": charge.resets_at.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
    }

"""The redirector of the tracking links: ``/shlink/{slug}``. A real request is a visit like any other."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from sandbox.model import SystemDown, UnknownLink
from sandbox.pages.render import page
from sandbox.world import World

HEADER_CHARACTERS = 512
"""User agents and referers are kept up to this length."""


def router(world: World) -> APIRouter:
    """Only addresses stored as links are ever redirected to."""
    routes = APIRouter(include_in_schema=False)

    async def follow(request: Request) -> Response:
        try:
            target = world.resolve(
                request.path_params["slug"],
                request.headers.get("user-agent", "")[:HEADER_CHARACTERS],
                referer=request.headers.get("referer", "")[:HEADER_CHARACTERS],
                record=request.method == "GET",
            )
        except UnknownLink:
            return page(
                "message.html",
                404,
                now=world.now,
                title="This link leads nowhere",
                text="No tracking link has this short code. It was mistyped, or it was never made.",
            )
        except SystemDown:
            return page(
                "message.html",
                503,
                now=world.now,
                title="The redirector is down",
                text="Nobody can follow a tracking link until it is mended.",
            )
        return RedirectResponse(target, 302, {"cache-control": "private, no-store"})

    routes.add_api_route("/shlink/{slug}", follow, methods=["GET", "HEAD"])
    return routes

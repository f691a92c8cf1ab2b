"""The whole sandbox as one web application."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response

from sandbox.model import SystemDown
from sandbox.pages import landing, redirector, world_pages
from sandbox.protocols import analytics, control, gmail, shlink, shop
from sandbox.protocols.bluesky import service as bluesky
from sandbox.protocols.faults import SLOW_SECONDS, FaultInjection, unavailable
from sandbox.protocols.mastodon import routes as mastodon
from sandbox.protocols.mastodon.service import MastodonService
from sandbox.protocols.quota import LIMITS, QuotaBook
from sandbox.protocols.rates import RateLimit, roomy
from sandbox.protocols.tokens import Tokens
from sandbox.protocols.validation import AnswerBreaksContract
from sandbox.protocols.youtube import service as youtube
from sandbox.world import World

log = logging.getLogger("sandbox.contract")
COMPRESSED_FROM_BYTES = 500


def create_app(
    world: World,
    tokens: Tokens,
    *,
    quota_limits: Mapping[str, int] = LIMITS,
    rate_limits: Mapping[str, RateLimit] | None = None,
    slow_seconds: float = SLOW_SECONDS,
) -> FastAPI:
    """Serve `world` on the real platforms' wire protocols, and to people.

    Run it with uvicorn's access log off: API keys stand in YouTube's addresses.

    Args:
        world: the simulated world.
        tokens: what clients must show.
        quota_limits: units a Pacific day for each YouTube bucket.
        rate_limits: requests in a window for `bluesky`, `mastodon` and `twitch`; roomy ones when not given.
        slow_seconds: how long an answer is held back by an incident of the kind `slow`.
    """
    app = FastAPI(title="MarDev sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    quota = QuotaBook(lambda: world.now, quota_limits)
    limits = rate_limits or roomy()
    violations: list[str] = []
    for router in (
        youtube.router(youtube.YouTubeService(world, tokens, quota)),
        bluesky.router(bluesky.BlueskyService(world, limits["bluesky"])),
        mastodon.router(MastodonService(world, tokens, limits["mastodon"])),
        gmail.router(gmail.GmailService(world, tokens)),
        analytics.router(analytics.AnalyticsService(world, tokens)),
        shlink.router(shlink.ShlinkService(world, tokens)),
        shop.router(world, tokens),
        control.router(control.Control(world, tokens, quota, lambda: len(violations))),
        redirector.router(world),
        landing.router(world),
        world_pages.router(world),
    ):
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    async def home() -> Response:
        return RedirectResponse("/world/", 307)

    @app.exception_handler(AnswerBreaksContract)
    async def broken_contract(_request: Request, broken: AnswerBreaksContract) -> Response:
        violations.append(broken.what)
        log.error("An answer was held back. %s", broken)
        message = f"The sandbox held back an answer that breaks its contract ({broken.what}); its log says where."
        return JSONResponse({"error": {"code": 500, "message": message, "status": "INTERNAL"}}, 500)

    @app.exception_handler(SystemDown)
    async def down(_request: Request, outage: SystemDown) -> Response:
        return unavailable(outage.system)

    app.add_middleware(FaultInjection, world=world, slow_seconds=slow_seconds)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES, compresslevel=1)
    return app

"""Shlink's REST API v3: short links, their visits, health."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.model import Link, SlugTaken, UnknownLink, Visit
from sandbox.protocols.faults import OUTAGE, active_kind
from sandbox.protocols.shlink_requests import SLUG, Problem, Query, compiled, edition, invalid
from sandbox.protocols.tokens import Tokens, same
from sandbox.world import World

VERSION = "4.6.0"
ABOUT = {"about": "https://shlink.io", "project": "https://github.com/shlinkio/shlink"}
LINKS_PER_PAGE = 10
COUNTRY_NAMES = {"DE": "Germany", "US": "United States", "BR": "Brazil", "JP": "Japan"}


class ShlinkService:
    """The short links of one world.

    Args:
        world: holds the links.
        tokens: the API key.
    """

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens

    def admit(self, key: str | None) -> None:
        """Raises: Problem."""
        if not key:
            detail = 'Expected one of the following authentication headers, ["X-Api-Key"], but none were provided'
            raise Problem(401, "missing-authentication", "Invalid authorization", detail, expectedTypes=["X-Api-Key"])
        if not same(key, self._tokens.shlink_key):
            detail = "Provided API key does not exist or is invalid."
            raise Problem(401, "invalid-api-key", "Invalid API key", detail)

    def create(self, sent: Any, base: str) -> dict[str, Any]:
        """Make a link, or find the one that is already as asked."""
        wanted = edition(sent, ("longUrl",))
        slug = sent.get("customSlug")
        if slug is not None and not (isinstance(slug, str) and SLUG.match(slug)):
            raise invalid("customSlug")
        title, tags = wanted.get("title") or "", tuple(wanted.get("tags") or ())
        if sent.get("findIfExists"):
            for link in reversed(self._world.links()):
                same_slug = slug is None or link.slug == slug
                if same_slug and (link.long_url, link.title, link.tags) == (wanted["longUrl"], title, tags):
                    return self._short_url(link, base)
        try:
            link = self._world.create_link(wanted["longUrl"], slug, title, tags)
        except SlugTaken:
            detail = f'Provided slug "{slug}" is already in use.'
            raise Problem(400, "non-unique-slug", "Invalid custom slug", detail, customSlug=slug) from None
        return self._short_url(link, base)

    def edit(self, slug: str, sent: Any, base: str) -> dict[str, Any]:
        wanted = edition(sent, ())
        link = self._link(slug)
        title = wanted.get("title", link.title) or ""
        tags = wanted.get("tags")
        return self._short_url(
            self._world.edit_link(link.slug, long_url=wanted.get("longUrl"), title=title, tags=tags), base
        )

    def one(self, slug: str, base: str) -> dict[str, Any]:
        return self._short_url(self._link(slug), base)

    def listing(self, query: Query, base: str) -> dict[str, Any]:
        """All links, newest first, filtered by words and tags."""
        words, tags = query.text("searchTerm").casefold(), set(query.texts("tags[]"))
        found = [
            link
            for link in reversed(self._world.links())
            if words in f"{link.slug} {link.long_url} {link.title} {' '.join(link.tags)}".casefold()
            and (not tags or tags & set(link.tags))
            and query.covers(link.created_at)
        ]
        data, pagination = query.page(found, LINKS_PER_PAGE)
        return {"shortUrls": {"data": [self._short_url(link, base) for link in data], "pagination": pagination}}

    def visits(self, slug: str, query: Query, base: str) -> dict[str, Any]:
        """Visits of one link, newest first."""
        without_bots = query.text("excludeBots") == "true"
        found = [
            visit
            for visit in reversed(self._world.visits(self._link(slug).slug, since=query.instant("startDate")))
            if query.covers(visit.date) and not (without_bots and visit.potential_bot)
        ]
        data, pagination = query.page(found, max(1, len(found)))
        return {"visits": {"data": [_visit(visit, base) for visit in data], "pagination": pagination}}

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status code and body; it fails while the redirector is out."""
        fails = active_kind(self._world, "redirector") in OUTAGE
        return (503 if fails else 200), {"status": "fail" if fails else "pass", "version": VERSION, "links": ABOUT}

    def _link(self, slug: str) -> Link:
        try:
            return self._world.link(slug)
        except UnknownLink:
            detail = f'No URL found with short code "{slug[:100]}"'
            raise Problem(404, "short-url-not-found", "Short URL not found", detail, shortCode=slug[:100]) from None

    def _short_url(self, link: Link, base: str) -> dict[str, Any]:
        visits = self._world.visits(link.slug)
        bots = sum(visit.potential_bot for visit in visits)
        return {
            "shortCode": link.slug,
            "shortUrl": f"{base}shlink/{link.slug}",
            "longUrl": link.long_url,
            "dateCreated": _atom(link.created_at),
            "visitsSummary": {"total": len(visits), "nonBots": len(visits) - bots, "bots": bots},
            "tags": list(link.tags),
            "meta": {"validSince": None, "validUntil": None, "maxVisits": None},
            "domain": None,
            "title": link.title or None,
            "crawlable": False,
            "forwardQuery": False,
            "hasRedirectRules": False,
        }


def _visit(visit: Visit, base: str) -> dict[str, Any]:
    location = None
    if visit.country:
        location = {"countryCode": visit.country, "countryName": COUNTRY_NAMES.get(visit.country, visit.country)}
    return {
        "referer": visit.referer,
        "date": _atom(visit.date),
        "userAgent": visit.user_agent,
        "visitLocation": location,
        "potentialBot": visit.potential_bot,
        "visitedUrl": base.rstrip("/") + "/" + visit.visited_url.lstrip("/"),
        "redirectUrl": visit.redirect_url,
    }


def _atom(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def router(service: ShlinkService) -> APIRouter:
    """Routes of the API under ``/shlink/rest/v3``."""
    routes = APIRouter(prefix="/shlink/rest/v3", include_in_schema=False)

    async def answer(request: Request, schema: str, action: str) -> Response:
        base = str(request.base_url)
        try:
            service.admit(request.headers.get("x-api-key"))
            slug = request.path_params.get("slug", "")
            if action == "create":
                body = service.create(await _json(request), base)
            elif action == "edit":
                body = service.edit(slug, await _json(request), base)
            elif action == "list":
                body = service.listing(Query(request), base)
            elif action == "visits":
                body = service.visits(slug, Query(request), base)
            else:
                body = service.one(slug, base)
        except Problem as problem:
            return problem.response()
        return _checked(schema, body)

    def route(path: str, method: str, schema: str, action: str) -> None:
        async def call(request: Request) -> Response:
            return await answer(request, schema, action)

        routes.add_api_route(path, call, methods=[method])

    async def health() -> Response:
        status, body = service.health()
        return _checked("Health", body, status)

    route("/short-urls", "POST", "ShortUrl", "create")
    route("/short-urls", "GET", "ShortUrls", "list")
    route("/short-urls/{slug}", "GET", "ShortUrl", "one")
    route("/short-urls/{slug}", "PATCH", "ShortUrl", "edit")
    route("/short-urls/{slug}/visits", "GET", "Visits", "visits")
    routes.add_api_route("/health", health, methods=["GET"])
    return routes


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        detail = "Provided request does not contain a valid JSON body."
        raise Problem(400, "malformed-request-body", "Malformed request body", detail) from None


def _checked(schema: str, body: dict[str, Any], status: int = 200) -> Response:
    compiled(schema).check(body)
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json")

"""The app page of each market: where people install, sign up and buy."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from sandbox.model import MARKETS, SandboxError, SystemDown
from sandbox.pages.landing_texts import texts_of
from sandbox.pages.render import page
from sandbox.world import World

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content")
FIELD_CHARACTERS = 200
FORM_BYTES = 20_000
ORDER_NUMBER = re.compile(r"[\w-]{1,60}")


class Landing:
    """The app pages of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def show(self, request: Request) -> Response:
        market = request.path_params["market"]
        if market not in MARKETS:
            return self._no_such_market()
        if self._world.incident_active("landing", market):
            return self._down(market)
        utm = {name: request.query_params.get(name, "")[:FIELD_CHARACTERS] for name in UTM_FIELDS}
        return page(
            "app.html",
            texts=texts_of(market),
            market=market,
            utm={name: value for name, value in utm.items() if value},
            code=request.query_params.get("code", "")[:FIELD_CHARACTERS],
            now=self._world.now,
        )

    async def convert(self, request: Request) -> Response:
        """Take the form; a person is sent on to a page that says thanks, with the order's number in its address."""
        market = request.path_params["market"]
        if market not in MARKETS:
            return self._no_such_market()
        raw = await request.body()
        if len(raw) > FORM_BYTES:
            return self._refused(market, 413)
        form = _form(raw)
        utm = {name: form[name] for name in UTM_FIELDS if form.get(name)}
        try:
            order = self._world.convert(
                market, form.get("kind", ""), form.get("code", "").strip(), utm, is_test=form.get("test") == "1"
            )
        except SystemDown:
            return self._down(market)
        except SandboxError:
            return self._refused(market, 400)
        query = urlencode({"order": order.order_id, "kind": order.kind})
        return RedirectResponse(f"/app/{market}/thanks?{query}", 303, {"cache-control": "no-store"})

    async def thanks(self, request: Request) -> Response:
        market = request.path_params["market"]
        if market not in MARKETS:
            return self._no_such_market()
        texts = texts_of(market)
        order = request.query_params.get("order", "")
        words = texts.thanks.get(request.query_params.get("kind", ""), texts.thanks["other"])
        shown = order if ORDER_NUMBER.fullmatch(order) else ""
        return page("thanks.html", texts=texts, market=market, words=words, order=shown, now=self._world.now)

    def _down(self, market: str) -> Response:
        texts = texts_of(market)
        return self._note(market, 503, texts.down_title, texts.down)

    def _refused(self, market: str, status: int) -> Response:
        texts = texts_of(market)
        return self._note(market, status, texts.refused_title, texts.refused)

    def _note(self, market: str, status: int, title: str, text: str) -> Response:
        values = {"texts": texts_of(market), "market": market, "title": title, "text": text, "now": self._world.now}
        return page("app_note.html", status, **values)

    def _no_such_market(self) -> Response:
        text = f"The app is offered in {', '.join(MARKETS)}."
        return page("message.html", 404, now=self._world.now, title="No such market", text=text)


def _form(raw: bytes) -> Mapping[str, str]:
    """The last value of each field of a form, cut to a sensible length."""
    fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    return {name: values[-1][:FIELD_CHARACTERS] for name, values in fields.items()}


def router(world: World) -> APIRouter:
    """Routes under ``/app``."""
    pages = Landing(world)
    routes = APIRouter(prefix="/app/{market}", include_in_schema=False)
    routes.add_api_route("", pages.show, methods=["GET"])
    routes.add_api_route("/convert", pages.convert, methods=["POST"])
    routes.add_api_route("/thanks", pages.thanks, methods=["GET"])
    return routes

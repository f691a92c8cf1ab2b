"""One request to the YouTube Data API: who asks, what it costs, whether it is well formed, and the answer."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.protocols.faults import active_kind
from sandbox.protocols.google.answers import finish
from sandbox.protocols.google.batch import InnerRequest, answer_batch
from sandbox.protocols.google.http import respond
from sandbox.protocols.google.parameters import Parameters
from sandbox.protocols.google.refusals import (
    GoogleRefusal,
    WireAnswer,
    invalid_key,
    not_found,
    quota_exceeded,
    unregistered_caller,
)
from sandbox.protocols.quota import BUCKET_OF_METHOD, QuotaBook
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.validation import google_contract
from sandbox.protocols.youtube.finding import Finder
from sandbox.protocols.youtube.methods import Methods
from sandbox.world import World

SERVICE = "youtube.googleapis.com"
PREFIX = "/youtube"
SERVED = (
    "channels.list",
    "playlistItems.list",
    "videos.list",
    "videos.batchGetStats",
    "search.list",
    "subscriptions.list",
    "channelSections.list",
    "commentThreads.list",
)


class YouTubeService:
    """Answers requests; knows HTTP only as method, target and headers, so that a batch can use it too."""

    def __init__(self, world: World, tokens: Tokens, quota: QuotaBook) -> None:
        self._world = world
        self._tokens = tokens
        self._quota = quota
        self._contract = google_contract("youtube.v3")
        self._finder = Finder(world)
        methods = self._contract.methods
        self._method_of_path = {f"{PREFIX}/{methods[name].path}": name for name in SERVED}

    def answer(self, request: InnerRequest, base: str) -> WireAnswer:
        """Answer one request; refusals are answers too.

        Args:
            request: target and headers.
            base: address of the server, ending in a slash.

        Raises:
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        try:
            return self._answer(request, base)
        except GoogleRefusal as refusal:
            return refusal.answer()

    def _answer(self, request: InnerRequest, base: str) -> WireAnswer:
        target = urlsplit(request.target)
        method_id = self._method_of_path.get(target.path)
        if method_id is None or request.method not in ("GET", "POST"):
            raise not_found("The requested URL was not found on this server.")
        query = _query(request, target.query)
        fault = active_kind(self._world, "youtube")
        self._admit(method_id, query, request.headers, fault)
        parameters = Parameters(self._contract, method_id, query)
        methods = Methods(self._world, self._contract, self._finder, base, repeats_page=fault == "repeats_page")
        return finish(
            self._contract,
            method_id,
            methods.table[method_id](parameters),
            selector=parameters.text("fields"),
            if_none_match=request.headers.get("if-none-match"),
            tagged=True,
        )

    def _admit(
        self, method_id: str, query: Mapping[str, list[str]], headers: Mapping[str, str], fault: str | None
    ) -> None:
        """Check the caller and charge the call; a badly formed request is charged as well."""
        key = query["key"][-1] if "key" in query else headers.get("x-goog-api-key")
        token = bearer(headers.get("authorization"))
        if not key and not token:
            raise unregistered_caller()
        if key and not same(key, self._tokens.youtube_key):
            raise invalid_key(SERVICE)
        if not key and not same(token, self._tokens.google_bearer):
            raise invalid_key(SERVICE)
        bucket = BUCKET_OF_METHOD.get(method_id, "default")
        if fault == "quota" or not self._quota.charge("key" if key else "token", bucket):
            raise quota_exceeded()


def _query(request: InnerRequest, query_string: str) -> dict[str, list[str]]:
    """The parameters; a GET too long for an address comes as a POST that says so, parameters in the body."""
    if request.method == "POST":
        if request.headers.get("x-http-method-override", "").upper() != "GET":
            raise GoogleRefusal(401, "required", "Login Required.", location="Authorization", location_type="header")
        query_string = request.body.decode("utf-8", "replace")
    return parse_qs(query_string, keep_blank_values=True)


def router(service: YouTubeService) -> APIRouter:
    """Routes of the API under ``/youtube/``."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False)

    async def batch(request: Request) -> Response:
        async def one(inner: InnerRequest) -> WireAnswer:
            return service.answer(inner, str(request.base_url))

        try:
            answer = await answer_batch(request.headers.get("content-type", ""), await request.body(), one)
        except GoogleRefusal as refusal:
            answer = refusal.answer()
        return respond(answer)

    async def call(request: Request) -> Response:
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        inner = InnerRequest(request.method, target, dict(request.headers), await request.body())
        return respond(service.answer(inner, str(request.base_url)))

    routes.add_api_route("/batch", batch, methods=["POST"])
    routes.add_api_route("/youtube/v3/{method:path}", call, methods=["GET", "POST"])
    return routes

"""One call to the public server: limits, parameters, and the answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.accounts.audience import Fan
from sandbox.accounts.model import Account, GoneAccount, PostKey, UnknownAccount, UnknownPost
from sandbox.accounts.network import ANSWER, REPOST, Network
from sandbox.protocols.bluesky.refusals import Query, XrpcRefusal, answer, invalid
from sandbox.protocols.bluesky.views import COLLECTION, View, Views
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.faults import active_kind
from sandbox.protocols.rates import Charge, RateBook, RateLimit
from sandbox.world import World

PREFIX = "/bluesky/xrpc"
ACTORS_PER_CALL = 25
POSTS_PER_CALL = 25
FILTERS: Mapping[str, frozenset[int]] = {
    "posts_with_replies": frozenset(),
    "posts_no_replies": frozenset({ANSWER}),
    "posts_and_author_threads": frozenset({ANSWER}),
}
"""What each filter of a feed leaves out; filters by pictures and films find nothing, there are none."""
MEDIA_FILTERS = frozenset({"posts_with_media", "posts_with_video"})
Item = TypeVar("Item")


class BlueskyService:
    """Answers calls; knows HTTP only as a method's name and its parameters."""

    def __init__(self, world: World, limit: RateLimit) -> None:
        self._world = world
        self._rates = RateBook(limit, lambda: world.now)
        self._contract = compiled_contract("bluesky")
        self._methods: Mapping[str, Callable[[Query], View]] = {
            "app.bsky.actor.getProfile": self._profile,
            "app.bsky.actor.getProfiles": self._profiles,
            "app.bsky.actor.searchActors": self._search,
            "app.bsky.graph.getFollows": self._follows,
            "app.bsky.graph.getFollowers": self._followers,
            "app.bsky.feed.getAuthorFeed": self._feed,
            "app.bsky.feed.getPosts": self._posts,
            "app.bsky.feed.getLikes": self._likes,
            "com.atproto.identity.resolveHandle": self._resolve,
        }

    def answer(self, method: str, query: Query, caller: str) -> Response:
        """Answer one call; refusals are answers too.

        Raises:
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        limited = active_kind(self._world, "bluesky") == "rate_limited"
        charge = self._rates.charge(caller, is_spent=limited)
        headers = _rate_headers(charge)
        try:
            if not charge.is_granted:
                wait = max(1, int((charge.resets_at - self._world.now).total_seconds()))
                headers["Retry-After"] = str(wait)
                raise XrpcRefusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
            if method == "app.bsky.feed.searchPosts":
                raise XrpcRefusal(403, "Forbidden", "Search is not available to callers without a session")
            if method not in self._methods:
                raise XrpcRefusal(501, "MethodNotImplemented", "Method Not Implemented")
            body = self._methods[method](query)
        except XrpcRefusal as refusal:
            return refusal.response(headers)
        self._contract.check_answer(method, body)
        return answer(body, headers=headers)

    # ---- actors
    @property
    def _network(self) -> Network:
        return self._world.network("bluesky")

    @property
    def _views(self) -> Views:
        return Views(self._network, self._world.seed, self._world.start)

    def _actor(self, actor: str, *, missing: str = "Actor not found") -> Account | Fan:
        """By DID or handle. Raises: XrpcRefusal."""
        try:
            try:
                if actor.startswith("did:"):
                    return self._network.by_identity(actor)
                return self._network.by_handle(actor)
            except GoneAccount:
                raise
            except UnknownAccount:
                return self._network.fan(actor.lower())
        except GoneAccount:
            raise XrpcRefusal(400, "AccountDeactivated", "Account is deactivated") from None
        except UnknownAccount:
            raise invalid(missing) from None

    def _creator_account(self, actor: str) -> Account | None:
        found = self._actor(actor)
        return None if isinstance(found, Fan) else found

    def _profile(self, query: Query) -> View:
        return self._views.detailed(self._actor(query.needed("actor"), missing="Profile not found"))

    def _profiles(self, query: Query) -> View:
        """Who is not there is left out."""
        profiles = []
        for actor in dict.fromkeys(query.needed_list("actors", ACTORS_PER_CALL)):
            try:
                profiles.append(self._views.detailed(self._actor(actor)))
            except XrpcRefusal:
                continue
        return {"profiles": profiles}

    def _resolve(self, query: Query) -> View:
        handle = query.needed("handle")
        if handle.startswith("did:"):
            raise invalid("Error: handle must be a valid handle")
        return {"did": self._actor(handle, missing="Unable to resolve handle").identity}

    def _search(self, query: Query) -> View:
        found = self._network.search(query.text("q") or query.text("term"))
        page, cursor = _page(found, query, default=25)
        return _with_cursor({"actors": [self._views.profile(one) for one in page]}, cursor)

    # ---- follows
    def _follows(self, query: Query) -> View:
        subject = self._actor(query.needed("actor"))
        if isinstance(subject, Fan):
            followed = [self._network.accounts[subject.account]]
        else:
            followed = self._network.follows(subject)
        page, cursor = _page(followed, query)
        body = {"subject": self._views.profile(subject), "follows": [self._views.profile(one) for one in page]}
        return _with_cursor(body, cursor)

    def _followers(self, query: Query) -> View:
        subject = self._actor(query.needed("actor"))
        total = 0 if isinstance(subject, Fan) else self._network.follower_count(subject)
        positions, cursor = _page(range(total), query)
        followers = [] if isinstance(subject, Fan) else self._network.followers_at(subject, positions)
        body = {"subject": self._views.profile(subject), "followers": [self._views.profile(one) for one in followers]}
        return _with_cursor(body, cursor)

    # ---- posts
    def _feed(self, query: Query) -> View:
        actor = query.needed("actor")
        wanted = query.text("filter") or "posts_with_replies"
        if wanted not in FILTERS and wanted not in MEDIA_FILTERS:
            raise invalid(f"Error: filter must be one of ({'|'.join((*FILTERS, *sorted(MEDIA_FILTERS)))})")
        account = self._creator_account(actor)
        keys: Sequence[PostKey] = [] if account is None or wanted in MEDIA_FILTERS else self._network.post_keys(account)
        without = FILTERS.get(wanted, frozenset())
        page, cursor = _page([key for key in keys if self._network.kind(key) not in without], query)
        return _with_cursor({"feed": [self._views.feed_item(key) for key in page]}, cursor)

    def _posts(self, query: Query) -> View:
        """What is not there is left out."""
        keys = [self._post_key(uri) for uri in dict.fromkeys(query.needed_list("uris", POSTS_PER_CALL))]
        return {"posts": [self._views.post(key) for key in keys if key is not None]}

    def _likes(self, query: Query) -> View:
        uri = query.needed("uri")
        key = self._post_key(uri)
        page, cursor = _page([] if key is None else self._network.liked_by(key), query)
        likes = [
            {"actor": self._views.profile(one), "createdAt": moment, "indexedAt": moment}
            for one in page
            for moment in [self._views.liked_at(key, one)]
            if key is not None
        ]
        return _with_cursor({"uri": uri, "likes": likes}, cursor)

    def _post_key(self, uri: str) -> PostKey | None:
        """None: no such post (any more). Raises: XrpcRefusal for what is no address of a post."""
        parts = uri.removeprefix("at://").split("/")
        if not uri.startswith("at://") or len(parts) != 3 or parts[1] != COLLECTION:
            raise invalid("Error: uris must be a valid at-uri")
        try:
            key = self._network.post_key(self._network.by_identity(parts[0]), parts[2])
        except (UnknownAccount, UnknownPost):
            return None
        return None if self._network.kind(key) == REPOST else key


def _page(items: Sequence[Item], query: Query, default: int = 50) -> tuple[Sequence[Item], str | None]:
    """Part of a list that grows at its beginning, and where the next part begins, counted from the end."""
    limit, left = query.limit(default), query.cursor()
    begin = 0 if left is None else max(0, len(items) - left)
    page = items[begin : begin + limit]
    rest = len(items) - begin - len(page)
    return page, str(rest) if rest > 0 else None


def _with_cursor(body: View, cursor: str | None) -> View:
    return body if cursor is None else {**body, "cursor": cursor}


def _rate_headers(charge: Charge) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(charge.limit),
        "RateLimit-Remaining": str(charge.remaining),
        "RateLimit-Reset": str(int(charge.resets_at.timestamp())),
        "RateLimit-Policy": f"{charge.limit};w={charge.seconds}",
    }


def router(service: BlueskyService) -> APIRouter:
    """Routes of the server under ``/bluesky/xrpc``."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False)

    async def call(request: Request) -> Response:
        caller = request.client.host if request.client else ""
        return service.answer(request.path_params["method"], Query(request.query_params), caller)

    async def health() -> Response:
        return answer({"version": "0.0.0-sandbox"})

    routes.add_api_route("/_health", health, methods=["GET"])
    routes.add_api_route("/{method}", call, methods=["GET"])
    return routes

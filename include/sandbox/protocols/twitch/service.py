"""One request to Helix: who asks, what points are left, and the answer."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sandbox.accounts.broadcasts import CATEGORIES, Broadcast, BroadcastKey
from sandbox.accounts.model import Account, UnknownAccount, UnknownPost
from sandbox.accounts.network import Network
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.faults import active_kind
from sandbox.protocols.rates import Charge, RateBook, RateLimit
from sandbox.protocols.tokens import Tokens
from sandbox.protocols.twitch.access import Access
from sandbox.protocols.twitch.requests import HelixRefusal, Query, bad_request
from sandbox.protocols.twitch.views import View, Views, category, category_id
from sandbox.world import World

PERIOD_DAYS = {"all": None, "day": 1, "week": 7, "month": 30}
VIDEO_TYPES = ("all", "archive", "highlight", "upload")
SORTS = ("time", "trending", "views")


class TwitchService:
    """Answers requests; knows HTTP only as a path and parameters."""

    def __init__(self, world: World, tokens: Tokens, limit: RateLimit) -> None:
        self._world = world
        self.access = Access(world, tokens)
        self._rates = RateBook(limit, lambda: world.now)
        self._contract = compiled_contract("twitch")
        self.paths: Mapping[str, Callable[[Query], View]] = {
            "users": self._users,
            "channels": self._channels,
            "channels/followers": self._followers,
            "videos": self._videos,
            "streams": self._streams,
            "search/channels": self._search,
            "games": self._games,
            "teams/channel": self._teams,
        }

    def admit(self, client_id: str | None, authorization: str | None) -> Charge:
        """Check the caller and count one point.

        Raises:
            HelixRefusal: no token, no client id, or not those we know.
        """
        self.access.admit(client_id, authorization)
        limited = active_kind(self._world, "twitch") == "rate_limited"
        return self._rates.charge(client_id or "", is_spent=limited)

    def answer(self, path: str, query: Query) -> View:
        """The body of the answer.

        Raises:
            HelixRefusal: the parameters make no sense, or there is no such thing.
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        if path not in self.paths:
            raise HelixRefusal(404, "")
        body = self.paths[path](query)
        self._contract.check_answer(path, body)
        return body

    # ---- channels
    @property
    def _network(self) -> Network:
        return self._world.network("twitch")

    @property
    def _views(self) -> Views:
        return Views(self._network)

    def _known(self, identities: list[str], logins: list[str]) -> list[Account]:
        """Who is not there is left out."""
        found: list[Account] = []
        for ask, names in ((self._network.by_identity, identities), (self._network.by_handle, logins)):
            for name in names:
                try:
                    found.append(ask(name))
                except UnknownAccount:
                    continue
        return list(dict.fromkeys(found))

    def _users(self, query: Query) -> View:
        asked = query.texts("id", "login")
        if not any(asked.values()):
            raise bad_request("Must provide an ID, Login or OAuth Token.")
        return {"data": [self._views.user(one) for one in self._known(asked["id"], asked["login"])]}

    def _channels(self, query: Query) -> View:
        query.needed("broadcaster_id")
        known = self._known(query.texts("broadcaster_id")["broadcaster_id"], [])
        return {"data": [self._views.channel(one) for one in known]}

    def _followers(self, query: Query) -> View:
        """The number only: who they are is told to the broadcaster alone."""
        wanted = query.needed("broadcaster_id")
        if query.text("user_id"):
            raise HelixRefusal(401, "The ID in broadcaster_id must match the user ID in the access token")
        known = self._known([wanted], [])
        return {"total": self._network.follower_count(known[0]) if known else 0, "data": [], "pagination": {}}

    def _search(self, query: Query) -> View:
        wanted = query.needed("query")
        found = [(one, self._live(one)) for one in self._network.search(wanted)]
        page, pagination = query.page([pair for pair in found if pair[1] or not query.flag("live_only")])
        return {"data": [self._views.found(one, live) for one, live in page], "pagination": pagination}

    def _teams(self, query: Query) -> View:
        known = self._known([query.needed("broadcaster_id")], [])
        if not known:
            raise HelixRefusal(404, "The broadcaster was not found")
        return {"data": self._views.team(known[0])}

    # ---- streams and recordings
    def _live(self, account: Account) -> Broadcast | None:
        return self._network.broadcasts.live(account.number, self._network.now)

    def _streams(self, query: Query) -> View:
        asked = query.texts("user_id", "user_login")
        games, languages = query.texts("game_id")["game_id"], query.texts("language")["language"]
        everybody = not any(asked.values())
        known = self._network.here() if everybody else self._known(asked["user_id"], asked["user_login"])
        live = [
            self._views.stream(one, broadcast)
            for one in known
            if (broadcast := self._live(one)) is not None
            and (not games or category_id(broadcast.category) in games)
            and (not languages or self._network.creator(one).language in languages)
        ]
        live.sort(key=lambda stream: (-stream["viewer_count"], stream["id"]))
        page, pagination = query.page(live)
        return {"data": list(page), "pagination": pagination}

    def _videos(self, query: Query) -> View:
        kind, sort = query.one_of("type", VIDEO_TYPES), query.one_of("sort", SORTS)
        days = PERIOD_DAYS[query.one_of("period", tuple(PERIOD_DAYS))]
        asked = query.texts("id", "user_id", "game_id")
        if sum(bool(values) for values in asked.values()) != 1:
            raise bad_request("Must provide only one of the parameters id, user_id or game_id")
        now, broadcasts = self._network.now, self._network.broadcasts
        oldest = now - timedelta(days=days) if days else None
        keys = [] if kind in ("highlight", "upload") else self._recordings(asked)
        pairs = [(broadcasts.read(key), broadcasts.views(key, now)) for key in keys]
        pairs = [pair for pair in pairs if oldest is None or pair[0].started_at >= oldest]
        if game := asked["game_id"]:
            pairs = [pair for pair in pairs if category_id(pair[0].category) in game]
        pairs.sort(key=(lambda pair: pair[0].started_at.timestamp()) if sort == "time" else lambda pair: pair[1])
        page, pagination = query.page(pairs[::-1])
        shown = [self._views.recording(self._network.account(one.key.account), one, views) for one, views in page]
        return {"data": shown, "pagination": pagination}

    def _recordings(self, asked: Mapping[str, list[str]]) -> list[BroadcastKey]:
        """Raises: HelixRefusal: ids were asked for, and there is none of them."""
        now, broadcasts = self._network.now, self._network.broadcasts
        if not asked["id"]:
            known = self._known(asked["user_id"], []) if asked["user_id"] else self._network.here()
            return [key for one in known for key in broadcasts.begun(one.number, now)]
        found = []
        for identity in asked["id"]:
            try:
                key = broadcasts.find(identity, now)
                self._network.by_identity(self._network.accounts[key.account].identity)
                found.append(key)
            except (UnknownPost, UnknownAccount):
                continue
        if not found:
            raise HelixRefusal(404, "The video was not found")
        return found

    def _games(self, query: Query) -> View:
        asked = query.texts("id", "name", "igdb_id")
        if not any(asked.values()):
            raise bad_request("Must provide an id, a name or an igdb_id")
        return {
            "data": [
                category(position)
                for position, name in enumerate(CATEGORIES)
                if category_id(position) in asked["id"] or name in asked["name"]
            ]
        }

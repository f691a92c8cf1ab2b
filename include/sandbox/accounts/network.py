"""One platform at the world's instant: accounts, who follows whom, posts. What the protocols stand on."""

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cached_property

from sandbox.accounts.audience import Audience, Fan
from sandbox.accounts.following import Following
from sandbox.accounts.model import Account, Post, PostCounters, PostKey, UnknownAccount
from sandbox.accounts.posts import ANSWER, OWN, REPOST, PostCatalogue, Surroundings
from sandbox.accounts.registry import Registry
from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.economy.search import ChannelSearch
from sandbox.economy.videos import VideoCatalogue
from sandbox.hashing import chance
from sandbox.model import Creator

__all__ = ["ANSWER", "OWN", "REPOST", "Network"]
LIKED_BY_FOLLOWERS, LIKED_BY_MATES = 0.05, 0.85


class Network:
    """Reads; changes nothing. Everything is drawn when first asked for. May be used from several threads.

    Args:
        platform: `bluesky`, `mastodon` or `twitch`.
        seed, population, youtube, catalogue, search, start: of the world.
        registry: all accounts of all platforms.
        now: the world's instant.
        lock: guards what is drawn.
    """

    def __init__(
        self,
        platform: str,
        seed: int,
        population: Population,
        youtube: FollowGraph,
        catalogue: VideoCatalogue,
        search: ChannelSearch,
        start: datetime,
        registry: Callable[[], Registry],
        now: Callable[[], datetime],
        lock: threading.RLock,
    ) -> None:
        self.platform = platform
        self._seed, self._population, self._youtube = seed, population, youtube
        self._catalogue, self._search, self._start = catalogue, search, start
        self._registry, self._now, self._lock = registry, now, lock

    @property
    def now(self) -> datetime:
        return self._now()

    @cached_property
    def accounts(self) -> list[Account]:
        """In a fixed order; `accounts[n].number == n`."""
        with self._lock:
            return self._registry().by_platform[self.platform]

    def account(self, number: int) -> Account:
        """As it is now."""
        return self.accounts[number]

    def creator(self, account: Account) -> Creator:
        return self._population.creators[account.creator]

    # ---- finding
    def by_identity(self, identity: str) -> Account:
        """Raises UnknownAccount."""
        return self._found(self._by_identity, identity)

    def by_handle(self, handle: str) -> Account:
        """Without the @, any case. Raises UnknownAccount."""
        return self._found(self._by_handle, handle.lower())

    def search(self, query: str) -> list[Account]:
        """Best first: by topic and name of the creator, in any of the four languages, and by handle."""
        wanted = query.strip().lstrip("@").lower()
        with self._lock:
            by_creator = self._registry().by_creator[self.platform]
            named = [account for account in self.accounts if wanted and wanted in account.handle]
            ranked = [creator.number for creator in self._search.ranked(query, None, None)]
            topical = [self.accounts[by_creator[creator]] for creator in ranked if creator in by_creator]
        return list(dict.fromkeys([*named, *topical]))

    # ---- follows
    def follows(self, account: Account) -> list[Account]:
        """Accounts of creators that this one follows, the newest first."""
        with self._lock:
            return [self.accounts[other] for other in self._following.followed(account.number, self.now)]

    def followers(self, account: Account) -> list[Account]:
        """Accounts of creators that follow this one, the newest first."""
        with self._lock:
            return [self.accounts[other] for other in self._following.followers(account.number, self.now)]

    def follower_count(self, account: Account) -> int:
        """Creators and audience together."""
        with self._lock:
            return self._audience.size(account.number, self.now) + (
                len(self._following.followers(account.number, self.now)) if self._has_follows else 0
            )

    def followers_at(self, account: Account, positions: Sequence[int]) -> list[Account | Fan]:
        """The followers at these places of the list; creators stand among the others, evenly."""
        creators = self.followers(account)
        with self._lock:
            others = self._audience.size(account.number, self.now)
        total = len(creators) + others
        found: list[Account | Fan] = []
        for position in positions:
            before = -(-position * len(creators) // total)
            if before < len(creators) and before * total // len(creators) == position:
                found.append(creators[before])
            else:
                found.append(self._audience.fan(account.number, others - 1 - (position - before)))
        return found

    def edges(self) -> list[tuple[Account, Account, datetime]]:
        """Who follows whom since when, beginnings in the future included; empty where nobody is told."""
        if not self._has_follows:
            return []
        with self._lock:
            found = self._following.edges()
        return [(self.accounts[source], self.accounts[target], since) for source, target, since in found]

    def fan(self, actor: str) -> Fan:
        """Raises UnknownAccount."""
        with self._lock:
            return self._audience.find_fan(actor, self.now)

    # ---- posts
    def post_keys(self, account: Account) -> list[PostKey]:
        """Posts, answers and reposts that are out, the newest first."""
        with self._lock:
            return self._posts.keys(account.number, self.now)[::-1]

    def post_key(self, account: Account, identity: str) -> PostKey:
        """Raises UnknownPost."""
        with self._lock:
            return self._posts.key(account.number, identity, self.now)

    def kind(self, key: PostKey) -> int:
        """`OWN`, `ANSWER` or `REPOST`."""
        with self._lock:
            return self._posts.kind(key)

    def target(self, key: PostKey) -> PostKey | None:
        """What an answer answers, what a repost repeats."""
        with self._lock:
            return self._posts.target(key)

    def published_at(self, key: PostKey) -> datetime:
        with self._lock:
            return self._posts.published_at(key)

    def identity(self, key: PostKey) -> str:
        """Record key or status id."""
        with self._lock:
            return self._posts.identity(key)

    def read(self, key: PostKey) -> Post:
        with self._lock:
            return self._posts.read(key)

    def counters(self, key: PostKey) -> PostCounters:
        with self._lock:
            return self._posts.counters(key, self.now)

    def liked_by(self, key: PostKey) -> list[Account]:
        """Accounts of creators that like the post (people of the audience are only counted)."""
        with self._lock:
            mates = set(self._companions(key.account))
            followers = self._following.followers(key.account, self._posts.published_at(key))
            liking = [
                other for other in sorted({*followers, *mates}) if self._likes(key, other, is_mate=other in mates)
            ]
            return [self.accounts[other] for other in liking][: self.counters(key).likes]

    def _likes(self, key: PostKey, other: int, *, is_mate: bool) -> bool:
        share = LIKED_BY_MATES if is_mate else LIKED_BY_FOLLOWERS
        return chance(share, self._seed, self.platform, "likes", *key, other)

    # ---- drawn when needed
    @property
    def _has_follows(self) -> bool:
        return self.platform != "twitch"

    @cached_property
    def _by_identity(self) -> dict[str, int]:
        return {account.identity: account.number for account in self.accounts}

    @cached_property
    def _by_handle(self) -> dict[str, int]:
        return {account.handle: account.number for account in self.accounts}

    @cached_property
    def _following(self) -> Following:
        return Following(self._seed, self.accounts, self._population, self._youtube, self._start)

    @cached_property
    def _audience(self) -> Audience:
        return Audience(self._seed, self.platform, self.accounts, self._population, self._start)

    @cached_property
    def _posts(self) -> PostCatalogue:
        return PostCatalogue(
            Surroundings(
                seed=self._seed,
                accounts=self.accounts,
                population=self._population,
                catalogue=self._catalogue,
                start=self._start,
                followed=lambda number, at: self._following.followed(number, at),
                audience=lambda number, at: self._audience.size(number, at),
                companions=self._companions,
            )
        )

    def _companions(self, number: int) -> Collection[int]:
        """Accounts of this one's engagement pod."""
        del number
        return ()

    def _found(self, index: dict[str, int], key: str) -> Account:
        if key not in index:
            raise UnknownAccount(key)
        return self.accounts[index[key]]

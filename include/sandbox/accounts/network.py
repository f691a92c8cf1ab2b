"""One platform at the world's instant: accounts, who follows whom, posts. What the protocols stand on."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sandbox.accounts.audience import Audience, Fan
from sandbox.accounts.broadcasts import Broadcasts
from sandbox.accounts.following import Following
from sandbox.accounts.model import Account, GoneAccount, Post, PostCounters, PostKey, UnknownAccount
from sandbox.accounts.posts import ANSWER, OWN, REPOST, PostCatalogue, Surroundings
from sandbox.accounts.registry import Registry
from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.economy.search import ChannelSearch
from sandbox.economy.videos import VideoCatalogue
from sandbox.hashing import chance
from sandbox.model import Creator
from sandbox.troubles import Troubles

__all__ = ["ANSWER", "OWN", "REPOST", "Network"]
LIKED_BY_FOLLOWERS, LIKED_BY_MATES = 0.05, 0.85


@dataclass(frozen=True, slots=True)
class Economy:
    """What accounts stand on."""

    seed: int
    population: Population
    youtube: FollowGraph
    catalogue: VideoCatalogue
    search: ChannelSearch
    start: datetime
    troubles: Troubles
    now: Callable[[], datetime]
    """The world's instant."""
    lock: threading.RLock
    """Guards what is drawn."""


class Network:
    """Reads; changes nothing. Everything is drawn when first asked for. May be used from several threads.

    Args:
        platform: `bluesky`, `mastodon` or `twitch`.
        economy: the creators and what they do.
        registry: all accounts of all platforms.
    """

    def __init__(self, platform: str, economy: Economy, registry: Callable[[], Registry]) -> None:
        self.platform = platform
        self._economy, self._registry = economy, registry
        self._seed, self._population, self._start = economy.seed, economy.population, economy.start
        self._troubles, self._lock = economy.troubles, economy.lock

    @property
    def now(self) -> datetime:
        return self._economy.now()

    @cached_property
    def accounts(self) -> list[Account]:
        """In a fixed order; `accounts[n].number == n`."""
        with self._lock:
            return self._registry().by_platform[self.platform]

    def account(self, number: int) -> Account:
        """As it is now: with another handle or closed lists, when that happened to it."""
        known, now = self.accounts[number], self.now
        if not self._troubles.has_any(known.creator):
            return known
        suffix = self._troubles.suffix(known.creator, self.platform, now)
        return replace(
            known,
            handle=renamed(known.handle, suffix),
            hides_lists=known.hides_lists or self._troubles.is_private(known.creator, self.platform, now),
        )

    def here(self) -> list[Account]:
        """All accounts that are not gone, as they are now."""
        return self._shown(range(len(self.accounts)))

    def is_gone(self, number: int) -> bool:
        return self._troubles.is_gone(self.accounts[number].creator, self.platform, self.now)

    def _shown(self, numbers: Iterable[int]) -> list[Account]:
        return [self.account(number) for number in numbers if not self.is_gone(number)]

    def creator(self, account: Account) -> Creator:
        return self._population.creators[account.creator]

    # ---- finding
    def by_identity(self, identity: str) -> Account:
        """Raises UnknownAccount, GoneAccount."""
        return self._found(self._by_identity.get(identity), identity)

    def by_handle(self, handle: str) -> Account:
        """Without the @, any case; only the handle of now. Raises UnknownAccount, GoneAccount."""
        wanted = handle.lower()
        first = self._by_handle.get(wanted)
        by_creator = self._registry().by_creator[self.platform]
        others = [by_creator[one] for one in self._troubles.renamed_creators() if one in by_creator]
        for number in [*others, *([] if first is None else [first])]:
            if self.account(number).handle == wanted:
                return self._found(number, handle)
        raise UnknownAccount(handle)

    def search(self, query: str) -> list[Account]:
        """Best first: by topic and name of the creator, in any of the four languages, and by handle."""
        wanted = query.strip().lstrip("@").lower()
        with self._lock:
            by_creator = self._registry().by_creator[self.platform]
            named = [account.number for account in self.here() if wanted and wanted in account.handle]
            ranked = [creator.number for creator in self._economy.search.ranked(query, None, None)]
            topical = [by_creator[creator] for creator in ranked if creator in by_creator]
            return self._shown(dict.fromkeys([*named, *topical]))

    # ---- follows
    def follows(self, account: Account) -> list[Account]:
        """Accounts of creators that this one follows, the newest first."""
        with self._lock:
            return self._shown(self._following.followed(account.number, self.now))

    def followers(self, account: Account) -> list[Account]:
        """Accounts of creators that follow this one, the newest first."""
        with self._lock:
            return self._shown(self._following.followers(account.number, self.now))

    def follower_count(self, account: Account) -> int:
        """Creators and audience together."""
        with self._lock:
            others = self._audience_size(account.number, self.now)
            return others + (len(self.followers(account)) if self._has_follows else 0)

    def followers_at(self, account: Account, positions: Sequence[int]) -> list[Account | Fan]:
        """The followers at these places of the list; creators stand among the others, evenly."""
        creators = self.followers(account)
        with self._lock:
            others = self._audience_size(account.number, self.now)
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
            fan = self._audience.find_fan(actor)
            if self.is_gone(fan.account) or fan.index >= self._audience_size(fan.account, self.now):
                raise UnknownAccount(actor)
            return fan

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
            target = self._posts.target(key)
            return None if target is None or self.is_gone(target.account) else target

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
            return self._shown(liking)[: self.counters(key).likes]

    def _likes(self, key: PostKey, other: int, *, is_mate: bool) -> bool:
        share = LIKED_BY_MATES if is_mate else LIKED_BY_FOLLOWERS
        return chance(share, self._seed, self.platform, "likes", *key, other)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        """Streams; only Twitch shows them."""
        with self._lock:
            return Broadcasts(
                self._seed, self.accounts, self._population, self._start, self._audience_size, self._views_left
            )

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
        return Following(
            self._seed, self.accounts, self._population, self._economy.youtube, self._start, self._companions
        )

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
                catalogue=self._economy.catalogue,
                start=self._start,
                followed=lambda number, at: self._following.followed(number, at),
                audience=self._audience_size,
                companions=self._companions,
            )
        )

    def _companions(self, number: int) -> Collection[int]:
        """Accounts of this one's engagement pod; empty for nearly all."""
        mates = self._troubles.mates(self.accounts[number].creator)
        by_creator = self._registry().by_creator[self.platform]
        return [by_creator[one] for one in mates if one in by_creator]

    def _audience_size(self, number: int, at: datetime) -> int:
        """Followers who are no creators."""
        return int(
            self._audience.size(number, at) * self._troubles.crowd(self.accounts[number].creator, self.platform, at)
        )

    def _views_left(self, number: int, published_at: datetime, at: datetime) -> float:
        return self._troubles.views_left(self.accounts[number].creator, self.platform, published_at, at)

    def _found(self, number: int | None, key: str) -> Account:
        if number is None:
            raise UnknownAccount(key)
        if self.is_gone(number):
            raise GoneAccount(key)
        return self.account(number)


def renamed(handle: str, suffix: str) -> str:
    """A handle with something behind its first part."""
    head, mark, rest = handle.partition(".")
    return f"{head}{suffix}{mark}{rest}"

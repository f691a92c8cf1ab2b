"""Short texts on a platform, drawn in blocks of 120 days when somebody looks: own ones, answers and reposts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sandbox.accounts.identities import seconds_of_status, seconds_of_tid, status_id, tid
from sandbox.accounts.model import Account, Post, PostCounters, PostKey, UnknownPost
from sandbox.economy import texts
from sandbox.economy.creators import Population
from sandbox.economy.growth import GrowthCurve, draw_curves
from sandbox.economy.videos import BLOCK_DAYS, SECONDS_PER_DAY, VideoCatalogue
from sandbox.hashing import chance, generator, pick, unit
from sandbox.model import Creator

OWN, ANSWER, REPOST = 0, 1, 2
ANSWER_SHARE, REPOST_SHARE = 0.14, 0.12
VIDEO_SHARE, MENTION_SHARE, TAG_SHARE = 0.25, 0.2, 0.6
LIKES_PER_FOLLOWER = 0.012
WATCH = "https://www.youtube.com/watch?v={}"


@dataclass(frozen=True, slots=True)
class Block:
    """Entries of one account in one stretch of 120 days, oldest first."""

    seconds: np.ndarray
    """int, seconds since the start of the world, no two alike."""
    kinds: np.ndarray
    curve: GrowthCurve
    """Of the likes."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What posts are drawn from."""

    seed: int
    accounts: list[Account]
    population: Population
    catalogue: VideoCatalogue
    start: datetime
    followed: Callable[[int, datetime], list[int]]
    audience: Callable[[int, datetime], int]
    """Followers of an account at an instant."""
    companions: Callable[[int], Collection[int]]
    """Accounts that this one has agreed with to comment and like (empty for nearly all)."""


class PostCatalogue:
    """Everything about posts is computed; only the drawn blocks are kept."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._in = surroundings
        self._blocks: dict[tuple[int, int], Block] = {}

    # ---- listing
    def keys(self, account: int, now: datetime) -> list[PostKey]:
        """Everything that is out, oldest first."""
        elapsed = self._elapsed(now)
        found = []
        for block in range(self._last_block(elapsed) + 1):
            seconds = self._block(account, block).seconds
            found += [PostKey(account, block, index) for index in np.flatnonzero(seconds <= elapsed).tolist()]
        return found

    def key(self, account: int, identity: str, now: datetime) -> PostKey:
        """The reverse of the identity. UnknownPost: there is none, or it is not out yet."""
        platform = self._in.accounts[account].platform
        read = seconds_of_tid if platform == "bluesky" else seconds_of_status
        seconds = read(identity) - int(self._in.start.timestamp())
        block = 1 + seconds // (BLOCK_DAYS * SECONDS_PER_DAY)
        if not 0 <= block <= self._last_block(self._elapsed(now)) or seconds > self._elapsed(now):
            raise UnknownPost(identity)
        position = int(np.searchsorted(self._block(account, block).seconds, seconds))
        known = self._block(account, block).seconds
        if position >= len(known) or known[position] != seconds:
            raise UnknownPost(identity)
        key = PostKey(account, block, position)
        if self.identity(key) != identity:
            raise UnknownPost(identity)
        return key

    def kind(self, key: PostKey) -> int:
        """`OWN`, `ANSWER` or `REPOST`."""
        return int(self._block(key.account, key.block).kinds[key.position])

    def published_at(self, key: PostKey) -> datetime:
        return self._in.start + timedelta(seconds=int(self._block(key.account, key.block).seconds[key.position]))

    def identity(self, key: PostKey) -> str:
        """Record key on Bluesky, status id on Mastodon."""
        seconds = int(self.published_at(key).timestamp())
        if self._in.accounts[key.account].platform == "bluesky":
            return tid(seconds, key.account)
        return status_id(seconds, key.account)

    # ---- reading
    def target(self, key: PostKey) -> PostKey | None:
        """The post that an answer answers or a repost repeats; None for an own one, or when there is none to be had."""
        if self.kind(key) == OWN:
            return None
        at = self.published_at(key)
        mates = sorted(self._in.companions(key.account))
        among = mates or self._in.followed(key.account, at)
        if not among:
            return None
        other = pick(among, self._in.seed, "target-of", *key, self._in.accounts[key.account].platform)
        earlier = [found for found in self.keys(other, at) if self.kind(found) == OWN]
        return earlier[-1] if earlier else None

    def read(self, key: PostKey) -> Post:
        """The text. A repost reads like the post it repeats."""
        if self.kind(key) == REPOST and (repeated := self.target(key)):
            return self.read(repeated)
        account = self._in.accounts[key.account]
        creator = self._in.population.creators[account.creator]
        identity, at = self.identity(key), self.published_at(key)
        answered = self.target(key)
        mentions = self._mentions(key, at) if answered is None else ()
        text, video = self._text(key, creator, at, mentions)
        tags: tuple[str, ...] = ()
        if answered is None and self._happens(TAG_SHARE, key, "tags"):
            tags = tuple(topic.replace(" ", "").replace("'", "") for topic in creator.topics[:2])
            text += "\n" + " ".join(f"#{tag}" for tag in tags)
        if video:
            text += "\n" + WATCH.format(video)
        return Post(key.account, identity, at, text, tags, mentions, video, answered)

    def counters(self, key: PostKey, now: datetime) -> PostCounters:
        """At `now`; none ever falls."""
        block = self._block(key.account, key.block)
        age = (self._elapsed(now) - int(block.seconds[key.position])) / SECONDS_PER_DAY
        likes = int(block.curve.at(key.position).views(age))
        shares = [unit(self._in.seed, "post", *key, name) for name in ("reposts", "replies", "quotes")]
        reposts, replies, quotes = (
            int(likes * most * draw) for most, draw in zip((0.25, 0.18, 0.04), shares, strict=True)
        )
        return PostCounters(likes, reposts, replies, quotes)

    def _text(self, key: PostKey, creator: Creator, at: datetime, mentions: tuple[int, ...]) -> tuple[str, str]:
        """Text without hashtags, and the video that it announces."""
        if self.kind(key) == OWN and self._happens(VIDEO_SHARE, key, "announces"):
            out = self._in.catalogue.published(creator.number, at)
            if out:
                video = self._in.catalogue.read(out[-1][0], at)
                return video.title, video.video_id
        label = f"{self._in.accounts[key.account].platform} {key.account} {key.block} {key.position}"
        text = texts.video_title(self._in.seed, label, creator.vertical, creator.language, at)
        if mentions:
            handle = self._in.accounts[mentions[0]].handle
            text += "\n" + texts.TOGETHER[creator.language].format(handle=handle)
        return text, ""

    def _mentions(self, key: PostKey, at: datetime) -> tuple[int, ...]:
        if not self._happens(MENTION_SHARE, key, "mentions"):
            return ()
        among = self._in.followed(key.account, at)
        return (pick(among, self._in.seed, "whom", *key),) if among else ()

    def _happens(self, share: float, key: PostKey, purpose: str) -> bool:
        return chance(share, self._in.seed, self._in.accounts[key.account].platform, *key, purpose)

    # ---- drawing
    def _elapsed(self, now: datetime) -> int:
        return int((now - self._in.start).total_seconds())

    @staticmethod
    def _last_block(elapsed: int) -> int:
        return 1 + elapsed // (BLOCK_DAYS * SECONDS_PER_DAY)

    def _block(self, account: int, block: int) -> Block:
        found = self._blocks.get((account, block))
        if found is None:
            found = self._blocks[account, block] = self._draw(account, block)
        return found

    def _draw(self, account: int, block: int) -> Block:
        known, seed = self._in.accounts[account], self._in.seed
        per_week = 1.0 + 6.0 * unit(seed, known.creator, known.platform, "posts-per-week") ** 1.5
        rng = generator(seed, "posts", known.platform, known.creator, block)
        first = (block - 1) * BLOCK_DAYS * SECONDS_PER_DAY
        seconds = first + rng.integers(0, BLOCK_DAYS * SECONDS_PER_DAY, int(rng.poisson(per_week * BLOCK_DAYS / 7)))
        born = int(known.created_at.timestamp() - self._in.start.timestamp())
        seconds = np.unique(seconds[seconds > born])
        answers = 0.45 if self._in.companions(account) else ANSWER_SHARE
        draw = rng.random(len(seconds))
        kinds = np.where(draw < answers, ANSWER, np.where(draw < answers + REPOST_SHARE, REPOST, OWN))
        likes = 1.0 + LIKES_PER_FOLLOWER * self._in.audience(account, self._in.start)
        return Block(seconds, kinds, draw_curves(rng, likes, len(seconds)))

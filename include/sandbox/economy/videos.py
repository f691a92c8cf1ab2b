"""Ordinary videos of all creators, drawn in blocks of 120 days when somebody looks."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sandbox.economy import texts
from sandbox.economy.creators import Population
from sandbox.economy.growth import GrowthCurve, ViewBreak, draw_curves, views_across
from sandbox.economy.verticals import BY_KEY
from sandbox.hashing import chance, generator, number, pick, unit
from sandbox.model import UnknownVideo, Video

BLOCK_DAYS = 120
SECONDS_PER_DAY = 86_400
SPONSORED_BLOCK = 0xFFFF
_MASK = 2**64 - 1
_MULTIPLIER = 0x9E3779B97F4A7C15
_INVERSE = pow(_MULTIPLIER, -1, 2**64)


@dataclass(frozen=True, slots=True)
class Block:
    """Videos of one creator in one stretch of 120 days, oldest first."""

    published_seconds: np.ndarray
    """int, seconds since the start of the world (negative: before)."""
    curve: GrowthCurve
    is_short: np.ndarray


@dataclass(frozen=True, slots=True)
class VideoKey:
    """Where a video stands: creator, block and position in it."""

    creator: int
    block: int
    index: int


class VideoCatalogue:
    """Everything about ordinary videos is computed; only the drawn blocks are kept."""

    def __init__(self, seed: int, population: Population, start: datetime, view_break: ViewBreak | None = None) -> None:
        self._seed, self._population, self._start = seed, population, start
        self._view_break = view_break
        self._whitener = number(seed, "video-id")
        self._blocks: dict[tuple[int, int], Block] = {}

    def video_id(self, key: VideoKey) -> str:
        """Eleven characters, as a 64-bit number in base64."""
        packed = key.creator << 40 | key.block << 24 | key.index
        mixed = ((packed ^ self._whitener) * _MULTIPLIER) & _MASK
        mixed ^= mixed >> 32
        return base64.urlsafe_b64encode(mixed.to_bytes(8, "big")).decode().rstrip("=")

    def key(self, video_id: str) -> VideoKey:
        """The reverse of `video_id`. UnknownVideo: not one of ours."""
        try:
            mixed = int.from_bytes(base64.b64decode(video_id + "=", altchars=b"-_", validate=True), "big")
        except ValueError as error:
            raise UnknownVideo(video_id) from error
        if len(video_id) != 11:
            raise UnknownVideo(video_id)
        mixed ^= mixed >> 32
        packed = ((mixed * _INVERSE) & _MASK) ^ self._whitener
        key = VideoKey(packed >> 40, packed >> 24 & 0xFFFF, packed & 0xFFFFFF)
        if key.creator >= len(self._population.creators) or self.video_id(key) != video_id:
            raise UnknownVideo(video_id)
        return key

    def block(self, creator: int, block: int) -> Block:
        """Draw or recall. Block 0 ends at the start of the world, block 1 begins there."""
        found = self._blocks.get((creator, block))
        if found is None:
            found = self._blocks[creator, block] = self._draw(creator, block)
        return found

    def published(self, creator: int, now: datetime) -> list[tuple[VideoKey, int]]:
        """Keys and publication seconds of what is out, oldest first."""
        elapsed = self._elapsed(now)
        found = []
        for block in range(self._last_block(elapsed) + 1):
            seconds = self.block(creator, block).published_seconds
            found += [(VideoKey(creator, block, i), int(s)) for i, s in enumerate(seconds) if s <= elapsed]
        return found

    def count_and_views(self, creator: int, now: datetime) -> tuple[int, int]:
        """Number of videos that are out, and the sum of their views."""
        elapsed = self._elapsed(now)
        count = views = 0
        for number_of_block in range(self._last_block(elapsed) + 1):
            block = self.block(creator, number_of_block)
            out = block.published_seconds <= elapsed
            count += int(out.sum())
            ages = (elapsed - block.published_seconds) / SECONDS_PER_DAY
            views += int(np.floor(self._counted(block.curve, ages, block.published_seconds))[out].sum())
        return count, views

    def views(self, key: VideoKey, now: datetime) -> int:
        """Views at `now`. UnknownVideo: there is no such video, or it is not out yet."""
        block, position, age_days = self._locate(key, now)
        return int(self._counted(block.curve.at(position), age_days, block.published_seconds[position]))

    def read(self, key: VideoKey, now: datetime) -> Video:
        """The video as people see it. UnknownVideo as for `views`."""
        block, position, _ = self._locate(key, now)
        creator = self._population.creators[key.creator]
        video_id = self.video_id(key)
        published_at = self._start + timedelta(seconds=int(block.published_seconds[position]))
        is_short = bool(block.is_short[position])
        sponsored = chance(0.05, self._seed, video_id, "other-sponsor")
        draw = unit(self._seed, video_id, "duration")
        return Video(
            video_id=video_id,
            channel_id=creator.channel_id,
            title=texts.video_title(self._seed, video_id, creator.vertical, creator.language, published_at),
            description=texts.video_description(
                self._seed,
                video_id,
                creator.language,
                creator.topics,
                self._mentioned(key.creator, video_id),
                sponsored,
            ),
            published_at=published_at,
            updated_at=published_at,
            duration_seconds=int(15 + 44 * draw) if is_short else int(240 + 1500 * draw**2),
            is_short=is_short,
            is_live=False,
            language=creator.language,
            tags=creator.topics,
            category_id=BY_KEY[creator.vertical].category_id,
            declares_paid_promotion=sponsored,
        )

    def _counted(
        self, curve: GrowthCurve, age_days: float | np.ndarray, published_seconds: int | np.ndarray
    ) -> np.ndarray:
        """Views as the platform counts them, its change of definition included where this world has one."""
        if self._view_break is None:
            return curve.views(age_days)
        break_age_days = (self._elapsed(self._view_break.at) - published_seconds) / SECONDS_PER_DAY
        return views_across(curve, age_days, break_age_days, self._view_break.factor)

    def _mentioned(self, creator: int, video_id: str) -> tuple[str, str] | None:
        friends = self._population.friends[creator]
        if not friends or not chance(0.22, self._seed, video_id, "mentions"):
            return None
        friend = self._population.creators[pick(friends, self._seed, video_id, "whom")]
        return friend.name, friend.handle

    def _locate(self, key: VideoKey, now: datetime) -> tuple[Block, int, float]:
        elapsed = self._elapsed(now)
        if key.block > self._last_block(elapsed):
            raise UnknownVideo(self.video_id(key))
        block = self.block(key.creator, key.block)
        if key.index >= len(block.published_seconds) or block.published_seconds[key.index] > elapsed:
            raise UnknownVideo(self.video_id(key))
        return block, key.index, (elapsed - int(block.published_seconds[key.index])) / SECONDS_PER_DAY

    def _elapsed(self, now: datetime) -> int:
        return int((now - self._start).total_seconds())

    @staticmethod
    def _last_block(elapsed: int) -> int:
        return 1 + elapsed // (BLOCK_DAYS * SECONDS_PER_DAY)

    def _draw(self, creator: int, block: int) -> Block:
        traits = self._population.creators[creator].traits
        per_week = 0.5 + 2.6 * unit(self._seed, creator, "videos-per-week") ** 1.6
        rng = generator(self._seed, "videos", creator, block)
        count = int(rng.poisson(per_week * BLOCK_DAYS / 7)) + (1 if block == 0 else 0)
        first = (block - 1) * BLOCK_DAYS * SECONDS_PER_DAY
        seconds = np.unique(first + rng.integers(0, BLOCK_DAYS * SECONDS_PER_DAY, count))
        count = len(seconds)
        return Block(seconds, draw_curves(rng, traits.average_views, count), rng.random(count) < 0.22)

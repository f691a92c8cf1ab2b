"""Live streams, their recordings, what they are about, and teams of streamers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from sandbox.accounts.model import Account, UnknownPost
from sandbox.economy import texts
from sandbox.economy.creators import Population
from sandbox.economy.growth import GrowthCurve, draw_curves
from sandbox.economy.markets import MARKETS
from sandbox.economy.verticals import BY_KEY
from sandbox.economy.videos import BLOCK_DAYS, SECONDS_PER_DAY
from sandbox.hashing import chance, generator, number, pick, unit

KEPT_DAYS = 60
"""How long a recording can be seen."""
CATEGORY_OF_VERTICAL = {
    "android": "Science & Technology",
    "entertainers": "Just Chatting",
    "music": "Music",
    "cooking": "Food & Drink",
    "sport": "Fitness & Health",
    "style": "Makeup, Tattoos, & Body Art",
}
CATEGORIES = tuple(sorted({*BY_KEY["gamers"].things, *CATEGORY_OF_VERTICAL.values()}))
"""Games and other things that people stream; a position here is an id less `FIRST_CATEGORY`."""
FIRST_CATEGORY = 500_001
FIRST_RECORDING = 2_000_000_000
TEAM_SHARE = 0.22
TEAMS_OF_COMMUNITY = 2
VIEWERS_PER_FOLLOWER = 0.012
_POSITIONS, _BLOCKS = 1 << 12, 1 << 8


class BroadcastKey(NamedTuple):
    """Where a stream stands: account, stretch of 120 days, position in it."""

    account: int
    block: int
    position: int


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One stream, live or over."""

    key: BroadcastKey
    title: str
    category: int
    """Position in `CATEGORIES`."""
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """Streamers who show each other."""

    identity: str
    name: str
    shown_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Block:
    seconds: np.ndarray
    """int, start in seconds since the start of the world, oldest first."""
    lengths: np.ndarray
    """int, seconds."""
    curve: GrowthCurve
    """Of the views of the recordings."""


class Broadcasts:
    """Computed; only drawn blocks are kept."""

    def __init__(
        self,
        seed: int,
        accounts: list[Account],
        population: Population,
        start: datetime,
        audience: Callable[[int, datetime], int],
        views_left: Callable[[int, datetime, datetime], float],
    ) -> None:
        self._seed, self._accounts, self._population = seed, accounts, population
        self._start, self._audience, self._views_left = start, audience, views_left
        self._blocks: dict[tuple[int, int], _Block] = {}

    def begun(self, account: int, now: datetime) -> list[BroadcastKey]:
        """Streams that began in the last `KEPT_DAYS` days, the newest first."""
        elapsed = int((now - self._start).total_seconds())
        oldest = elapsed - KEPT_DAYS * SECONDS_PER_DAY
        found = []
        for block in range(2 + elapsed // (BLOCK_DAYS * SECONDS_PER_DAY)):
            seconds = self._block(account, block).seconds
            places = np.flatnonzero((seconds <= elapsed) & (seconds >= oldest)).tolist()
            found += [BroadcastKey(account, block, place) for place in places]
        return found[::-1]

    def read(self, key: BroadcastKey) -> Broadcast:
        block = self._block(key.account, key.block)
        begun = self._start + timedelta(seconds=int(block.seconds[key.position]))
        creator = self._population.creators[self._accounts[key.account].creator]
        if creator.vertical == "gamers":
            category = pick(BY_KEY["gamers"].things, self._seed, "streams", creator.number, key.position // 5)
        else:
            category = CATEGORY_OF_VERTICAL[creator.vertical]
        title = texts.video_title(
            self._seed, f"stream {key.account} {key.block} {key.position}", creator.vertical, creator.language, begun
        )
        ended = begun + timedelta(seconds=int(block.lengths[key.position]))
        return Broadcast(key, title, CATEGORIES.index(category), begun, ended)

    def live(self, account: int, now: datetime) -> Broadcast | None:
        """What is on now."""
        newest = self.begun(account, now)[:1]
        found = self.read(newest[0]) if newest else None
        return found if found and found.ended_at > now else None

    def viewers(self, broadcast: Broadcast, now: datetime) -> int:
        """People who watch now: few at first, then more or fewer."""
        account = broadcast.key.account
        minutes = int((now - broadcast.started_at).total_seconds() // 300)
        level = min(1.0, 0.3 + minutes / 12) * (0.7 + 0.6 * unit(self._seed, "viewers", *broadcast.key, minutes))
        return 1 + int(self._audience(account, now) * VIEWERS_PER_FOLLOWER * level)

    def views(self, key: BroadcastKey, now: datetime) -> int:
        """Views of the recording that are still counted."""
        block = self._block(key.account, key.block)
        age = (now - self._start).total_seconds() - float(block.seconds[key.position])
        begun = self._start + timedelta(seconds=int(block.seconds[key.position]))
        left = self._views_left(key.account, begun, now)
        return int(block.curve.at(key.position).views(age / SECONDS_PER_DAY) * left)

    def team(self, account: int) -> Team | None:
        """The team of an account; most have none."""
        creator = self._population.creators[self._accounts[account].creator]
        if not chance(TEAM_SHARE, self._seed, creator.number, "in-a-team"):
            return None
        community = int(self._population.community[creator.number])
        place = number(self._seed, creator.number, "which-team") % TEAMS_OF_COMMUNITY
        thing = pick(BY_KEY[creator.vertical].things, self._seed, "team", community, place)
        name = f"{''.join(letter for letter in thing.lower() if letter.isalnum())}{creator.market.lower()}{place}"
        age = timedelta(days=400 + 300 * place)
        return Team(str(7000 + community * TEAMS_OF_COMMUNITY + place), name, f"Team {thing}", self._start - age)

    # ---- ids
    @staticmethod
    def recording_id(key: BroadcastKey) -> str:
        return str(FIRST_RECORDING + (key.account * _BLOCKS + key.block) * _POSITIONS + key.position)

    def find(self, recording: str, now: datetime) -> BroadcastKey:
        """UnknownPost: no such recording, or it is over or still to come."""
        if not (recording.isascii() and recording.isdigit() and len(recording) < 16):
            raise UnknownPost(recording)
        rest, position = divmod(int(recording) - FIRST_RECORDING, _POSITIONS)
        account, block = divmod(rest, _BLOCKS)
        if not 0 <= account < len(self._accounts):
            raise UnknownPost(recording)
        key = BroadcastKey(account, block, position)
        if key not in self.begun(account, now):
            raise UnknownPost(recording)
        return key

    # ---- drawing
    def _block(self, account: int, block: int) -> _Block:
        if (account, block) not in self._blocks:
            self._blocks[account, block] = self._draw(account, block)
        return self._blocks[account, block]

    def _draw(self, account: int, block: int) -> _Block:
        creator = self._population.creators[self._accounts[account].creator]
        rng = generator(self._seed, "streams", creator.number, block)
        per_week = 0.5 + 4.5 * unit(self._seed, creator.number, "streams-per-week") ** 1.3
        first = (block - 1) * BLOCK_DAYS
        days = first + np.flatnonzero(rng.random(BLOCK_DAYS) < per_week / 7)
        evening = MARKETS[creator.market].evening_utc * 3600 - 5400 - self._start.hour * 3600
        seconds = days * SECONDS_PER_DAY + evening + rng.integers(-3600, 5400, len(days))
        lengths = rng.integers(3600, 18_000, len(days))
        views = 1 + 0.08 * self._audience(account, self._start)
        return _Block(seconds, lengths, draw_curves(rng, views, len(days)))

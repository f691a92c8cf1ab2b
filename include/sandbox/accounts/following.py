"""Who follows whom on a platform: whom one follows on YouTube, again, and others met there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sandbox.accounts.model import Account
from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.economy.markets import MARKETS
from sandbox.hashing import generator

KEPT_FROM_YOUTUBE = 0.55
"""Chance that somebody followed on YouTube is followed here, too."""
MEAN_OTHERS = {"bluesky": 14.0, "mastodon": 7.0}
MOST_OTHERS = 80
KEPT_AT_HOME = 0.75
FUTURE_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Followed:
    """Account numbers that one account follows, with the second since the start at which each began."""

    targets: np.ndarray
    since_seconds: np.ndarray

    def at(self, seconds: float) -> np.ndarray:
        """Account numbers followed by then, the newest first."""
        begun = self.since_seconds <= seconds
        order = np.lexsort((self.targets[begun], -self.since_seconds[begun]))
        return np.asarray(self.targets[begun][order])


class Following:
    """All follows between accounts of one platform; drawn at once, when first asked for."""

    def __init__(
        self, seed: int, accounts: list[Account], population: Population, youtube: FollowGraph, start: datetime
    ) -> None:
        self._seed, self._accounts, self._population = seed, accounts, population
        self._youtube, self._start = youtube, start
        self._creators = np.array([account.creator for account in accounts], dtype=np.int64)
        self._number_of = np.full(len(population.creators), -1, dtype=np.int64)
        self._number_of[self._creators] = np.arange(len(accounts))
        self._community = population.community[self._creators]
        self._influence = population.influence[self._creators]
        self._followed = [self._draw(account) for account in accounts]
        self._followers: list[list[tuple[int, int]]] = [[] for _ in accounts]
        for source, followed in enumerate(self._followed):
            for target, since in zip(followed.targets, followed.since_seconds, strict=True):
                self._followers[int(target)].append((int(since), source))

    def followed(self, number: int, now: datetime) -> list[int]:
        """Account numbers followed by now, the newest first."""
        return [int(target) for target in self._followed[number].at(self._seconds(now))]

    def followers(self, number: int, now: datetime) -> list[int]:
        """Account numbers of creators who follow by now, the newest first."""
        seconds = self._seconds(now)
        return [source for since, source in sorted(self._followers[number], reverse=True) if since <= seconds]

    def edges(self) -> list[tuple[int, int, datetime]]:
        """Everything, beginnings in the future included."""
        return [
            (source, int(target), self._start + timedelta(seconds=int(since)))
            for source, followed in enumerate(self._followed)
            for target, since in zip(followed.targets, followed.since_seconds, strict=True)
        ]

    def _seconds(self, now: datetime) -> float:
        return (now - self._start).total_seconds()

    def _draw(self, account: Account) -> Followed:
        rng = generator(self._seed, "follows-on", account.platform, account.creator)
        known = self._number_of[self._youtube.follows(account.creator).targets]
        known = known[known >= 0]
        chosen = [known[rng.random(len(known)) < KEPT_FROM_YOUTUBE]]
        mean = MEAN_OTHERS[account.platform]
        wanted = min(MOST_OTHERS, rng.lognormal(np.log(mean) - 0.25, 0.8))
        community = self._community[account.number]
        markets = len(MARKETS)
        groups = (
            (self._community == community, KEPT_AT_HOME),
            (self._community // markets == community // markets, (1 - KEPT_AT_HOME) * 0.4),
            (self._community % markets == community % markets, (1 - KEPT_AT_HOME) * 0.4),
            (self._community >= 0, (1 - KEPT_AT_HOME) * 0.2),
        )
        for mask, share in groups:
            chosen.append(self._sample(rng, np.flatnonzero(mask), int(wanted * share + rng.random())))
        targets = np.unique(np.concatenate(chosen))
        targets = targets[targets != account.number]
        return Followed(targets, self._since(rng, account, targets))

    def _since(self, rng: np.random.Generator, account: Account, targets: np.ndarray) -> np.ndarray:
        """Not before both accounts were there; a few begin only later."""
        born = np.array([self._accounts[int(target)].created_at.timestamp() for target in targets])
        oldest = np.maximum(born, account.created_at.timestamp()) - self._start.timestamp()
        since = oldest * (1 - rng.random(len(targets)))
        future = rng.random(len(targets)) < FUTURE_SHARE
        return np.where(future, rng.random(len(targets)) * 60 * 86_400, since).astype(np.int64)

    def _sample(self, rng: np.random.Generator, members: np.ndarray, size: int) -> np.ndarray:
        """Without replacement, by influence: the largest keys of an exponential race."""
        size = min(size, len(members) - 1)
        if size <= 0:
            return np.empty(0, dtype=np.int64)
        race = rng.standard_exponential(len(members)) / self._influence[members]
        return members[np.argpartition(race, size - 1)[:size]]

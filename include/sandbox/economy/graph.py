"""Who follows whom: a stochastic block model with hubs that attract and bridges that reach out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sandbox.economy.creators import Population
from sandbox.economy.markets import MARKETS
from sandbox.economy.shape import USUAL, Shape
from sandbox.hashing import generator

MOST_FOLLOWS = 160
SAME_VERTICAL, SAME_LANGUAGE, ANYWHERE = 0.4, 0.4, 0.2
"""How the follows that leave the own community are divided."""
FUTURE_SHARE = 0.06
"""Share of the follows that begin only after the start of the world."""


@dataclass(frozen=True, slots=True)
class Follows:
    """Targets (creator numbers) of one creator with the second since the start at which each began."""

    targets: np.ndarray
    since_seconds: np.ndarray


class FollowGraph:
    """Drawn creator by creator when asked for, always the same."""

    def __init__(self, seed: int, population: Population, start: datetime, shape: Shape = USUAL) -> None:
        self._seed, self._population, self._start, self._shape = seed, population, start, shape
        community, markets = population.community, len(MARKETS)
        keys = range(len(population.community_keys))
        self._home = {key: np.flatnonzero(community == key) for key in keys}
        self._vertical = {key: np.flatnonzero(community // markets == key // markets) for key in keys}
        self._language = {key: np.flatnonzero(community % markets == key % markets) for key in keys}
        self._everybody = np.arange(len(community))
        self._cache: dict[int, Follows] = {}

    def follows(self, number: int) -> Follows:
        """Everything the creator will ever follow, beginnings in the future included."""
        if number not in self._cache:
            self._cache[number] = self._draw(number)
        return self._cache[number]

    def since(self, follows: Follows, position: int) -> datetime:
        return self._start + timedelta(seconds=int(follows.since_seconds[position]))

    def _draw(self, number: int) -> Follows:
        population = self._population
        creator = population.creators[number]
        key = int(population.community[number])
        rng = generator(self._seed, "follows", number)
        wanted = int(min(MOST_FOLLOWS, 2 + rng.lognormal(np.log(self._shape.mean_follows) - 0.25, 0.7)))
        at_home = self._shape.bridge_kept_at_home if creator.traits.is_bridge else self._shape.kept_at_home
        away = wanted * (1 - at_home)
        groups = (
            (self._home[key], wanted * at_home),
            (self._vertical[key], away * SAME_VERTICAL),
            (self._language[key], away * SAME_LANGUAGE),
            (self._everybody, away * ANYWHERE),
        )
        chosen = [np.array(population.friends[number][:2], dtype=np.int64)]
        chosen += [self._sample(rng, members, int(share + rng.random())) for members, share in groups]
        targets = np.unique(np.concatenate(chosen))
        targets = targets[targets != number]
        born = np.array([population.creators[target].created_at.timestamp() for target in targets])
        oldest = np.maximum(born, creator.created_at.timestamp()) - self._start.timestamp()
        since = oldest * (1 - rng.random(len(targets)))
        future = rng.random(len(targets)) < FUTURE_SHARE
        since = np.where(future, rng.random(len(targets)) * 60 * 86_400, since)
        return Follows(targets, since.astype(np.int64))

    def _sample(self, rng: np.random.Generator, members: np.ndarray, size: int) -> np.ndarray:
        """Without replacement, by influence: the largest keys of an exponential race."""
        size = min(size, len(members) - 1)
        if size <= 0:
            return np.empty(0, dtype=np.int64)
        race = rng.standard_exponential(len(members)) / self._population.influence[members]
        return members[np.argpartition(race, size - 1)[:size]]

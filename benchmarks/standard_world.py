"""The frozen synthetic world that the figures of the graph are measured on, its truth included.

`benchmarks/worlds/standard.json` holds seed and parameters of the sandbox's own generator; nothing else makes it. What
a crawl could see stands beside what is true: the lists of creators who hide whom they follow are missing from
`observed`. The generator draws from wide groups (the vertical, the language, everybody) that contain the own community
too, so its parameters were set such that the follows that really leave it are the share in `stands_for`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.economy.creators import Population, populate
from sandbox.economy.graph import FollowGraph
from sandbox.economy.shape import Shape

STANDARD = Path(__file__).parent / "worlds" / "standard.json"

IntArray = npt.NDArray[np.int64]


class Edges(NamedTuple):
    """`source[i]` follows `target[i]`; numbers of creators, sorted by source, then target."""

    source: IntArray
    target: IntArray


@dataclass(frozen=True, eq=False)
class StandardWorld:
    """n creators at the first instant of the world; a creator's number is its place in every list and array.

    Attributes:
        parameters: what the file said.
        nodes: channel ids.
        titles, texts: channel titles; descriptions as the channel page shows them.
        topics: Wikipedia addresses, as the platform lists them; the same in every language.
        keywords: words of the trade in the creator's language.
        language, country: true language; country as the channel shows it, None when it does not tell.
        edges: every follow there is.
        observed: the follows of the creators whose list is open.
        hidden: (n,) whether the creator hides whom it follows.
        community: (n,) true community, index into `community_names`.
        community_names: `vertical:language`.
        influence: (n,) > 0, how strongly a creator attracts followers.
        subscribers: (n,) people.
    """

    parameters: dict[str, Any]
    nodes: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    topics: tuple[tuple[str, ...], ...]
    keywords: tuple[tuple[str, ...], ...]
    language: tuple[str, ...]
    country: tuple[str | None, ...]
    edges: Edges
    observed: Edges
    hidden: npt.NDArray[np.bool_]
    community: IntArray
    community_names: tuple[str, ...]
    influence: npt.NDArray[np.float64]
    subscribers: npt.NDArray[np.float64]

    @property
    def mixing(self) -> float:
        """Share of all follows that leave the follower's own community."""
        return float((self.community[self.edges.source] != self.community[self.edges.target]).mean())


def load(path: Path = STANDARD, *, seed: int | None = None) -> StandardWorld:
    """Build the world of a parameter file; always the same for the same file and seed.

    Args:
        path: parameters.
        seed: another world of the same kind, to see that a figure does not hang on one draw; None takes the file's.
    """
    parameters = json.loads(path.read_text(encoding="utf-8"))
    parameters["seed"] = parameters["seed"] if seed is None else seed
    shape = Shape(**(parameters["shape"] | {"vertical_keys": tuple(parameters["shape"]["vertical_keys"])}))
    start = datetime.fromisoformat(parameters["start"])
    population = populate(parameters["seed"], parameters["creators"], start, shape)
    edges = _follows_at_start(population, FollowGraph(parameters["seed"], population, start, shape))
    creators = population.creators
    hidden = np.array([creator.subscriptions_hidden for creator in creators], dtype=bool)
    is_open = ~hidden[edges.source]
    return StandardWorld(
        parameters=parameters,
        nodes=tuple(creator.channel_id for creator in creators),
        titles=tuple(creator.name for creator in creators),
        texts=tuple(creator.description for creator in creators),
        topics=tuple(creator.topic_categories for creator in creators),
        keywords=tuple(creator.topics for creator in creators),
        language=tuple(creator.language for creator in creators),
        country=tuple(creator.country for creator in creators),
        edges=edges,
        observed=Edges(edges.source[is_open], edges.target[is_open]),
        hidden=hidden,
        community=population.community.astype(np.int64),
        community_names=tuple(population.community_keys),
        influence=population.influence.astype(np.float64),
        subscribers=population.subscribers_at_start.astype(np.float64),
    )


def _follows_at_start(population: Population, graph: FollowGraph) -> Edges:
    sources, targets = [], []
    for creator in population.creators:
        follows = graph.follows(creator.number)
        begun = np.sort(follows.targets[follows.since_seconds <= 0])
        sources.append(np.full(len(begun), creator.number, dtype=np.int64))
        targets.append(begun.astype(np.int64))
    return Edges(np.concatenate(sources), np.concatenate(targets))

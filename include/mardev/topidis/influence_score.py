"""One influence score a person can read, with the parts it is made of."""

from dataclasses import dataclass

import numpy as np

from mardev.topidis.centrality import betweenness, bridging, core_numbers, hits
from mardev.topidis.flow import flow_of
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray


@dataclass(frozen=True)
class PartKind:
    """One part of the score: how people read it, what it is, and how much it counts."""

    key: str
    words: str
    share: float


PARTS: tuple[PartKind, ...] = (
    PartKind("endorsed", "endorsed by channels that count themselves (PageRank)", 0.40),
    PartKind("authority", "followed by those who follow the right ones (HITS)", 0.15),
    PartKind("core", "in the thick of a well-connected group (k-core)", 0.15),
    PartKind("go_between", "on the short ways between others (betweenness)", 0.15),
    PartKind("bridge", "endorsed from several verticals (bridging)", 0.15),
)
"""Shares sum to 1. They are a convention of ours, stored with each graph run, and change nothing about the rank."""


@dataclass(frozen=True, eq=False)
class InfluenceScore:
    """The score of each of n channels.

    Attributes
    ----------
    score : (n,) 0 to 100, the parts weighted by their shares
    parts : key of the part to (n,) 0 to 100, the share of channels that it is better than
    """

    score: FloatArray
    parts: dict[str, FloatArray]


def influence_score(graph: FollowGraph, influence: FloatArray, labels: IntArray, *, seed: int) -> InfluenceScore:
    """Score each channel from 0 to 100.

    Parameters
    ----------
    graph : n nodes
    influence : (n,) PageRank, or a better estimate of it
    labels : (n,) community of each node, 0-based
    seed : for sampled betweenness

    Returns
    -------
    InfluenceScore
        Parts are percentiles, so that each reads alike ("better than 93 of 100") and no part drowns the others.

    Examples
    --------
    >>> graph = FollowGraph.from_edges("abc", [("a", "c"), ("b", "c")])
    >>> result = influence_score(graph, np.array([0.2, 0.2, 0.6]), np.zeros(3, dtype=np.int64), seed=1)
    >>> result.parts["endorsed"].round(1).tolist()
    [33.3, 33.3, 83.3]
    """
    flow = flow_of(graph.source, graph.target, graph.node_count, graph.weight_if_any)
    figures = {
        "endorsed": influence,
        "authority": hits(flow)[1],
        "core": core_numbers(graph).astype(np.float64),
        "go_between": betweenness(graph, seed=seed),
        "bridge": bridging(graph, labels),
    }
    parts = {key: percentiles(figure) for key, figure in figures.items()}
    score = sum((part.share * parts[part.key] for part in PARTS), np.zeros(graph.node_count))
    return InfluenceScore(score, parts)


def percentiles(figure: FloatArray) -> FloatArray:
    """(n,) 0 to 100: share of all that have less, and half of those that have the same (itself among them).

    Nobody has anything where the figure is 0, so that is 0 and not a shared middle place.

    Examples
    --------
    >>> percentiles(np.array([0.0, 0.0, 3.0, 8.0])).tolist()
    [0.0, 0.0, 62.5, 87.5]
    """
    if len(figure) == 0:
        return np.zeros(0)
    ordered = np.sort(figure)
    below, upto = np.searchsorted(ordered, figure, "left"), np.searchsorted(ordered, figure, "right")
    return np.where(figure > 0, 100.0 * (below + upto) / 2 / len(figure), 0.0)

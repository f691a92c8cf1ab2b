"""Whether the ranking would have come out alike had the crawl seen less."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mardev.topidis.graph import FollowGraph
from mardev.topidis.rank_intervals import RankIntervals, separable_pairs

DELETED_SHARE = 0.2
UPPER_SHARE = 0.1


@dataclass(frozen=True)
class RankStability:
    """The ranking of a graph against the ranking of the same graph with fewer edges; shares in [0, 1].

    Attributes
    ----------
    deleted_share : of the edges
    flipped_share : of the pairs that were said to be separable, those whose order turned round
    upper_kept_share : of the best tenth, those that are still in it
    correlation : of the two rankings (Spearman), in [-1, 1]
    """

    deleted_share: float
    flipped_share: float
    upper_kept_share: float
    correlation: float


def rank_stability(
    graph: FollowGraph,
    intervals: RankIntervals,
    rank_again: Callable[[FollowGraph], RankIntervals],
    *,
    seed: int,
    deleted_share: float = DELETED_SHARE,
) -> RankStability:
    """Delete edges at random, rank again, compare.

    Parameters
    ----------
    graph : n nodes; what was seen
    intervals : of `graph`
    rank_again : the same ranking for a graph of the same nodes with fewer edges
    seed : which edges are deleted
    deleted_share : in (0, 1)

    Raises
    ------
    ValueError
        `deleted_share` is outside (0, 1).
    """
    if not 0 < deleted_share < 1:
        raise ValueError(f"deleted_share is {deleted_share}, expected 0 < deleted_share < 1")
    n = graph.node_count
    if n < 2:
        return RankStability(deleted_share, 0.0, 1.0, 1.0)
    kept = np.random.default_rng(seed).random(graph.edge_count) >= deleted_share
    thinned = FollowGraph(graph.nodes, graph.source[kept], graph.target[kept], graph.weight[kept])
    again = rank_again(thinned).rank
    first, second, is_separable = separable_pairs(intervals, seed=seed)
    flipped = (again[first] > again[second])[is_separable]
    upper = max(round(n * UPPER_SHARE), 1)
    return RankStability(
        deleted_share,
        float(flipped.mean()) if len(flipped) else 0.0,
        float((again[intervals.rank <= upper] <= upper).mean()),
        float(np.corrcoef(intervals.rank, again)[0, 1]),
    )

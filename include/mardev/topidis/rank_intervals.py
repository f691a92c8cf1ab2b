"""How sure a rank is: an interval for each, and which pairs cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mardev.topidis.flow import flow_of
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray
from mardev.topidis.hidden_lists import BoolArray, HiddenLists
from mardev.topidis.influence import pagerank, rank_numbers

LEVEL = 0.9
REPLICATES = 200
REPLICATE_TOLERANCE = 1e-6
SCORE_TYPE = np.float32


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Ranks of n channels in B possible complete graphs.

    Attributes
    ----------
    scores : (B, n) influence in each of them
    level : share of the possible graphs that an interval covers, in (0, 1)
    is_unknown : every list is hidden, so nothing tells what is missing: intervals are the whole ranking
    """

    scores: npt.NDArray[np.float32]
    level: float
    is_unknown: bool = False

    @cached_property
    def influence(self) -> FloatArray:
        """(n,) mean influence over the possible graphs, sum 1: the estimate, free of the advantage of open lists."""
        mean = self.scores.mean(axis=0, dtype=np.float64)
        return np.asarray(mean / mean.sum() if len(mean) else mean, dtype=np.float64)

    @cached_property
    def rank(self) -> IntArray:
        """(n,) place by `influence`, 1 for the most influential."""
        return rank_numbers(self.influence)

    @cached_property
    def bounds(self) -> tuple[IntArray, IntArray]:
        """(n,) best and (n,) worst place of each channel's interval; `rank` lies inside, equal scores share places."""
        return self._bounds_among(self.scores, self.rank)

    def among(self, members: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Place, best and worst place of each of the k `members` (node ids) among themselves, in their order."""
        rank = rank_numbers(self.influence[members])
        return rank, *self._bounds_among(self.scores[:, members], rank)

    def order_probability(self, first: int | IntArray, second: int | IntArray) -> FloatArray:
        """Share of the possible graphs in which `first` has more influence than `second` (node ids; equal counts half).

        The two are compared inside each graph, so that what moves both alike does not blur the comparison.
        """
        difference = self.scores[:, first] - self.scores[:, second]
        return np.asarray((np.sign(difference).mean(axis=0) + 1) / 2, dtype=np.float64)

    def separable(self, first: int | IntArray, second: int | IntArray) -> BoolArray:
        """Whether the pair has the same order in at least a share `level` of the possible graphs."""
        probability = self.order_probability(first, second)
        return np.asarray((np.maximum(probability, 1 - probability) >= self.level) & (not self.is_unknown))

    def _bounds_among(self, scores: npt.NDArray[np.float32], rank: IntArray) -> tuple[IntArray, IntArray]:
        count = scores.shape[1]
        if count == 0 or self.is_unknown:
            return np.minimum(rank, 1), np.maximum(rank, count)
        best_places, worst_places = np.empty(scores.shape, dtype=np.int32), np.empty(scores.shape, dtype=np.int32)
        for row, best_place, worst_place in zip(scores, best_places, worst_places, strict=True):
            rising = np.sort(row)
            best_place[:] = count - np.searchsorted(rising, row, side="right") + 1
            worst_place[:] = count - np.searchsorted(rising, row, side="left")
        outside = (1 - self.level) / 2
        best, worst = np.quantile(best_places, outside, axis=0), np.quantile(worst_places, 1 - outside, axis=0)
        return (
            np.minimum(np.floor(best).astype(np.int64), rank),
            np.maximum(np.ceil(worst).astype(np.int64), rank),
        )


def rank_intervals(
    graph: FollowGraph,
    hidden: BoolArray,
    partitions: Sequence[IntArray],
    *,
    seed: int,
    replicates: int = REPLICATES,
    level: float = LEVEL,
    unseen_share: float = 0.0,
    damping: float = 0.85,
    follow_weight: float = 1.0,
) -> RankIntervals:
    """Rank with intervals, by filling in again and again what hidden lists may hold.

    Parameters
    ----------
    graph : n nodes, m edges; what was seen
    hidden : (n,) whether the channel hides whom it follows
    partitions : one or more (n,) community labels, such as those of several seeds; they take turns
    seed : the same seed gives the same intervals
    replicates : B >= 1 possible graphs
    level : share in (0, 1) of the possible graphs that an interval covers
    unseen_share : in [0, 1), share of the follows of open lists that the crawl is assumed to have missed
    damping : of PageRank
    follow_weight : > 0, weight of a filled-in follow

    Returns
    -------
    RankIntervals

    Raises
    ------
    ValueError
        A parameter outside its range, or no partition.

    Notes
    -----
    Multiple imputation [1]_: what was seen is kept, what was not is drawn from its posterior (`HiddenLists`), so the
    spread of the replicates is the uncertainty about the complete graph. A bootstrap that draws the seen edges
    with replacement answers another question and stays biased by which lists are open. With nothing
    hidden and `unseen_share` 0 nothing is uncertain, and every interval is one place wide. O(B * (m + n)).

    References
    ----------
    .. [1] Rubin, "Multiple Imputation for Nonresponse in Surveys", Wiley 1987. doi:10.1002/9780470316696
    """
    if replicates < 1 or not 0 < level < 1 or not follow_weight > 0:
        raise ValueError(f"replicates {replicates}, level {level}, follow_weight {follow_weight}: outside their ranges")
    if not partitions:
        raise ValueError("At least one partition into communities is needed")
    n = graph.node_count
    begin = pagerank(flow_of(graph.source, graph.target, n, graph.weight_if_any), damping=damping)
    if hidden.all() or (unseen_share == 0 and not hidden.any()) or not graph.edge_count:
        return RankIntervals(begin[None, :].astype(SCORE_TYPE), level, is_unknown=n > 0 and bool(hidden.all()))
    models = [HiddenLists(graph, hidden, labels, unseen_share=unseen_share) for labels in partitions]
    random = np.random.default_rng(seed)
    scores = np.empty((replicates, n), dtype=SCORE_TYPE)
    for number in range(replicates):
        source, target = models[number % len(models)].draw(random)
        flow = flow_of(
            np.concatenate([graph.source, source]),
            np.concatenate([graph.target, target]),
            n,
            np.concatenate([graph.weight, np.full(len(source), follow_weight)]),
        )
        scores[number] = pagerank(flow, damping=damping, tolerance=REPLICATE_TOLERANCE, begin=begin)
    return RankIntervals(scores, level)


def separable_pairs(
    intervals: RankIntervals, *, seed: int = 0, most_pairs: int = 200_000
) -> tuple[IntArray, IntArray, BoolArray]:
    """Pairs of channels and whether they can be told apart.

    Parameters
    ----------
    intervals : of n channels
    seed, most_pairs : with more pairs than `most_pairs`, so many of them are drawn

    Returns
    -------
    first, second : (k,) node ids, `first` ranked above `second`
    is_separable : (k,)
    """
    n = len(intervals.rank)
    if n * (n - 1) // 2 <= most_pairs:
        first, second = (side.astype(np.int64) for side in np.triu_indices(n, 1))
    else:
        random = np.random.default_rng(seed)
        first = random.integers(0, n, most_pairs)
        second = (first + random.integers(1, n, most_pairs)) % n
    swap = intervals.rank[first] > intervals.rank[second]
    first, second = np.where(swap, second, first), np.where(swap, first, second)
    chunks = [
        intervals.separable(first[at : at + 50_000], second[at : at + 50_000]) for at in range(0, len(first), 50_000)
    ]
    return first, second, np.concatenate(chunks) if chunks else np.zeros(0, dtype=bool)

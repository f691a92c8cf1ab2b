"""Verticals: communities found from who endorses whom and from what they say, with how stable each one is."""

from dataclasses import dataclass

import numpy as np

from mardev.topidis.agreement import overlap
from mardev.topidis.block_model import BlockModel, Fit
from mardev.topidis.content import ContentEvidence
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray
from mardev.topidis.labels import VerticalLabel, label_communities
from mardev.topidis.leiden import CommunityResult, find_communities, leiden, modularity_of, numbered_by_size

__all__ = [
    "CommunityResult", "VerticalLabel", "VerticalResult", "find_communities", "find_verticals", "label_communities",
    "modularity_of", "plain_leiden",
]  # fmt: skip

RESOLUTIONS = (1.0, 1.5, 2.0, 3.0, 5.0)
NEARLY_BEST = 0.97
"""Partitions with at least this part of the highest modularity are alike to modularity; the shortest told wins."""
SEEDS = 5
STABLE = 0.75
DISSOLVED = 0.5
"""Hennig's bounds: at least 0.75 is a stable cluster, below 0.5 one that dissolves."""
LARGEST_TABLE = 20_000_000
"""Channels times communities; above it the block model is left out, for its tables would not fit in memory."""


@dataclass(frozen=True, eq=False)
class VerticalResult:
    """Which vertical each channel belongs to.

    Attributes
    ----------
    labels : (n,) community number, 0 for the largest, then by falling size
    stability : (c,) in [0, 1], mean best Jaccard index of each community with those of other seeds; 0.75 and more is
        stable, below 0.5 it dissolves
    modularity : of this partition of the undirected follow graph at resolution 1
    unknown : number of the community that gathers channels without any edge or content; None when there is none
    resolution : of the Leiden method it started from
    is_refined : False when the graph was too large for the block model
    """

    labels: IntArray
    stability: FloatArray
    modularity: float
    unknown: int | None
    resolution: float
    is_refined: bool

    @property
    def community_count(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0


def find_verticals(
    graph: FollowGraph, content: ContentEvidence | None = None, *, seed: int, seeds: int = SEEDS
) -> VerticalResult:
    """Communities that fit both the follows and what their members say.

    Parameters
    ----------
    graph : n nodes
    content : what the channels say (`content_evidence`); None for the graph alone
    seed : the same seed gives the same verticals
    seeds : how many more runs the stability is taken over, >= 1

    Returns
    -------
    VerticalResult
        One community when the evidence does not bear more. Channels without edges go where their content fits; those
        without either share the last community, which has stability 0.

    Raises
    ------
    ValueError
        `content` is not of n channels, or `seeds` is below 1.

    Notes
    -----
    Leiden at five resolutions on the follow graph with the content hung on as nodes of its own; each result is merged
    and refined by `BlockModel`. Modularity hardly tells good partitions apart [1]_, so among those within 3 % of the
    best one (and a single community) the one with the shortest description is taken. Stability is Hennig's [2]_, over
    seeds. Above 20 million channels times communities it is Leiden at resolution 1 alone, once more for stability.

    References
    ----------
    .. [1] Good, de Montjoye, Clauset, "Performance of modularity maximization in practical contexts", Physical Review
       E 81, 2010. doi:10.1103/PhysRevE.81.046106
    .. [2] Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52, 2007.
       doi:10.1016/j.csda.2006.11.025

    Examples
    --------
    >>> nobody = find_verticals(FollowGraph.from_edges([], []), seed=1)
    >>> nobody.community_count, nobody.unknown
    (0, None)
    """
    if content is not None and content.counts.shape[0] != graph.node_count:
        raise ValueError(f"content is of {content.counts.shape[0]} channels, the graph has {graph.node_count}")
    if seeds < 1:
        raise ValueError(f"seeds is {seeds}, expected >= 1")
    search = _Search(graph, content)
    if not search.is_known.any():
        labels = np.zeros(graph.node_count, dtype=np.int64)
        return VerticalResult(labels, np.zeros(min(graph.node_count, 1)), 0.0, 0 if len(labels) else None, 1.0, True)
    resolution, found = search.best(seed)
    others = [search.partition(resolution, seed + turn) for turn in range(1, seeds + 1 if search.is_refined else 2)]
    labels = numbered_by_size(found, search.is_known)
    stability = np.mean([overlap(labels, other).max(axis=1) for other in others], axis=0)
    unknown = int(labels.max()) if not search.is_known.all() else None
    if unknown is not None:
        stability[unknown] = 0.0
    return VerticalResult(labels, stability, search.modularity(labels), unknown, resolution, search.is_refined)


def plain_leiden(
    graph: FollowGraph, content: ContentEvidence | None = None, *, seed: int, resolution: float = 1.0
) -> IntArray:
    """(n,) communities by Leiden alone on the same evidence, for comparison; parameters as `find_verticals`."""
    return _compact(_Search(graph, content).leiden(resolution, seed))


class _Search:
    """The same graph and content, divided again and again."""

    def __init__(self, graph: FollowGraph, content: ContentEvidence | None) -> None:
        self._n = graph.node_count
        self._follows = graph.undirected()
        self._edges = self._with_content(content)
        self._model = BlockModel(graph, content.counts if content is not None else None)
        low, high, _ = self._edges
        self.is_known = np.zeros(self._n, dtype=bool)
        self.is_known[low] = True
        self.is_known[high[high < self._n]] = True
        self.is_refined = True

    def leiden(self, resolution: float, seed: int) -> IntArray:
        low, high, weight = self._edges
        size = int(max(self._n, high.max() + 1)) if len(high) else self._n
        return leiden(size, low, high, weight, seed=seed, resolution=resolution)[: self._n]

    def best(self, seed: int) -> tuple[float, IntArray]:
        """Resolution and partition."""
        first = _compact(self.leiden(RESOLUTIONS[0], seed))
        known_count = len(np.unique(first[self.is_known]))
        if self._n * known_count > LARGEST_TABLE:
            self.is_refined = False
            return RESOLUTIONS[0], first
        fits = [(resolution, self._fitted(resolution, seed)) for resolution in RESOLUTIONS]
        modularity = [self.modularity(fit.labels) for _, fit in fits]
        least = NEARLY_BEST * max(modularity)
        alike = [offer for offer, reached in zip(fits, modularity, strict=True) if reached >= least]
        one = np.zeros(self._n, dtype=np.int64)
        alike.append((RESOLUTIONS[0], Fit(one, self._model.description_length(one))))
        resolution, fit = min(alike, key=lambda offer: offer[1].description_length)
        return resolution, fit.labels

    def partition(self, resolution: float, seed: int) -> IntArray:
        return self._fitted(resolution, seed).labels if self.is_refined else _compact(self.leiden(resolution, seed))

    def modularity(self, labels: IntArray) -> float:
        return modularity_of(*self._follows, labels)

    def _fitted(self, resolution: float, seed: int) -> Fit:
        # Merged first: what is over-divided costs the square of its number to refine.
        labels = _gathered(self.leiden(resolution, seed), self.is_known)
        for _ in range(2):
            merged = self._model.merged(Fit(labels, self._model.description_length(labels)))
            fit = self._model.refined(merged.labels, seed=seed)
            labels = fit.labels
        return fit

    def _with_content(self, content: ContentEvidence | None) -> tuple[IntArray, IntArray, FloatArray]:
        """The follow graph with a node for each feature, tied to who shows it; both kinds weigh alike in sum."""
        low, high, weight = self._follows
        if content is None or not content.counts.nnz:
            return low, high, weight
        shown = content.counts.tocoo()
        scale = min(1.0, float(weight.sum()) / float(shown.data.sum())) if len(weight) else 1.0
        return (
            np.concatenate((low, shown.row.astype(np.int64))),
            np.concatenate((high, self._n + shown.col.astype(np.int64))),
            np.concatenate((weight, shown.data * scale)),
        )


def _gathered(labels: IntArray, is_known: "np.typing.NDArray[np.bool_]") -> IntArray:
    """Nodes without evidence join the first community instead of being one each."""
    return _compact(np.where(is_known, labels, labels[np.argmax(is_known)]))


def _compact(labels: IntArray) -> IntArray:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)

"""Communities by the Leiden method, from who endorses whom alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

if TYPE_CHECKING:
    import networkit

MANY_PAIRS = 2_000_000
"""From here on two rounds instead of four: each takes tens of seconds, and the later ones move hardly anybody."""


@dataclass(frozen=True, eq=False)
class CommunityResult:
    """Which community each channel belongs to.

    Attributes
    ----------
    labels : (n,) community number of each node, 0 for the largest community, then by falling size
    modularity : in [-0.5, 1], of this partition of the undirected graph at resolution 1
    unconnected : number of the community that gathers the channels without any edge; None when there is none
    """

    labels: IntArray
    modularity: float
    unconnected: int | None

    @property
    def community_count(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0


def find_communities(graph: FollowGraph, *, seed: int, resolution: float = 1.0) -> CommunityResult:
    """Communities by the Leiden method on the undirected, weighted graph.

    Parameters
    ----------
    graph : n nodes; direction is ignored, the weights of both directions of a pair are added
    seed : the same seed gives the same communities
    resolution : > 0; higher finds more and smaller communities

    Returns
    -------
    CommunityResult
        Channels without any edge share the last community, which changes no modularity.

    Raises
    ------
    ValueError
        `resolution` is not positive.

    Notes
    -----
    NetworKit's ParallelLeiden [1]_ on one thread, because its result depends on the order in which threads finish. The
    undirected graph is built here: NetworKit's own conversion miscounts edges that go both ways.

    References
    ----------
    .. [1] Traag, Waltman, van Eck, "From Louvain to Leiden", Scientific Reports 9, 2019. doi:10.1038/s41598-019-41695-z

    Examples
    --------
    Two triangles that share one edge between them.

    >>> edges = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("c", "x")]
    >>> find_communities(FollowGraph.from_edges("abcxyz", edges), seed=1).labels.tolist()
    [0, 0, 0, 1, 1, 1]
    """
    if not resolution > 0:
        raise ValueError(f"resolution is {resolution}, expected > 0")
    n = graph.node_count
    low, high, weight = graph.undirected()
    found = leiden(n, low, high, weight, seed=seed, resolution=resolution) if len(low) else np.zeros(n, dtype=np.int64)
    has_edge = np.zeros(n, dtype=bool)
    has_edge[low] = True
    has_edge[high] = True
    labels = numbered_by_size(found, has_edge)
    unconnected = int(labels.max()) if n and not has_edge.all() else None
    return CommunityResult(labels, modularity_of(low, high, weight, labels), unconnected)


def modularity_of(low: IntArray, high: IntArray, weight: FloatArray, labels: IntArray) -> float:
    """Newman's modularity of a partition.

    Parameters
    ----------
    low, high, weight : (k,) undirected edges, each pair once, no loops
    labels : (n,) community of each node, 0-based

    Returns
    -------
    float in [-0.5, 1]; 0.0 for a graph without edges

    Examples
    --------
    Two separate pairs, told apart: ``1 - 2 * (1/2)**2``.

    >>> modularity_of(np.array([0, 2]), np.array([1, 3]), np.ones(2), np.array([0, 0, 1, 1]))
    0.5
    """
    total = float(weight.sum())
    if total == 0:
        return 0.0
    size = int(labels.max()) + 1
    inside = float(weight[labels[low] == labels[high]].sum())
    strength = np.bincount(labels[low], weights=weight, minlength=size)
    strength = strength + np.bincount(labels[high], weights=weight, minlength=size)
    return inside / total - float(((strength / (2 * total)) ** 2).sum())


def leiden(n: int, low: IntArray, high: IntArray, weight: FloatArray, *, seed: int, resolution: float) -> IntArray:
    """(n,) community of each node of an undirected graph given as arrays; any numbers, nodes without edges alone."""
    import networkit

    networkit.setNumberOfThreads(1)
    networkit.setSeed(seed, False)
    iterations = 4 if len(low) < MANY_PAIRS else 2
    leiden = networkit.community.ParallelLeiden(
        _to_networkit(n, low, high, weight), iterations=iterations, randomize=True, gamma=resolution
    )
    leiden.run()
    return np.asarray(leiden.getPartition().getVector(), dtype=np.int64)


def _to_networkit(n: int, low: IntArray, high: IntArray, weight: FloatArray) -> "networkit.Graph":
    import networkit

    return networkit.GraphFromCoo(
        (weight, (low.view(np.uint64), high.view(np.uint64))), n=n, weighted=True, directed=False
    )


def numbered_by_size(found: IntArray, is_known: npt.NDArray[np.bool_]) -> IntArray:
    """Number communities 0, 1, ... by falling size, equal sizes by their first member; nodes not known come last."""
    labels = np.zeros(len(found), dtype=np.int64)
    names, first, inverse, sizes = np.unique(
        found[is_known], return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    labels[is_known] = place[inverse]
    labels[~is_known] = len(names)
    return labels

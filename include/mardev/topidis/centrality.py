"""Other views of a channel's place in the graph than PageRank: authority, core, components, go-between, bridge."""

from dataclasses import dataclass

import numpy as np

from mardev.topidis.flow import LARGE_EDGE_COUNT, Flow
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

MOST_PIVOTS = 1024
"""Above as many nodes betweenness is estimated from a sample of them."""


@dataclass(frozen=True, eq=False)
class Components:
    """Which part of the graph each node hangs together with; parts are numbered from 0 by falling size.

    Attributes
    ----------
    weak : (n,) part, direction ignored
    strong : (n,) part in which everybody reaches everybody along the edges
    """

    weak: IntArray
    strong: IntArray

    @property
    def weak_count(self) -> int:
        return int(self.weak.max()) + 1 if len(self.weak) else 0

    @property
    def strong_count(self) -> int:
        return int(self.strong.max()) + 1 if len(self.strong) else 0


def hits(flow: Flow, *, tolerance: float = 1e-9) -> tuple[FloatArray, FloatArray]:
    """Hubs and authorities: good hubs follow good authorities, good authorities are followed by good hubs.

    Parameters
    ----------
    flow : the graph, n nodes
    tolerance : relative accuracy of the largest singular value

    Returns
    -------
    hub, authority : (n,) scores >= 0, each of sum 1; all zeros for a graph without edges

    Notes
    -----
    The first pair of singular vectors of the adjacency matrix [1]_, by Lanczos from an even beginning: deterministic.
    Where several separate parts are equally strong, the vectors are one mixture of theirs.

    References
    ----------
    .. [1] Kleinberg, "Authoritative sources in a hyperlinked environment", JACM 46(5), 1999. doi:10.1145/324133.324140

    Examples
    --------
    >>> from mardev.topidis.flow import flow_of
    >>> hub, authority = hits(flow_of(np.array([0, 1]), np.array([2, 2]), 3))
    >>> authority.round(6).tolist(), hub.round(6).tolist()
    ([0.0, 0.0, 1.0], [0.5, 0.5, 0.0])
    """
    n = flow.node_count
    if not flow.strength.any():
        return np.zeros(n), np.zeros(n)
    authority = np.abs(_first_authority(flow, tolerance))
    hub = flow.backward(authority)
    authority = flow.forward(hub)
    return hub / hub.sum(), authority / authority.sum()


def _first_authority(flow: Flow, tolerance: float) -> FloatArray:
    from scipy.sparse.linalg import LinearOperator, eigsh

    n = flow.node_count
    if n < 3:  # too small for Lanczos
        columns = [flow.forward(flow.backward(row)) for row in np.eye(n)]
        return np.asarray(np.linalg.eigh(np.array(columns))[1][:, -1], dtype=np.float64)
    square = LinearOperator((n, n), matvec=lambda x: flow.forward(flow.backward(np.ravel(x))), dtype=np.float64)
    _, vectors = eigsh(square, k=1, v0=flow.forward(np.ones(n)), tol=tolerance)
    return np.asarray(vectors[:, 0], dtype=np.float64)


def core_numbers(graph: FollowGraph) -> IntArray:
    """(n,) the largest k such that the node belongs to a group in which each has k neighbours; direction ignored.

    Examples
    --------
    A triangle with a tail.

    >>> edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]
    >>> core_numbers(FollowGraph.from_edges("abcd", edges)).tolist()
    [2, 2, 2, 1]
    """
    low, high, _ = graph.undirected()
    if len(low) < LARGE_EDGE_COUNT:
        import networkit

        small = networkit.GraphFromCoo((low.astype(np.uint64), high.astype(np.uint64)), n=graph.node_count)
        return np.array(networkit.centrality.CoreDecomposition(small).run().scores(), dtype=np.int64)
    from mardev.topidis.kernels import adjacency_of, core_numbers_of

    return np.asarray(core_numbers_of(*adjacency_of(low, high, graph.node_count)), dtype=np.int64)


def components(graph: FollowGraph) -> Components:
    """Weakly and strongly connected parts; O(n + m).

    Examples
    --------
    >>> found = components(FollowGraph.from_edges("abc", [("a", "b")]))
    >>> found.weak.tolist(), found.strong_count
    ([0, 0, 1], 3)
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    n = graph.node_count
    if n == 0:
        return Components(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    start = np.searchsorted(graph.source, np.arange(n + 1)).astype(np.int32)
    matrix = sparse.csr_array((graph.weight, graph.target.astype(np.int32), start), shape=(n, n))
    weak, strong = (connected_components(matrix, connection=kind)[1] for kind in ("weak", "strong"))
    return Components(_by_falling_size(weak), _by_falling_size(strong))


def betweenness(graph: FollowGraph, *, seed: int, pivots: int = MOST_PIVOTS) -> FloatArray:
    """Share of the shortest paths between two others that lead through each channel.

    Parameters
    ----------
    graph : n nodes, m edges; weights are ignored, direction is not
    seed : which nodes the paths are counted from when there are more than `pivots`
    pivots : > 0; with fewer nodes than that the figure is exact

    Returns
    -------
    (n,) in [0, 1]; zeros for fewer than three nodes

    Notes
    -----
    O(pivots * m) [1]_. The error of a sampled figure falls with the root of `pivots`; only the upper places are worth
    reading then [2]_.

    References
    ----------
    .. [1] Brandes, "A faster algorithm for betweenness centrality", 2001. doi:10.1080/0022250X.2001.9990249
    .. [2] Brandes, Pich, "Centrality estimation in large networks", 2007. doi:10.1142/S0218127407018403

    Examples
    --------
    Of the two ordered pairs of others one has a path, and it leads through b.

    >>> betweenness(FollowGraph.from_edges("abc", [("a", "b"), ("b", "c")]), seed=1).tolist()
    [0.0, 0.5, 0.0]
    """
    if not pivots > 0:
        raise ValueError(f"pivots is {pivots}, expected > 0")
    n = graph.node_count
    if n < 3 or graph.edge_count == 0:
        return np.zeros(n)
    import networkit

    networkit.setNumberOfThreads(1)  # with more, the drawn nodes depend on the threads
    directed = networkit.GraphFromCoo(
        (graph.source.astype(np.uint64), graph.target.astype(np.uint64)), n=n, directed=True
    )
    if n <= pivots:
        counted = np.array(networkit.centrality.Betweenness(directed, normalized=False).run().scores())
    else:
        networkit.setSeed(seed, False)
        # It already scales the paths from the drawn nodes up to those from all n.
        counted = np.array(networkit.centrality.EstimateBetweenness(directed, pivots, normalized=False).run().scores())
    return np.clip(counted / ((n - 1) * (n - 2)), 0.0, 1.0)


def bridging(graph: FollowGraph, labels: IntArray) -> FloatArray:
    """How strongly each channel is endorsed from outside its own community, and from how many sides.

    Parameters
    ----------
    graph : n nodes
    labels : (n,) community of each node, 0-based

    Returns
    -------
    (n,) >= 0; 0 for a channel endorsed by its own community only
        Weight received from other communities, times the participation coefficient of all weight received
        (``1 - sum of squared shares by community``) [1]_.

    References
    ----------
    .. [1] Guimera, Amaral, "Functional cartography of complex metabolic networks", Nature 433, 2005.
       doi:10.1038/nature03288

    Examples
    --------
    b is endorsed once from its own community and once from the other: ``1 * (1 - 1/4 - 1/4)``.

    >>> graph = FollowGraph.from_edges("abx", [("a", "b"), ("x", "b"), ("b", "a")])
    >>> bridging(graph, np.array([0, 0, 1])).tolist()
    [0.0, 0.5, 0.0]
    """
    n = graph.node_count
    if n == 0:
        return np.zeros(0)
    count = int(labels.max()) + 1
    code = graph.target * count + labels[graph.source]
    cells, inverse = np.unique(code, return_inverse=True)
    weight = np.bincount(inverse, weights=graph.weight, minlength=len(cells))
    node, community = cells // count, cells % count
    received = np.bincount(node, weights=weight, minlength=n)
    squares = np.bincount(node, weights=weight**2, minlength=n)
    outside = np.bincount(node, weights=np.where(community != labels[node], weight, 0.0), minlength=n)
    concentration = np.divide(squares, received**2, out=np.ones(n), where=received > 0)
    return np.asarray(outside * (1 - concentration), dtype=np.float64)


def _by_falling_size(found: IntArray) -> IntArray:
    _, first, inverse, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(sizes), dtype=np.int64)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return np.asarray(place[inverse], dtype=np.int64)

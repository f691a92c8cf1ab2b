"""Influence by who is endorsed by whom."""

import numpy as np

from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

MAXIMUM_ITERATIONS = 500


def rank_by_influence(graph: FollowGraph, *, damping: float = 0.85, tolerance: float = 1e-9) -> FloatArray:
    """PageRank of each channel: an endorsement counts by the influence of who gives it.

    Parameters
    ----------
    graph : n nodes, m edges
        An edge ``u -> v`` hands a part of u's influence to v, in proportion to its weight.
    damping : share in [0, 1) that follows the edges; the rest is spread evenly
    tolerance : stop when the scores change by less than this in sum

    Returns
    -------
    (n,) scores > 0, dimensionless, sum 1; empty for an empty graph

    Raises
    ------
    ValueError
        `damping` is outside [0, 1).
    ArithmeticError
        It did not settle within 500 rounds (a tolerance below what doubles can show).

    Notes
    -----
    Power iteration, O(m) a round, about ``log(tolerance) / log(damping)`` rounds. A channel that endorses nobody
    spreads its influence evenly over all [1]_.

    References
    ----------
    .. [1] Langville, Meyer, "Deeper inside PageRank", Internet Mathematics 1(3), 2004.
       doi:10.1080/15427951.2004.10129091

    Examples
    --------
    Two channels that endorse each other are equals.

    >>> rank_by_influence(FollowGraph.from_edges("ab", [("a", "b"), ("b", "a")])).round(6).tolist()
    [0.5, 0.5]
    """
    from scipy import sparse

    if not 0 <= damping < 1:
        raise ValueError(f"damping is {damping}, expected 0 <= damping < 1")
    n = graph.node_count
    if n == 0:
        return np.zeros(0)
    given = np.bincount(graph.source, weights=graph.weight, minlength=n)
    gives_nothing = given == 0
    share = graph.weight / given[graph.source]
    flow = sparse.csr_array((share, (graph.target, graph.source)), shape=(n, n))
    score = np.full(n, 1.0 / n)
    for _ in range(MAXIMUM_ITERATIONS):
        evenly = (1 - damping + damping * score[gives_nothing].sum()) / n
        following = damping * (flow @ score) + evenly
        change = np.abs(following - score).sum()
        score = following / following.sum()
        if change < tolerance:
            return np.asarray(score, dtype=np.float64)
    raise ArithmeticError(f"PageRank did not settle to {tolerance} within {MAXIMUM_ITERATIONS} rounds")


def rank_numbers(score: FloatArray) -> IntArray:
    """(n,) place of each node, 1 for the highest score; equal scores keep the order of the nodes.

    Examples
    --------
    >>> rank_numbers(np.array([0.2, 0.5, 0.3])).tolist()
    [3, 1, 2]
    """
    order = np.argsort(-score, kind="stable")
    place = np.empty(len(score), dtype=np.int64)
    place[order] = np.arange(1, len(score) + 1)
    return place

"""Influence by who is endorsed by whom."""

import numpy as np

from mardev.topidis.flow import Flow, flow_of
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

MAXIMUM_ITERATIONS = 1000


def rank_by_influence(
    graph: FollowGraph, *, damping: float = 0.85, tolerance: float = 1e-9, threads: int = 1
) -> FloatArray:
    """PageRank of each channel: an endorsement counts by the influence of who gives it.

    Parameters
    ----------
    graph : n nodes, m edges
        An edge ``u -> v`` hands a part of u's influence to v, in proportion to its weight.
    damping, tolerance : as for `pagerank`
    threads : how many threads a large graph may use

    Returns
    -------
    (n,) scores > 0, dimensionless, sum 1; empty for an empty graph

    Raises
    ------
    ValueError
        `damping` is outside [0, 1).
    ArithmeticError
        It did not settle within 1000 rounds (a tolerance below what doubles can show).

    Examples
    --------
    Two channels that endorse each other are equals.

    >>> rank_by_influence(FollowGraph.from_edges("ab", [("a", "b"), ("b", "a")])).round(6).tolist()
    [0.5, 0.5]
    """
    flow = flow_of(graph.source, graph.target, graph.node_count, graph.weight_if_any, threads=threads)
    return pagerank(flow, damping=damping, tolerance=tolerance)


def pagerank(
    flow: Flow, *, damping: float = 0.85, tolerance: float = 1e-9, begin: FloatArray | None = None
) -> FloatArray:
    """PageRank by power iteration.

    Parameters
    ----------
    flow : the graph, n nodes, m edges
    damping : share in [0, 1) that follows the edges; the rest is spread evenly
    tolerance : stop when the scores change by less than this in sum
    begin : (n,) scores to begin with, sum 1, such as those of a similar graph; None begins evenly

    Returns
    -------
    (n,) scores > 0, sum 1

    Notes
    -----
    O(m) a round, at most about ``log(tolerance) / log(damping)`` rounds. A node that endorses nobody spreads its
    influence evenly over all [1]_.

    References
    ----------
    .. [1] Langville, Meyer, "Deeper inside PageRank", Internet Mathematics 1(3), 2004.
       doi:10.1080/15427951.2004.10129091
    """
    if not 0 <= damping < 1:
        raise ValueError(f"damping is {damping}, expected 0 <= damping < 1")
    n = flow.node_count
    if n == 0:
        return np.zeros(0)
    gives_nothing = np.flatnonzero(flow.strength == 0)
    part = np.divide(damping, flow.strength, out=np.zeros(n), where=flow.strength > 0)
    score = np.full(n, 1.0 / n) if begin is None else begin.copy()
    given, spare = np.empty(n), np.empty(n)
    for _ in range(MAXIMUM_ITERATIONS):
        np.multiply(score, part, out=given)
        following = flow.forward(given, out=spare)
        following += (1 - damping + damping * score[gives_nothing].sum()) / n
        np.subtract(following, score, out=score)
        change = np.abs(score, out=score).sum()
        score, spare = following, score
        if change < tolerance:
            return np.asarray(score / score.sum(), dtype=np.float64)
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

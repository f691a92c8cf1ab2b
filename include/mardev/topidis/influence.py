"""Influence by who is endorsed by whom."""

import numpy as np

from mardev.topidis.flow import Flow, flow_of
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

MAXIMUM_ITERATIONS = 1000
EXTRAPOLATION_PERIOD, WINDOW = 10, 5
"""Rounds between two extrapolations, and how many rounds each combines."""


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

    Raises
    ------
    ValueError
        `damping` is outside [0, 1).
    ArithmeticError
        It did not settle within 1000 rounds (a tolerance below what doubles can show).

    Notes
    -----
    O(m) a round, at most about ``log(tolerance) / log(damping)`` rounds. A node that endorses nobody spreads its
    influence evenly over all [1]_. Every tenth round goes on from the combination of the last five whose changes cancel
    best (reduced rank extrapolation [2]_), which halves the rounds where communities are nearly closed; the answer is
    always that of an ordinary round.

    References
    ----------
    .. [1] Langville, Meyer, "Deeper inside PageRank", Internet Mathematics 1(3), 2004.
       doi:10.1080/15427951.2004.10129091
    .. [2] Kamvar, Haveliwala, Manning, Golub, "Extrapolation methods for accelerating PageRank computations", WWW 2003.
       doi:10.1145/775152.775190
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
    changes: list[FloatArray] = []
    scores: list[FloatArray] = []
    for number in range(1, MAXIMUM_ITERATIONS + 1):
        np.multiply(score, part, out=given)
        following = flow.forward(given, out=spare)
        following += (1 - damping + damping * score[gives_nothing].sum()) / n
        np.subtract(following, score, out=score)
        if np.abs(score, out=given).sum() < tolerance:
            return np.asarray(following / following.sum(), dtype=np.float64)
        if number % EXTRAPOLATION_PERIOD == 0 or number % EXTRAPOLATION_PERIOD > EXTRAPOLATION_PERIOD - WINDOW:
            changes.append(score.copy())
            scores.append(following.copy())
        score, spare = following, score
        if number % EXTRAPOLATION_PERIOD == 0:
            score = _extrapolated(changes, scores)
            changes, scores = [], []
    raise ArithmeticError(f"PageRank did not settle to {tolerance} within {MAXIMUM_ITERATIONS} rounds")


def _extrapolated(changes: list[FloatArray], scores: list[FloatArray]) -> FloatArray:
    """The combination of `scores`, with coefficients of sum 1, whose combined change is smallest."""
    stacked = np.array(changes)
    products = np.einsum("in,jn->ij", stacked, stacked)  # five by five: a matrix library would only start its threads
    if not np.trace(products) > 0:
        return scores[-1]
    products += np.eye(len(changes)) * 1e-14 * np.trace(products)
    coefficients = np.linalg.solve(products, np.ones(len(changes)))
    coefficients /= coefficients.sum()
    return np.asarray(np.einsum("i,in->n", coefficients, np.array(scores)), dtype=np.float64)


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

"""Places for the channels on a plane: each community a disc, the influential in its middle."""

import math
from dataclasses import dataclass

import numpy as np

from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
GAP = 2.0
"""Free space between two discs, in the units of one channel's place."""
PACKED_DISCS = 100
"""The largest communities are packed; smaller ones are strewn around them."""
ANGLES = np.linspace(0, 2 * math.pi, 24, endpoint=False)
SMALLEST_SHOWN = 0.0005
"""A community with a smaller share of the channels is drawn among 'the small ones'."""
MOST_BUBBLES = 400


def community_layout(graph: FollowGraph, labels: IntArray, influence: FloatArray, *, seed: int) -> FloatArray:
    """A place on the plane for each channel.

    Parameters
    ----------
    graph : n nodes; its edges draw communities that endorse each other together
    labels : (n,) community of each node, 0-based
    influence : (n,) score; within its community the highest is in the middle
    seed : turns each disc; the same seed gives the same places

    Returns
    -------
    (n, 2) coordinates in [-1, 1]

    Raises
    ------
    ValueError
        `labels` or `influence` is not of length n.

    Notes
    -----
    Discs whose area is in proportion to the members, packed greedily from the largest: each takes, of the free places
    touching a disc that is there, the one nearest to the communities it shares most edges with. Inside, places on a
    sunflower spiral [1]_, which keeps equal distances. O(m + n log n + c^2) for c communities.

    References
    ----------
    .. [1] Vogel, "A better way to construct the sunflower head", Mathematical Biosciences 44, 1979.
       doi:10.1016/0025-5564(79)90080-4
    """
    n = graph.node_count
    if len(labels) != n or len(influence) != n:
        raise ValueError(f"labels and influence must have {n} entries, one for each channel")
    if n == 0:
        return np.zeros((0, 2))
    sizes = np.bincount(labels)
    radius = np.sqrt(sizes) + GAP
    centre = _pack(radius, _links(graph, labels, len(sizes)))
    turn = np.random.default_rng(seed).uniform(0, 2 * math.pi, len(sizes))
    place = _place_within(labels, influence)
    distance = np.sqrt(place + 0.5)
    angle = place * GOLDEN_ANGLE + turn[labels]
    points = centre[labels] + np.column_stack((distance * np.cos(angle), distance * np.sin(angle)))
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray(points / max(float(np.abs(points).max()), 1e-12))


def _links(graph: FollowGraph, labels: IntArray, count: int) -> FloatArray:
    """(c, c) weight of edges between communities, both directions added, per member of the two."""
    pairs = labels[graph.source] * count + labels[graph.target]
    between = np.bincount(pairs, weights=graph.weight, minlength=count * count).reshape(count, count)
    between = between + between.T
    np.fill_diagonal(between, 0)
    sizes = np.maximum(np.bincount(labels, minlength=count), 1)
    return np.asarray(between / np.sqrt(np.outer(sizes, sizes)))


def _place_within(labels: IntArray, influence: FloatArray) -> IntArray:
    """(n,) 0 for the most influential of its community, then 1, 2, ..."""
    order = np.lexsort((-influence, labels))
    starts = np.concatenate(([0], np.cumsum(np.bincount(labels))[:-1]))
    place = np.empty(len(labels), dtype=np.int64)
    place[order] = np.arange(len(labels)) - starts[labels[order]]
    return place


def _pack(radius: FloatArray, links: FloatArray) -> FloatArray:
    order = np.argsort(-radius, kind="stable")
    centre = np.zeros((len(radius), 2))
    packed = order[:PACKED_DISCS]
    for turn, number in enumerate(packed[1:], start=1):
        there = packed[:turn]
        centre[number] = _free_place(centre[there], radius[there], float(radius[number]), links[number, there])
    strewn = order[PACKED_DISCS:]
    if len(strewn):
        edge = float((np.hypot(*centre[packed].T) + radius[packed]).max())
        step = 2 * float(radius[strewn].max())
        turn_no = np.arange(len(strewn))
        distance = np.sqrt((edge + step) ** 2 + turn_no * step**2 / math.pi * 1.3)
        angle = turn_no * GOLDEN_ANGLE
        centre[strewn] = np.column_stack((distance * np.cos(angle), distance * np.sin(angle)))
    return centre


def _free_place(centre: FloatArray, radius: FloatArray, own: float, link: FloatArray) -> FloatArray:
    reach = radius + own
    offers = centre[:, None, :] + reach[:, None, None] * np.column_stack((np.cos(ANGLES), np.sin(ANGLES)))[None]
    offers = offers.reshape(-1, 2)
    apart = np.hypot(offers[:, None, 0] - centre[None, :, 0], offers[:, None, 1] - centre[None, :, 1])
    offers, apart = (kept[(apart >= reach - 1e-9).all(axis=1)] for kept in (offers, apart))
    pull = apart @ (link / link.sum()) if link.sum() > 0 else np.zeros(len(offers))
    cost = np.hypot(offers[:, 0], offers[:, 1]) + 0.5 * pull
    return np.asarray(offers[int(np.argmin(cost))])


@dataclass(frozen=True, eq=False)
class LevelLayout:
    """Two levels of one picture.

    Attributes
    ----------
    positions : (n, 2) place of each channel in [-1, 1]
    centres : (c, 2) middle of each community
    radii : (c,) so that the members lie within
    sizes : (c,) members
    flows : (k, 3) community, community, weight of the follows between the two, heaviest first, own ones left out
    labels : (n,) community of each channel, as drawn: small ones together as the last number
    """

    positions: FloatArray
    centres: FloatArray
    radii: FloatArray
    sizes: IntArray
    flows: FloatArray
    labels: IntArray


def lay_out_by_level(graph: FollowGraph, labels: IntArray, influence: FloatArray, *, seed: int) -> LevelLayout:
    """Lay out communities as bubbles and their members inside, for graphs of a million channels.

    Parameters
    ----------
    graph : n nodes, m edges
    labels : (n,) community of each node, 0-based, by falling size as `find_communities` numbers them
    influence : (n,) score; within a community the highest is in the middle, so that zooming in meets the known first
    seed : the same seed gives the same picture

    Returns
    -------
    LevelLayout

    Raises
    ------
    ValueError
        `labels` or `influence` is not of length n.

    Notes
    -----
    Communities with less than 0.05 % of the channels, and all after the 400th, are drawn together as one bubble. The
    bubbles are packed by `community_layout`. O(m + n log n + c^2).

    Examples
    --------
    >>> graph = FollowGraph.from_edges("abc", [("a", "b"), ("b", "c")])
    >>> lay_out_by_level(graph, np.array([0, 0, 1]), np.ones(3), seed=1).flows.tolist()
    [[0.0, 1.0, 1.0]]
    """
    n = graph.node_count
    if len(labels) != n or len(influence) != n:
        raise ValueError(f"labels and influence must have {n} entries, one for each channel")
    drawn = _with_small_ones_together(labels)
    positions = community_layout(graph, drawn, influence, seed=seed)
    sizes = np.bincount(drawn)
    centres = np.column_stack(
        [np.bincount(drawn, weights=positions[:, axis]) / np.maximum(sizes, 1) for axis in range(2)]
    ) if n else np.zeros((0, 2))  # fmt: skip
    away = np.hypot(*(positions - centres[drawn]).T) if n else np.zeros(0)
    radii = np.zeros(len(sizes))
    np.maximum.at(radii, drawn, away)
    return LevelLayout(positions, centres, radii, sizes, _flows(graph, drawn, len(sizes)), drawn)


def _with_small_ones_together(labels: IntArray) -> IntArray:
    if not len(labels):
        return labels
    sizes = np.bincount(labels)
    is_large = sizes >= SMALLEST_SHOWN * len(labels)
    order = np.argsort(-sizes, kind="stable")
    is_large[order[MOST_BUBBLES:]] = False
    place = np.full(len(sizes), int(is_large.sum()), dtype=np.int64)
    place[is_large] = np.arange(int(is_large.sum()))
    return place[labels]


def _flows(graph: FollowGraph, drawn: IntArray, count: int) -> FloatArray:
    one, other = drawn[graph.source], drawn[graph.target]
    pairs = np.minimum(one, other) * count + np.maximum(one, other)
    weight = np.bincount(pairs, weights=graph.weight, minlength=count * count)
    there = np.flatnonzero(weight)
    there = there[there // max(count, 1) != there % max(count, 1)]
    there = there[np.argsort(-weight[there], kind="stable")]
    return np.column_stack((there // max(count, 1), there % max(count, 1), weight[there])).astype(np.float64)

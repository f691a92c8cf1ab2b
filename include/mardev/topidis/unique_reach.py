"""How many different people a set of channels reaches."""

from collections.abc import Collection, Hashable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from mardev.topidis.graph import FloatArray, FollowGraph

if TYPE_CHECKING:
    import networkx


def unique_reach(follows: "networkx.DiGraph", creators: Collection[Hashable], *, audience_size: int) -> float:
    """Share of the audience that follows at least one of the creators.

    Parameters
    ----------
    follows : networkx.DiGraph, n nodes and m edges
        An edge ``u -> v`` means *u follows v*. Edge attributes are ignored.
    creators : collection of nodes of `follows`
        Order and repetition do not matter.
    audience_size : people, > 0
        The denominator: the sampled audience, not the platform's.

    Returns
    -------
    float in [0, 1], dimensionless
        0.0 for no creators. Shared followers count once.

    Raises
    ------
    networkx.NetworkXError
        A creator is not in the graph.
    ValueError
        `audience_size` is smaller than the number of followers found, or not positive.

    Notes
    -----
    O(sum of in-degrees) time. Monotone and submodular in `creators` [1]_. Exact: use it where the graph holds the
    audience itself; for planning from a crawl of creators use `ReachModel`.

    References
    ----------
    .. [1] Kempe, Kleinberg, Tardos, KDD 2003, section 2. doi:10.1145/956750.956769

    Examples
    --------
    Ann follows both creators and counts once.

    >>> import networkx as nx
    >>> follows = nx.DiGraph([("ann", "C1"), ("ann", "C2"), ("bob", "C2")])
    >>> unique_reach(follows, ["C1", "C2"], audience_size=4)
    0.5
    """
    followers = {follower for creator in creators for follower in follows.predecessors(creator)}
    if audience_size <= 0 or audience_size < len(followers):
        raise ValueError(f"audience_size is {audience_size}, but {len(followers)} followers were found")
    return len(followers) / audience_size


class ReachModel:
    """Estimate of unique reach from audience sizes and the overlap seen in the crawled graph.

    Parameters
    ----------
    graph : n channels; who endorses a channel is taken as a small sample of who watches it
    audience : (n,) people expected to see a placement on the channel, >= 0
    unseen_followers : > 0; added to each channel's sample as people who watch nothing else. It keeps a channel with
        three endorsers from looking wholly contained in another one

    Raises
    ------
    ValueError
        `audience` is not of length n, has a negative or infinite entry, or `unseen_followers` is not positive.

    Notes
    -----
    A channel with audience ``a`` and ``d`` endorsers gives each endorser ``w = a / (d + unseen_followers)`` people and
    keeps ``unseen_followers * w`` for itself, so a single channel reaches exactly its audience. An endorser of several
    chosen channels counts once, with the largest of their ``w``:

        ``reach(S) = sum over endorsers of max(w_i for i in S endorsed) + sum over S of unseen_followers * w_i``

    which is a facility-location function: monotone and submodular [1]_, between the largest single audience and the
    sum of all. It is an estimate for planning: endorsers are creators, not viewers.

    References
    ----------
    .. [1] Krause, Golovin, "Submodular function maximization", 2014, section 1.1.

    Examples
    --------
    Two channels with the same two endorsers share half of what they reach.

    >>> graph = FollowGraph.from_edges(["e", "f", "A", "B"], [(x, y) for x in "ef" for y in "AB"])
    >>> model = ReachModel(graph, np.array([0.0, 0.0, 100.0, 100.0]))
    >>> model.reach(["A"]), model.reach(["A", "B"])
    (100.0, 150.0)
    """

    def __init__(self, graph: FollowGraph, audience: FloatArray, *, unseen_followers: float = 2.0) -> None:
        values = np.asarray(audience, dtype=np.float64)
        if values.shape != (graph.node_count,) or not np.isfinite(values).all() or (values < 0).any():
            raise ValueError(f"audience must be {graph.node_count} numbers of people, none negative or infinite")
        if not unseen_followers > 0:
            raise ValueError(f"unseen_followers is {unseen_followers}, expected > 0")
        order = np.argsort(graph.target, kind="stable")
        self._endorser = graph.source[order]
        self._start = np.concatenate(([0], np.cumsum(graph.follower_counts())))
        self._people_each = values / (graph.follower_counts() + unseen_followers)
        self._own = unseen_followers * self._people_each
        self._position = graph.position

    def reach(self, channel_keys: Iterable[str]) -> float:
        """People expected to be reached by at least one of the channels. Raises KeyError for an unknown channel."""
        growing = self.start()
        for key in channel_keys:
            growing.add(key)
        return growing.total

    def knows(self, channel_key: str) -> bool:
        return channel_key in self._position

    def start(self) -> "GrowingReach":
        """An empty set that channels are added to one by one."""
        return GrowingReach(self)


class GrowingReach:
    """A set of channels that grows, with its reach. Made by `ReachModel.start`."""

    def __init__(self, model: ReachModel) -> None:
        self._model = model
        self._reached = np.zeros(len(model._position))
        self._added: set[str] = set()
        self.total = 0.0

    def gain(self, channel_key: str) -> float:
        """People the channel would add; 0.0 when it is in already. O(its endorsers). Raises KeyError when unknown."""
        if channel_key in self._added:
            return 0.0
        each, endorsers, own = self._of(channel_key)
        return float(np.maximum(each - self._reached[endorsers], 0.0).sum()) + own

    def add(self, channel_key: str) -> float:
        """Add the channel; returns the people it added."""
        added = self.gain(channel_key)
        each, endorsers, _ = self._of(channel_key)
        self._reached[endorsers] = np.maximum(self._reached[endorsers], each)
        self._added.add(channel_key)
        self.total += added
        return added

    def _of(self, channel_key: str) -> tuple[float, np.typing.NDArray[np.int64], float]:
        node = self._model._position[channel_key]
        endorsers = self._model._endorser[self._model._start[node] : self._model._start[node + 1]]
        return float(self._model._people_each[node]), endorsers, float(self._model._own[node])

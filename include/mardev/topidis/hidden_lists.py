"""What the lists of creators who hide whom they follow may hold, guessed from the lists that are open.

A hidden list is not an empty one. Ranking what was seen as if it were all there is favours whoever is followed from
open lists. The model is a degree-corrected block model [1]_: how many channels somebody follows is drawn from the open
lists of the same community, the community of each of them from how the open lists of the community divide, and the
channel inside by how attractive it is. Attractiveness is known only from the followers that were seen, often a handful;
its uncertainty is the posterior under a prior that is fitted to all channels at once (nonparametric empirical Bayes
[2]_).

.. [1] Karrer, Newman, "Stochastic blockmodels and community structure in networks", Phys. Rev. E 83, 2011.
   doi:10.1103/PhysRevE.83.016107
.. [2] Laird, "Nonparametric maximum likelihood estimation of a mixing distribution", JASA 73, 1978.
   doi:10.1080/01621459.1978.10480103
"""

import numpy as np
import numpy.typing as npt

from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

GRID = np.exp(np.linspace(np.log(0.02), np.log(80.0), 80))
"""Attractiveness of a channel, in multiples of the mean of its community."""
HALF_STEP = 0.5 * float(np.log(GRID[1] / GRID[0]))
MIXTURE_ROUNDS = 200
FEWEST_DONORS = 5
"""With fewer open lists in a community, all open lists say how long a list is."""
DRAWING_ROUNDS = 8

BoolArray = npt.NDArray[np.bool_]


class HiddenLists:
    """The follows that were not seen, ready to be drawn.

    Parameters
    ----------
    graph : n nodes; what was seen
    hidden : (n,) whether the channel hides whom it follows
    labels : (n,) community of each node, 0-based
    unseen_share : in [0, 1), share of the follows of an open list that the crawl is assumed to have missed

    Raises
    ------
    ValueError
        Arrays of another length, `unseen_share` outside [0, 1), no edge, or no open list.
    """

    def __init__(self, graph: FollowGraph, hidden: BoolArray, labels: IntArray, *, unseen_share: float = 0.0) -> None:
        n = graph.node_count
        if len(hidden) != n or len(labels) != n:
            raise ValueError(f"{n} channels, but {len(hidden)} marks of hidden lists and {len(labels)} labels")
        if not 0 <= unseen_share < 1:
            raise ValueError(f"unseen_share is {unseen_share}, expected 0 <= unseen_share < 1")
        if not graph.edge_count or hidden.all():
            raise ValueError("No open list tells what a hidden one may hold")
        self._graph, self._labels = graph, labels
        self._hidden, self._open = np.flatnonzero(hidden), np.flatnonzero(~hidden)
        self._list_length = np.bincount(graph.source, minlength=n)
        self._unseen_per_seen = unseen_share / (1 - unseen_share)
        self._seen_pairs = np.sort(graph.source * n + graph.target)
        self._count = int(labels.max()) + 1
        self._members = np.argsort(labels, kind="stable")
        self._member_start = np.searchsorted(labels[self._members], np.arange(self._count + 1))
        self._mixing = self._count_mixing(hidden)
        followers = graph.follower_counts()
        self._expected = self._followers_expected(followers)
        self._posterior = np.cumsum(attractiveness_posterior(followers, self._expected), axis=1)
        self._donors = [self._donors_of(community) for community in range(self._count)]
        self._reciprocity = self._excess_reciprocity(hidden)

    def draw(self, random: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Sources and targets of one possible set of unseen follows; none of them was seen, none is a self-follow."""
        n = self._graph.node_count
        wanted = self._wanted(random)
        weight = self._attractiveness(random)
        mixing = random.gamma(self._mixing)
        mixing = np.cumsum(mixing / mixing.sum(axis=1, keepdims=True), axis=1)
        cumulative = np.concatenate([[0.0], np.cumsum(weight[self._members])])
        drawn = self._returned(random, wanted)
        for _ in range(DRAWING_ROUNDS):
            source = np.repeat(np.arange(n), np.maximum(wanted - np.bincount(drawn // n, minlength=n), 0))
            if not len(source):
                break
            target = self._targets(random, source, mixing, cumulative)
            drawn = np.unique(np.concatenate([drawn, (source * n + target)[source != target]]))
            drawn = drawn[~self._was_seen(drawn)]
        return drawn // n, drawn % n

    def _wanted(self, random: np.random.Generator) -> IntArray:
        """(n,) how many unseen follows each channel has in this draw."""
        wanted = random.poisson(self._list_length * self._unseen_per_seen)
        for community in range(self._count):
            mine = self._hidden[self._labels[self._hidden] == community]
            length = self._list_length[random.choice(self._donors[community], len(mine))]
            wanted[mine] = np.maximum(np.rint(length * (1 + self._unseen_per_seen)) - self._list_length[mine], 0)
        return np.asarray(wanted, dtype=np.int64)

    def _attractiveness(self, random: np.random.Generator) -> FloatArray:
        place = (self._posterior < random.random((len(self._posterior), 1))).sum(axis=1)
        jitter = np.exp(random.uniform(-HALF_STEP, HALF_STEP, len(place)))
        return np.asarray(GRID[np.minimum(place, len(GRID) - 1)] * jitter * self._expected, dtype=np.float64)

    def _targets(
        self, random: np.random.Generator, source: IntArray, mixing: FloatArray, cumulative: FloatArray
    ) -> IntArray:
        community = np.empty(len(source), dtype=np.int64)
        of_source = self._labels[source]
        for label in np.unique(of_source):
            mine = of_source == label
            community[mine] = np.searchsorted(mixing[label], random.random(int(mine.sum())))
        community = np.minimum(community, self._count - 1)
        begin, end = cumulative[self._member_start[community]], cumulative[self._member_start[community + 1]]
        place = np.searchsorted(cumulative, begin + random.random(len(source)) * (end - begin), side="right") - 1
        return np.asarray(self._members[np.minimum(place, len(self._members) - 1)], dtype=np.int64)

    def _returned(self, random: np.random.Generator, wanted: IntArray) -> IntArray:
        """Follows of hidden creators back to those who follow them, as far as people do that more than by chance."""
        n = self._graph.node_count
        back = self._graph.target * n + self._graph.source
        is_back = random.random(len(back)) < self._reciprocity
        is_back &= wanted[self._graph.target] > 0
        chosen = np.unique(back[is_back])
        return chosen[~self._was_seen(chosen)]

    def _was_seen(self, pairs: IntArray) -> BoolArray:
        place = np.minimum(np.searchsorted(self._seen_pairs, pairs), len(self._seen_pairs) - 1)
        return np.asarray(self._seen_pairs[place] == pairs)

    def _count_mixing(self, hidden: BoolArray) -> FloatArray:
        """(communities, communities) follows seen from open lists, and one more divided as everybody's are."""
        source, target = self._graph.source, self._graph.target
        is_open = ~hidden[source]
        code = self._labels[source[is_open]] * self._count + self._labels[target[is_open]]
        seen = np.bincount(code, minlength=self._count**2).reshape(self._count, self._count).astype(np.float64)
        usual = seen.sum(axis=0) + np.bincount(self._labels, minlength=self._count)
        return np.asarray(seen + usual / max(usual.sum(), 1.0), dtype=np.float64)

    def _followers_expected(self, followers: IntArray) -> FloatArray:
        size = np.bincount(self._labels, minlength=self._count)
        received = np.bincount(self._labels, weights=followers, minlength=self._count)
        everywhere = float(followers.mean())
        mean = np.divide(received, size, out=np.full(self._count, everywhere), where=(size > 0) & (received > 0))
        return np.asarray(mean[self._labels], dtype=np.float64)

    def _donors_of(self, community: int) -> IntArray:
        own = self._open[self._labels[self._open] == community]
        return own if len(own) >= FEWEST_DONORS else self._open

    def _excess_reciprocity(self, hidden: BoolArray) -> float:
        """Share of follows between open lists that are returned, beyond what the model expects anyway; in [0, 1)."""
        n, graph = self._graph.node_count, self._graph
        between_open = ~hidden[graph.source] & ~hidden[graph.target]
        source, target = graph.source[between_open], graph.target[between_open]
        if not len(source):
            return 0.0
        returned = float(self._was_seen(target * n + source).mean())
        mixing = self._mixing / self._mixing.sum(axis=1, keepdims=True)
        followers = graph.follower_counts() + 0.5
        of_community = np.bincount(self._labels, weights=followers, minlength=self._count)
        popularity = followers[source] / of_community[self._labels[source]]
        share = mixing[self._labels[target], self._labels[source]] * popularity
        by_chance = float((1 - np.exp(-self._list_length[target] * share)).mean())
        return max((returned - by_chance) / max(1 - by_chance, 1e-9), 0.0)


def attractiveness_posterior(followers: IntArray, expected: FloatArray) -> FloatArray:
    """What the followers seen tell of how attractive each channel is.

    Parameters
    ----------
    followers : (n,) followers seen
    expected : (n,) > 0, followers that a channel of attractiveness 1 would show there

    Returns
    -------
    (n, 80) probability of each value of `GRID`, rows of sum 1

    Notes
    -----
    Followers are Poisson with mean ``attractiveness * expected``; the prior over attractiveness is the
    maximum-likelihood mixture over all n channels, by expectation-maximisation. Equal rows are computed once.

    Examples
    --------
    Somebody with 40 followers where 4 are usual is most likely about ten times as attractive.

    >>> posterior = attractiveness_posterior(np.array([40, 4, 4, 3, 5]), np.full(5, 4.0))
    >>> bool(8 < GRID[posterior[0].argmax()] < 12)
    True
    """
    cells, inverse, count = np.unique(
        np.stack([followers.astype(np.float64), expected], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    mean = GRID * cells[:, 1:]
    log_likelihood = cells[:, :1] * np.log(mean) - mean
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    prior = np.full(len(GRID), 1 / len(GRID))
    for _ in range(MIXTURE_ROUNDS):
        joint = likelihood * prior
        prior = count @ (joint / joint.sum(axis=1, keepdims=True)) / count.sum()
    joint = likelihood * prior
    return np.asarray((joint / joint.sum(axis=1, keepdims=True))[inverse.ravel()], dtype=np.float64)

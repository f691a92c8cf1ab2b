"""A statistical model of who follows whom and who says what.

It moves channels to where both fit, and weighs how many communities the evidence bears.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mardev.topidis.blocks import CONCENTRATION, Blocks
from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

if TYPE_CHECKING:
    from scipy import sparse

SWEEPS = 20
SETTLED_SHARE = 0.001
MOVED_SHARE = 0.5
"""Half of the channels move in a sweep: neighbours that swapped places at once would swap for ever."""
SMALL = 0.5


@dataclass(frozen=True, eq=False)
class Fit:
    """A partition with the price of telling the evidence by it.

    Attributes
    ----------
    labels : (n,) community of each node, 0-based, none empty
    description_length : nats; comparable between partitions of the same evidence, the shorter the better
    """

    labels: IntArray
    description_length: float

    @property
    def count(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0


class BlockModel:
    """Degree-corrected stochastic block model with content, for one graph.

    Parameters
    ----------
    graph : n nodes; weights count as that many follows
    counts : (n, f) content of `content_evidence`, or None

    Notes
    -----
    Follows are Poisson with ``mean = out_u in_v m_rs / (out_r in_s)``, out and in being the weights given and received
    [1]_. So a channel that hides whom it follows gives no evidence by following nobody: only edges that are there
    speak. Content of a community is Dirichlet-multinomial around everybody's. The description length is the negative
    log-likelihood with the cost of the partition and of the edge counts [2]_; the cost of the degrees, which hardly
    depends on the partition, is left out.

    References
    ----------
    .. [1] Karrer, Newman, "Stochastic blockmodels and community structure in networks", Physical Review E 83, 2011.
       doi:10.1103/PhysRevE.83.016107
    .. [2] Peixoto, "Nonparametric Bayesian inference of the microcanonical stochastic block model", Physical Review E
       95, 2017. doi:10.1103/PhysRevE.95.012317
    .. [3] Newman, Clauset, "Structure and inference in annotated networks", Nature Communications 7, 2016.
       doi:10.1038/ncomms11863
    """

    def __init__(self, graph: FollowGraph, counts: "sparse.csr_array | None" = None) -> None:
        from scipy import sparse

        self._n = graph.node_count
        self._follows = sparse.csr_array((graph.weight, (graph.source, graph.target)), shape=(self._n, self._n))
        self._followed = self._follows.T.tocsr()
        self._given = np.bincount(graph.source, weights=graph.weight, minlength=self._n)
        self._received = np.bincount(graph.target, weights=graph.weight, minlength=self._n)
        self._counts = counts if counts is not None and counts.shape[1] else None
        if self._counts is not None:
            spread = np.asarray(self._counts.sum(axis=0)).ravel()
            self._prior = CONCENTRATION * spread / spread.sum()
        self._edges = (graph.source, graph.target, graph.weight)

    def refined(self, labels: IntArray, *, seed: int) -> Fit:
        """Move channels to the community that explains them best, until hardly any moves.

        Parameters
        ----------
        labels : (n,) starting partition, 0-based
        seed : which channels may move in which sweep

        Raises
        ------
        ValueError
            `labels` is not of length n.
        """
        if len(labels) != self._n:
            raise ValueError(f"labels has {len(labels)} entries, expected {self._n}")
        rng = np.random.default_rng(seed)
        best = Fit(_compact(labels), self.description_length(_compact(labels)))
        current = best.labels
        for _ in range(SWEEPS):
            if len(current) == 0 or current.max() == 0:
                break
            wanted = self._best_places(current)
            moves = (wanted != current) & (rng.random(self._n) < MOVED_SHARE)
            current = _compact(np.where(moves, wanted, current))
            length = self.description_length(current)
            if length < best.description_length:
                best = Fit(current, length)
            if moves.sum() <= SETTLED_SHARE * self._n:
                break
        return best

    def merged(self, fit: Fit, *, most: int = 400) -> Fit:
        """Merge the pair of communities whose merger shortens the description most, again and again.

        Parameters
        ----------
        fit : where to start
        most : with more communities than this nothing is merged, for the pairs would be too many to try

        Notes
        -----
        Tried are the pairs in which one is among the three nearest of the other, by follows or by content.
        """
        if not 1 < fit.count <= most:
            return fit
        blocks = self._blocks(fit.labels, fit.count)
        into = np.arange(fit.count)
        while blocks.count > 1:
            one, other, change = blocks.best_merger()
            if change >= 0:
                break
            blocks = blocks.joined(one, other)
            into = np.where(into == other, one, into)
            into = np.where(into > other, into - 1, into)
        labels = _compact(into[fit.labels])
        return Fit(labels, self.description_length(labels))

    def description_length(self, labels: IntArray) -> float:
        """Nats to tell partition, follows and content.

        Parameters
        ----------
        labels : (n,) community of each node, 0-based, none empty
        """
        count = int(labels.max()) + 1 if len(labels) else 0
        return self._blocks(labels, count).description_length() if count else 0.0

    def _best_places(self, labels: IntArray) -> IntArray:
        count = int(labels.max()) + 1
        between = self._between(labels, count)
        given, received = between.sum(axis=1), between.sum(axis=0)
        # A pair of communities without any follow between them must stay possible, if unlikely.
        expected = np.outer(given, received) / max(float(between.sum()), 1.0)
        log_rate = np.log((between + SMALL * expected / (expected + 1) + 1e-9) / (expected + 1e-9))
        member = _membership(labels, count)
        score = (self._follows @ member) @ log_rate.T + (self._followed @ member) @ log_rate
        score = np.asarray(score) + np.log(np.bincount(labels, minlength=count) / self._n)
        if self._counts is not None:
            said = self._said(labels, count)
            share = (said + self._prior) / (said.sum(axis=1, keepdims=True) + CONCENTRATION)
            score = score + self._counts @ np.log(share / (self._prior / CONCENTRATION)).T
        # What fits equally well stays where it is.
        score[np.arange(self._n), labels] += 1e-9
        return np.asarray(score.argmax(axis=1), dtype=np.int64)

    def _blocks(self, labels: IntArray, count: int) -> Blocks:
        said, prior = (self._said(labels, count), self._prior) if self._counts is not None else (None, None)
        return Blocks(self._between(labels, count), np.bincount(labels, minlength=count), said, prior)

    def _between(self, labels: IntArray, count: int) -> FloatArray:
        source, target, weight = self._edges
        pairs = np.bincount(labels[source] * count + labels[target], weights=weight, minlength=count * count)
        return np.asarray(pairs.reshape(count, count))

    def _said(self, labels: IntArray, count: int) -> FloatArray:
        assert self._counts is not None  # noqa: S101  # asked for only where there is content
        return np.asarray((_sparse_membership(labels, count).T @ self._counts).toarray())


def _membership(labels: IntArray, count: int) -> FloatArray:
    member = np.zeros((len(labels), count))
    member[np.arange(len(labels)), labels] = 1.0
    return member


def _sparse_membership(labels: IntArray, count: int) -> "sparse.csr_array":
    from scipy import sparse

    n = len(labels)
    return sparse.csr_array((np.ones(n), (np.arange(n), labels)), shape=(n, count))


def _compact(labels: IntArray) -> IntArray:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)

"""Communities as sums: follows between them and words within them, and what it costs to tell them."""

from dataclasses import dataclass

import numpy as np

from mardev.topidis.graph import FloatArray, IntArray

CONCENTRATION = 4.0
"""How much a community's words lean on everybody's, in the unit of the counts."""
NEAREST = 3


@dataclass(frozen=True, eq=False)
class Blocks:
    """c communities of one partition.

    Attributes
    ----------
    between : (c, c) weight of the follows from each community to each
    sizes : (c,) members, > 0
    said : (c, f) content, or None
    prior : (f,) everybody's content as pseudo-counts, sum `CONCENTRATION`; None without content
    """

    between: FloatArray
    sizes: IntArray
    said: FloatArray | None
    prior: FloatArray | None

    @property
    def count(self) -> int:
        return len(self.sizes)

    def description_length(self) -> float:
        """Nats to tell the partition, the follows and the content by it; see `BlockModel` for the formula."""
        from scipy.special import gammaln

        told = self._partition_length(self.count) - float(gammaln(self.sizes + 1).sum())
        told -= float(_xlogx(self.between).sum())
        told += float(_xlogx(self.between.sum(axis=1)).sum() + _xlogx(self.between.sum(axis=0)).sum())
        return told + (float(self._content_lengths(self.said).sum()) if self.said is not None else 0.0)

    def best_merger(self) -> tuple[int, int, float]:
        """The pair whose merger shortens the description most, and by how much (negative when it does)."""
        pairs = self._near_pairs()
        changes = self._changes(pairs)
        best = int(np.argmin(changes))
        return int(pairs[best, 0]), int(pairs[best, 1]), float(changes[best])

    def joined(self, one: int, other: int) -> "Blocks":
        """The same communities with `other` gone into `one`; the numbers above `other` move down by one."""
        between = self.between.copy()
        between[one] += between[other]
        between[:, one] += between[:, other]
        between = np.delete(np.delete(between, other, axis=0), other, axis=1)
        sizes = self.sizes.copy()
        sizes[one] += sizes[other]
        said = None
        if self.said is not None:
            said = self.said.copy()
            said[one] += said[other]
            said = np.delete(said, other, axis=0)
        return Blocks(between, np.delete(sizes, other), said, self.prior)

    def _partition_length(self, count: int) -> float:
        """Cost of the number of communities, of their sizes and of the table of follows between them."""
        from scipy.special import gammaln

        n, total = int(self.sizes.sum()), float(self.between.sum())
        told = gammaln(n) - gammaln(count) - gammaln(n - count + 1) + gammaln(n + 1) + np.log(n)
        return float(told + gammaln(count**2 + total) - gammaln(total + 1) - gammaln(count**2))

    def _content_lengths(self, said: FloatArray) -> FloatArray:
        """(c,) nats to tell what each row says."""
        from scipy.special import gammaln

        assert self.prior is not None  # noqa: S101  # `said` and `prior` come together
        told = gammaln(CONCENTRATION + said.sum(axis=1)) - gammaln(CONCENTRATION)
        rows, columns = np.nonzero(said)
        own = self.prior[columns]
        gained = gammaln(own + said[rows, columns]) - gammaln(own)
        return np.asarray(told - np.bincount(rows, weights=gained, minlength=len(said)))

    def _changes(self, pairs: IntArray) -> FloatArray:
        """(p,) change of the description length by each merger."""
        from scipy.special import gammaln

        one, other = pairs.T
        out, into = self.between, self.between.T
        given, received = out.sum(axis=1), into.sum(axis=1)
        rows, columns = _xlogx(out).sum(axis=1), _xlogx(into).sum(axis=1)
        corner = np.stack((out[one, one], out[one, other], out[other, one], out[other, other]))
        before = rows[one] + rows[other] + columns[one] + columns[other] - _xlogx(corner).sum(axis=0)
        after = np.zeros(len(pairs))
        for table in (out, into):
            sums = table[one] + table[other]
            ends = sums[np.arange(len(pairs)), one], sums[np.arange(len(pairs)), other]
            after += _xlogx(sums).sum(axis=1) - _xlogx(ends[0]) - _xlogx(ends[1])
        after += _xlogx(corner.sum(axis=0))
        change = before - after
        for strength in (given, received):
            change += _xlogx(strength[one] + strength[other]) - _xlogx(strength[one]) - _xlogx(strength[other])
        sizes = self.sizes
        change -= gammaln(sizes[one] + sizes[other] + 1) - gammaln(sizes[one] + 1) - gammaln(sizes[other] + 1)
        change += self._partition_length(self.count - 1) - self._partition_length(self.count)
        if self.said is not None:
            alone = self._content_lengths(self.said)
            change += self._content_lengths(self.said[one] + self.said[other]) - alone[one] - alone[other]
        return np.asarray(change)

    def _near_pairs(self) -> IntArray:
        """(p, 2) pairs to try, each community with its nearest by follows and by content."""
        given, received = self.between.sum(axis=1) + 1, self.between.sum(axis=0) + 1
        by_follows = self.between / np.outer(given, received)
        measures = [by_follows + by_follows.T]
        if self.said is not None:
            plain = self.said / np.maximum(np.linalg.norm(self.said, axis=1, keepdims=True), 1e-12)
            measures.append(plain @ plain.T)
        pairs = set()
        for measure in measures:
            np.fill_diagonal(measure, -1)
            nearest = np.argsort(-measure, axis=1)[:, : min(NEAREST, self.count - 1)]
            pairs |= {(min(own, near), max(own, near)) for own, row in enumerate(nearest.tolist()) for near in row}
        return np.array(sorted(pairs), dtype=np.int64)


def _xlogx(values: FloatArray) -> FloatArray:
    from scipy.special import xlogy

    return np.asarray(xlogy(values, values))

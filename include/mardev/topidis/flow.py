"""One step of influence along all edges: the product that PageRank and HITS are made of."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mardev.topidis.graph import FloatArray, IntArray

LARGE_EDGE_COUNT = 200_000
"""From here on the compiled blocks are used; below, scipy is as fast and needs no compiled code."""
EDGES_WORTH_A_THREAD = 2_000_000
BLOCK_BITS = 16
"""A block has 65,536 nodes: its scores (512 KB) stay in a core's second-level cache, its local ids fit 16 bits."""


class Flow(Protocol):
    """A graph of n nodes as an operator on (n,) arrays."""

    @property
    def node_count(self) -> int: ...

    @property
    def strength(self) -> FloatArray:
        """(n,) total weight of the edges out of each node."""
        ...

    def forward(self, given: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """(n,) what each node receives: ``sum of weight * given[source]`` over the edges into it; may fill `out`."""
        ...

    def backward(self, given: FloatArray) -> FloatArray:
        """(n,) the other way: ``sum of weight * given[target]`` over the edges out of each node."""
        ...


def flow_of(
    source: IntArray, target: IntArray, node_count: int, weight: FloatArray | None = None, *, threads: int = 1
) -> Flow:
    """The operator of a graph.

    Parameters
    ----------
    source, target : (m,) node ids in [0, node_count); parallel edges count as one with the sum of their weights
    weight : (m,) > 0; None when every edge counts 1
    threads : how many threads a large graph (200,000 edges and more) may use

    Raises
    ------
    ValueError
        The arrays differ in length, or an id is outside [0, node_count).
    """
    if len(source) != len(target) or (weight is not None and len(weight) != len(source)):
        raise ValueError(f"Edges have {len(source)} sources, {len(target)} targets; they must be as many")
    if len(source) and not (
        min(int(source.min()), int(target.min())) >= 0 and max(int(source.max()), int(target.max())) < node_count
    ):
        raise ValueError(f"An edge names a node outside 0 to {node_count - 1}")
    if len(source) < LARGE_EDGE_COUNT:
        return SparseFlow(source, target, node_count, weight)
    return edge_blocks(source, target, node_count, weight, threads=threads)


class SparseFlow:
    """The operator as a scipy matrix."""

    def __init__(self, source: IntArray, target: IntArray, node_count: int, weight: FloatArray | None) -> None:
        from scipy import sparse

        values = np.ones(len(source)) if weight is None else weight
        self._strength = np.bincount(source, weights=values, minlength=node_count).astype(np.float64)
        self._into = sparse.csr_array((values, (target, source)), shape=(node_count, node_count))
        self._out_of = self._into.T

    @property
    def node_count(self) -> int:
        return len(self._strength)

    @property
    def strength(self) -> FloatArray:
        return self._strength

    def forward(self, given: FloatArray, out: FloatArray | None = None) -> FloatArray:  # noqa: ARG002  # scipy has none
        return np.asarray(self._into @ given, dtype=np.float64)

    def backward(self, given: FloatArray) -> FloatArray:
        return np.asarray(self._out_of @ given, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class EdgeBlocks:
    """Edges sorted into bins by (block of the source, block of the target), then by target; four bytes an edge.

    The sources of a row of bins are 65,536 neighbouring nodes whose scores stay in the cache, and the targets are
    walked through in order; in one sorted list of ten million edges nearly every read would miss the cache.
    """

    node_count: int
    strength: FloatArray
    start: IntArray
    low_source: Any
    low_target: Any
    weight: FloatArray
    threads: int

    @property
    def side(self) -> int:
        return blocks_of(self.node_count)

    def forward(self, given: FloatArray, out: FloatArray | None = None) -> FloatArray:
        from mardev.topidis.kernels import gather_forward

        return self._gather(gather_forward, given, np.empty(self.node_count) if out is None else out)

    def backward(self, given: FloatArray) -> FloatArray:
        from mardev.topidis.kernels import gather_backward

        return self._gather(gather_backward, given, np.empty(self.node_count))

    def _gather(self, kernel: Callable[..., None], given: FloatArray, taken: FloatArray) -> FloatArray:
        parts = min(self.threads, self.side, 1 + len(self.low_source) // EDGES_WORTH_A_THREAD)
        cuts = np.linspace(0, self.side, parts + 1).astype(np.int64)

        def part(number: int) -> None:
            kernel(
                self.start, self.low_source, self.low_target, self.weight, given, taken,
                int(cuts[number]), int(cuts[number + 1]), BLOCK_BITS, self.side,
            )  # fmt: skip

        _in_parallel(part, parts)
        return taken


def blocks_of(node_count: int) -> int:
    """How many blocks of 65,536 nodes there are."""
    return max((node_count - 1 >> BLOCK_BITS) + 1, 1)


def edge_blocks(
    source: IntArray, target: IntArray, node_count: int, weight: FloatArray | None = None, *, threads: int = 1
) -> EdgeBlocks:
    """Sort edges into bins; O(m), each thread takes a part of the edges. Arguments as for `flow_of`."""
    from mardev.topidis.kernels import count_bins, fill_bins, sort_bins

    source, target = np.ascontiguousarray(source, dtype=np.int64), np.ascontiguousarray(target, dtype=np.int64)
    side, edge_count = blocks_of(node_count), len(source)
    cuts = np.linspace(0, edge_count, threads + 1).astype(np.int64)
    counts = np.zeros((threads, side * side), dtype=np.int64)
    out_degrees = np.zeros((threads, node_count), dtype=np.int32)
    _in_parallel(
        lambda part: count_bins(
            source, target, cuts[part], cuts[part + 1], BLOCK_BITS, side, counts[part], out_degrees[part]
        ),
        threads,
    )
    start = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    place = start[:-1] + np.cumsum(counts, axis=0) - counts
    low_source, low_target = np.empty(edge_count, dtype=np.uint16), np.empty(edge_count, dtype=np.uint16)
    order = np.empty(0 if weight is None else edge_count, dtype=np.int64)
    _in_parallel(
        lambda part: fill_bins(
            source, target, cuts[part], cuts[part + 1], BLOCK_BITS, side, place[part], low_source, low_target, order
        ),
        threads,
    )
    rows = np.linspace(0, side * side, threads + 1).astype(np.int64)
    _in_parallel(
        lambda part: sort_bins(start, rows[part], rows[part + 1], BLOCK_BITS, low_source, low_target, order), threads
    )
    if weight is None:
        strength, weights = out_degrees.sum(axis=0).astype(np.float64), np.empty(0)
    else:
        strength = np.bincount(source, weights=weight, minlength=node_count).astype(np.float64)
        weights = np.asarray(weight, dtype=np.float64)[order]
    return EdgeBlocks(node_count, strength, start, low_source, low_target, weights, threads)


def _in_parallel(work: Callable[[int], object], parts: int) -> None:
    if parts == 1:
        work(0)
        return
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, range(parts)))

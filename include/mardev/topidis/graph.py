"""The who-endorses-whom graph as integer arrays, made once and shared by every algorithm."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import networkx

IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FollowGraph:
    """A directed, weighted graph without parallel edges and without self-loops.

    Attributes
    ----------
    nodes : n channel keys, distinct; a node's id is its place here
    source, target : (m,) node ids; channel `source` endorses channel `target`
    weight : (m,) strength of the evidence, > 0
    """

    nodes: tuple[str, ...]
    source: IntArray
    target: IntArray
    weight: FloatArray

    @classmethod
    def from_edges(
        cls, nodes: Iterable[str], edges: Iterable[tuple[str, str] | tuple[str, str, float]]
    ) -> "FollowGraph":
        """Build the graph from keys.

        Parameters
        ----------
        nodes : distinct channel keys; their order gives the ids
        edges : (source key, target key) or (source key, target key, weight)
            Edges of the same pair (several kinds of evidence) become one, their weights are added.

        Raises
        ------
        ValueError
            A node occurs twice, an edge names an unknown node, starts where it ends, or has a weight <= 0.

        Notes
        -----
        Edges are sorted by (source, target), so the same evidence in another order gives the same graph.

        Examples
        --------
        >>> graph = FollowGraph.from_edges(["ann", "bob"], [("ann", "bob"), ("ann", "bob", 2.0)])
        >>> graph.edge_count, graph.weight.tolist()
        (1, [3.0])
        """
        keys = tuple(nodes)
        position = {key: number for number, key in enumerate(keys)}
        if len(position) != len(keys):
            raise ValueError("A channel occurs twice among the nodes")
        source: list[int] = []
        target: list[int] = []
        weight: list[float] = []
        for edge in edges:
            try:
                source.append(position[edge[0]])
                target.append(position[edge[1]])
            except KeyError as missing:
                raise ValueError(f"An edge names {missing.args[0]!r}, which is not a node") from None
            weight.append(float(edge[2]) if len(edge) == 3 else 1.0)
        return _merged(
            keys, np.array(source, dtype=np.int64), np.array(target, dtype=np.int64), np.array(weight, dtype=np.float64)
        )

    @classmethod
    def from_arrays(
        cls, nodes: Iterable[str], source: IntArray, target: IntArray, weight: FloatArray | None = None
    ) -> "FollowGraph":
        """Build the graph from node ids, without a Python loop over the edges.

        Parameters
        ----------
        nodes : n distinct channel keys
        source, target : (m,) integers in [0, n)
        weight : (m,) > 0; None when every edge counts 1. Parallel edges become one, their weights are added.

        Raises
        ------
        ValueError
            As for `from_edges`.

        Examples
        --------
        >>> graph = FollowGraph.from_arrays(["ann", "bob"], np.array([0, 0]), np.array([1, 1]))
        >>> graph.edge_count, graph.weight.tolist()
        (1, [2.0])
        """
        keys = tuple(nodes)
        if len(set(keys)) != len(keys):
            raise ValueError("A channel occurs twice among the nodes")
        if len(source) != len(target) or (weight is not None and len(weight) != len(source)):
            raise ValueError(f"Edges have {len(source)} sources, {len(target)} targets; they must be as many")
        if len(source) and not (
            min(int(source.min()), int(target.min())) >= 0 and max(int(source.max()), int(target.max())) < len(keys)
        ):
            raise ValueError(f"An edge names a node outside 0 to {len(keys) - 1}")
        return _merged(keys, source.astype(np.int64, copy=False), target.astype(np.int64, copy=False), weight)

    @property
    def node_count(self) -> int:
        return len(self.nodes)

    @property
    def edge_count(self) -> int:
        return len(self.source)

    @cached_property
    def weight_if_any(self) -> FloatArray | None:
        """The weights, or None when every edge counts 1, which is faster to compute with."""
        return None if np.all(self.weight == 1.0) else self.weight

    @cached_property
    def position(self) -> dict[str, int]:
        """Channel key to node id."""
        return {key: number for number, key in enumerate(self.nodes)}

    def follower_counts(self) -> IntArray:
        """(n,) how many channels of the graph endorse each channel."""
        return np.bincount(self.target, minlength=self.node_count).astype(np.int64)

    def undirected(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Each connected pair once.

        Returns
        -------
        low, high : (k,) node ids, low < high, sorted
        weight : (k,) sum of both directions
        """
        low = np.minimum(self.source, self.target)
        high = np.maximum(self.source, self.target)
        return _unique_pairs(low, high, self.weight_if_any, self.node_count)

    def to_networkx(self) -> "networkx.DiGraph":
        """The graph for NetworkX: nodes are channel keys, edges carry `weight`. For up to about a million edges."""
        import networkx

        graph = networkx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_weighted_edges_from(
            (self.nodes[u], self.nodes[v], float(w))
            for u, v, w in zip(self.source, self.target, self.weight, strict=True)
        )
        return graph


def _merged(keys: tuple[str, ...], source: IntArray, target: IntArray, weight: FloatArray | None) -> FollowGraph:
    if np.any(source == target):
        raise ValueError(f"{keys[int(source[np.argmax(source == target)])]!r} endorses itself")
    if weight is not None and np.any(~(weight > 0)):
        raise ValueError("An edge has a weight that is not positive")
    return FollowGraph(keys, *_unique_pairs(source, target, weight, len(keys)))


def _unique_pairs(
    first: IntArray, second: IntArray, weight: FloatArray | None, node_count: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Sort pairs, each kept once; their weights (1 each for None) are added."""
    size = max(node_count, 1)
    code = first * size + second
    if weight is None:
        code.sort()
        is_first = np.ones(len(code), dtype=bool)
        np.not_equal(code[1:], code[:-1], out=is_first[1:])
        begins = np.flatnonzero(is_first)
        pairs, merged = code[begins], np.diff(np.append(begins, len(code))).astype(np.float64)
    else:
        pairs, inverse = np.unique(code, return_inverse=True)
        merged = np.bincount(inverse, weights=weight, minlength=len(pairs)).astype(np.float64)
    low = pairs // size
    return low, pairs - low * size, merged

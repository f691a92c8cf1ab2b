"""Compiled inner loops over the edges of large graphs; `edge_blocks` is the way in.

numba keeps the machine code beside this file (or in the user's cache folder when that is read-only), so that the some
ten seconds of compilation are paid once on a machine. Every loop lets go of the interpreter lock and runs on threads.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from mardev.topidis.graph import FloatArray, IntArray

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    return njit(cache=True, nogil=True)(loop)  # type: ignore[no-any-return]


def compiled_sums(loop: Loop) -> Loop:
    """Sums may be taken in another order, which is faster."""
    return njit(cache=True, nogil=True, fastmath=True)(loop)  # type: ignore[no-any-return]


@compiled
def count_bins(
    source: IntArray, target: IntArray, begin: int, end: int, bits: int, side: int, counts: IntArray, out_degree: Any
) -> None:
    """Count edges ``begin:end`` by (block of source, block of target) into `counts`, and by source."""
    for edge in range(begin, end):
        counts[(source[edge] >> bits) * side + (target[edge] >> bits)] += 1
        out_degree[source[edge]] += 1


@compiled
def fill_bins(
    source: IntArray, target: IntArray, begin: int, end: int, bits: int, side: int, place: IntArray,
    low_source: Any, low_target: Any, order: Any,
) -> None:  # fmt: skip
    """Put edges ``begin:end`` into their bins from `place` on; `order` (may be empty) notes where each came from."""
    mask = (1 << bits) - 1
    keeps_order = len(order) > 0
    for edge in range(begin, end):
        of_bin = (source[edge] >> bits) * side + (target[edge] >> bits)
        at = place[of_bin]
        place[of_bin] = at + 1
        low_source[at] = source[edge] & mask
        low_target[at] = target[edge] & mask
        if keeps_order:
            order[at] = edge


@compiled
def sort_bins(start: IntArray, first: int, last: int, bits: int, low_source: Any, low_target: Any, order: Any) -> None:
    """Sort the edges of the bins ``first:last`` by target, so that receivers are walked through in order."""
    counts = np.empty((1 << bits) + 1, np.int64)
    most = 0
    for of_bin in range(first, last):
        most = max(most, start[of_bin + 1] - start[of_bin])
    source, target = np.empty(most, np.uint16), np.empty(most, np.uint16)
    origin = np.empty(most if len(order) > 0 else 0, np.int64)
    for of_bin in range(first, last):
        begin, size = start[of_bin], start[of_bin + 1] - start[of_bin]
        counts[:] = 0
        for edge in range(size):
            source[edge], target[edge] = low_source[begin + edge], low_target[begin + edge]
            counts[target[edge] + 1] += 1
        for node in range(1 << bits):
            counts[node + 1] += counts[node]
        if len(order) > 0:
            origin[:size] = order[begin : begin + size]
        for edge in range(size):
            at = begin + counts[target[edge]]
            counts[target[edge]] += 1
            low_source[at], low_target[at] = source[edge], target[edge]
            if len(order) > 0:
                order[at] = origin[edge]


@compiled_sums
def gather_forward(
    start: IntArray, low_source: Any, low_target: Any, weight: FloatArray, given: FloatArray, taken: FloatArray,
    first: int, last: int, bits: int, side: int,
) -> None:  # fmt: skip
    """``taken[target] += weight * given[source]`` over the edges into target blocks ``first:last``."""
    begin, end = first << bits, min(last << bits, len(taken))
    for node in range(begin, end):
        taken[node] = 0.0
    weighted = len(weight) > 0
    for out_of in range(side):
        for into in range(first, last):
            of_bin = out_of * side + into
            source_offset, target_offset = out_of << bits, into << bits
            if weighted:
                for edge in range(start[of_bin], start[of_bin + 1]):
                    taken[target_offset + low_target[edge]] += weight[edge] * given[source_offset + low_source[edge]]
            else:
                for edge in range(start[of_bin], start[of_bin + 1]):
                    taken[target_offset + low_target[edge]] += given[source_offset + low_source[edge]]


@compiled_sums
def gather_backward(
    start: IntArray, low_source: Any, low_target: Any, weight: FloatArray, given: FloatArray, taken: FloatArray,
    first: int, last: int, bits: int, side: int,
) -> None:  # fmt: skip
    """``taken[source] += weight * given[target]`` over the edges out of source blocks ``first:last``."""
    begin, end = first << bits, min(last << bits, len(taken))
    for node in range(begin, end):
        taken[node] = 0.0
    weighted = len(weight) > 0
    for out_of in range(first, last):
        for into in range(side):
            of_bin = out_of * side + into
            source_offset, target_offset = out_of << bits, into << bits
            if weighted:
                for edge in range(start[of_bin], start[of_bin + 1]):
                    taken[source_offset + low_source[edge]] += weight[edge] * given[target_offset + low_target[edge]]
            else:
                for edge in range(start[of_bin], start[of_bin + 1]):
                    taken[source_offset + low_source[edge]] += given[target_offset + low_target[edge]]


@compiled
def core_numbers_of(start: IntArray, neighbour: Any) -> Any:
    """Core number of each node of an undirected graph in adjacency form (Batagelj, Zaversnik 2003)."""
    n = len(start) - 1
    degree = np.empty(n, np.int32)
    most = 0
    for node in range(n):
        degree[node] = start[node + 1] - start[node]
        most = max(most, degree[node])
    first_of = np.zeros(most + 2, np.int64)
    for node in range(n):
        first_of[degree[node] + 1] += 1
    for size in range(most + 1):
        first_of[size + 1] += first_of[size]
    place, ordered, fill = np.empty(n, np.int32), np.empty(n, np.int32), first_of.copy()
    for node in range(n):
        place[node] = fill[degree[node]]
        ordered[place[node]] = node
        fill[degree[node]] += 1
    for at in range(n):
        node = ordered[at]
        for edge in range(start[node], start[node + 1]):
            other = neighbour[edge]
            if degree[other] > degree[node]:
                # Swap `other` with the first node of its degree, then its degree falls by one.
                front = first_of[degree[other]]
                swapped = ordered[front]
                ordered[front], ordered[place[other]] = other, swapped
                place[swapped], place[other] = place[other], front
                first_of[degree[other]] += 1
                degree[other] -= 1
    return degree


@compiled
def adjacency_of(low: IntArray, high: IntArray, n: int) -> Any:
    """Undirected edges, each once, as adjacency: start (n + 1) and neighbours (2k)."""
    start = np.zeros(n + 1, np.int64)
    for edge in range(len(low)):
        start[low[edge] + 1] += 1
        start[high[edge] + 1] += 1
    for node in range(n):
        start[node + 1] += start[node]
    fill = start[:-1].copy()
    neighbour = np.empty(2 * len(low), np.int32)
    for edge in range(len(low)):
        neighbour[fill[low[edge]]] = high[edge]
        fill[low[edge]] += 1
        neighbour[fill[high[edge]]] = low[edge]
        fill[high[edge]] += 1
    return start, neighbour

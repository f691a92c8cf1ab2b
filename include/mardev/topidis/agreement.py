"""How far two divisions of the same channels agree."""

from typing import TYPE_CHECKING

import numpy as np

from mardev.topidis.graph import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy import sparse


def normalised_mutual_information(first: IntArray, second: IntArray) -> float:
    """Normalised mutual information of two partitions.

    Parameters
    ----------
    first, second : (n,) group of each node, any numbers

    Returns
    -------
    float in [0, 1]; 1.0 for the same groups whatever their numbers, 1.0 when both know one group only

    Raises
    ------
    ValueError
        The lengths differ.

    Notes
    -----
    ``2 I(X; Y) / (H(X) + H(Y))`` [1]_.

    References
    ----------
    .. [1] Danon, Díaz-Guilera, Duch, Arenas, "Comparing community structure identification", J. Stat. Mech. 2005,
       P09008. doi:10.1088/1742-5468/2005/09/P09008

    Examples
    --------
    >>> normalised_mutual_information(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2]))
    1.0
    """
    if len(first) != len(second):
        raise ValueError(f"The partitions are of {len(first)} and {len(second)} nodes")
    if not len(first):
        return 1.0
    together = shared_members(first, second).tocoo()
    share = together.data / len(first)
    of_first, of_second = (np.asarray(share_of) / len(first) for share_of in _sizes(first, second))
    entropy = _entropy(of_first) + _entropy(of_second)
    if entropy == 0:
        return 1.0
    mutual = float((share * np.log(share / (of_first[together.row] * of_second[together.col]))).sum())
    return float(np.clip(2 * mutual / entropy, 0.0, 1.0))


def overlap(first: IntArray, second: IntArray) -> FloatArray:
    """(a, b) Jaccard index of each group of the first partition with each of the second.

    Parameters
    ----------
    first, second : (n,) group of each node, 0-based

    Examples
    --------
    >>> overlap(np.array([0, 0, 1]), np.array([0, 1, 1])).round(2).tolist()
    [[0.5, 0.33], [0.0, 0.5]]
    """
    if not len(first):
        return np.zeros((0, 0))
    shape = int(first.max()) + 1, int(second.max()) + 1
    both = np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None] - both
    return np.asarray(both / np.maximum(either, 1))


def shared_members(first: IntArray, second: IntArray) -> "sparse.coo_array":
    """(a, b) sparse, how many nodes each pair of groups shares; groups in rising order of their numbers."""
    from scipy import sparse

    rows, columns = (np.unique(one, return_inverse=True)[1] for one in (first, second))
    counted = sparse.coo_array((np.ones(len(first)), (rows, columns)))
    counted.sum_duplicates()
    return counted


def _sizes(first: IntArray, second: IntArray) -> tuple[FloatArray, FloatArray]:
    one, other = (np.unique(given, return_counts=True)[1].astype(np.float64) for given in (first, second))
    return one, other


def _entropy(share: FloatArray) -> float:
    return -float((share * np.log(share)).sum())

"""Verticals over time: which community of today is which of the last run, and what was born, died, split or merged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mardev.topidis.agreement import overlap
from mardev.topidis.graph import IntArray

LEAST_OVERLAP = 0.3
"""Jaccard index from which two communities are taken for the same; below it more is new than kept."""
MOST_OF = 0.5

ChangeKind = Literal["continued", "born", "died", "split", "merged"]


@dataclass(frozen=True)
class VerticalChange:
    """What became of a vertical.

    Attributes
    ----------
    kind : "continued", "born" (new), "died" (gone), "split" (this community left that vertical, which goes on) or
        "merged" (that vertical went into this community, which continues another)
    earlier : key of the vertical in the earlier run; None when born
    community_no : community of the later run; None when died
    overlap : Jaccard index when continued; share of the members of the smaller part otherwise, 0.0 for born and died
    """

    kind: ChangeKind
    earlier: str | None
    community_no: int | None
    overlap: float


def match_verticals(earlier: Mapping[str, str], channel_keys: Sequence[str], labels: IntArray) -> list[VerticalChange]:
    """Match the communities of two runs by their members.

    Parameters
    ----------
    earlier : channel key to the key of its vertical in the earlier run
    channel_keys : n channels of the later run
    labels : (n,) community of each, 0-based

    Returns
    -------
    list of VerticalChange: one for each community of the later run in rising order, then those that died or merged

    Raises
    ------
    ValueError
        `channel_keys` and `labels` are not of the same length.

    Notes
    -----
    Jaccard indices over the channels of both runs, assigned one to one so that their sum is highest (Hungarian method
    [1]_); pairs below 0.3 are no match. A community without a match is a split when most of its known members come
    from one vertical that goes on. A vertical without a match has merged when most of its members, as far as they are
    still there, are in one community that continues another.

    References
    ----------
    .. [1] Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2, 1955.
    .. [2] Greene, Doyle, Cunningham, "Tracking the evolution of communities in dynamic social networks", ASONAM 2010.
       doi:10.1109/ASONAM.2010.17

    Examples
    --------
    >>> before = {"a": "v1", "b": "v1", "c": "v2", "d": "v2"}
    >>> [(one.kind, one.earlier) for one in match_verticals(before, ["a", "b", "c", "e"], np.array([0, 0, 1, 2]))]
    [('continued', 'v1'), ('continued', 'v2'), ('born', None)]
    """
    if len(channel_keys) != len(labels):
        raise ValueError(f"{len(channel_keys)} channels but {len(labels)} labels")
    keys = sorted(set(earlier.values()))
    count = int(labels.max()) + 1 if len(labels) else 0
    shared = _shared(earlier, keys, channel_keys, labels, count)
    partner = _partners(shared)
    continued = {community: place for place, community in partner.items()}
    changes = [_origin(community, continued, keys, shared) for community in range(count)]
    changes += [_end(place, key, continued, shared) for place, key in enumerate(keys) if place not in partner]
    return changes


def keep_together(
    earlier: Mapping[str, str], pinned: Collection[str], channel_keys: Sequence[str], labels: IntArray
) -> IntArray:
    """The later run with the members of pinned verticals brought back together.

    Parameters
    ----------
    earlier, channel_keys, labels : as for `match_verticals`
    pinned : keys of verticals that people made or want kept; others are left as found

    Returns
    -------
    (n,) community of each channel, 0-based, none empty; new numbers for pinned verticals that were not found again

    Notes
    -----
    A pinned vertical lives in the community that continues it. Its known members go there; so do the newcomers of a
    community that had split from it.

    Examples
    --------
    >>> before = {"a": "v1", "b": "v1", "c": "v1", "d": "v2"}
    >>> keep_together(before, {"v1"}, ["a", "b", "c", "d"], np.array([0, 0, 1, 1])).tolist()
    [0, 0, 0, 1]
    """
    changes = match_verticals(earlier, channel_keys, labels)
    kept = np.array(labels, dtype=np.int64)
    unused = int(kept.max()) + 1 if len(kept) else 0
    home: dict[str, int] = {}
    for key in sorted(set(pinned) & set(earlier.values())):
        found = next((one.community_no for one in changes if one.kind == "continued" and one.earlier == key), None)
        home[key] = unused if found is None else found
        unused += found is None
    for change in changes:
        if change.kind == "split" and change.earlier in home:
            kept[np.asarray(labels) == change.community_no] = home[change.earlier]
    for place, key in enumerate(channel_keys):
        if earlier.get(key) in home:
            kept[place] = home[earlier[key]]
    return np.unique(kept, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Shared:
    """(a, b) members that each earlier vertical shares with each later community, and their Jaccard index."""

    members: IntArray
    jaccard: np.typing.NDArray[np.float64]


def _shared(
    earlier: Mapping[str, str], keys: Sequence[str], channel_keys: Sequence[str], labels: IntArray, count: int
) -> _Shared:
    place = {key: number for number, key in enumerate(keys)}
    both = [
        (place[earlier[key]], label) for key, label in zip(channel_keys, labels.tolist(), strict=True) if key in earlier
    ]
    members = np.zeros((len(keys), count), dtype=np.int64)
    jaccard = np.zeros((len(keys), count))
    if both:
        before, now = np.array(both, dtype=np.int64).T
        np.add.at(members, (before, now), 1)
        index = overlap(before, now)
        jaccard[: index.shape[0], : index.shape[1]] = index
    return _Shared(members, jaccard)


def _partners(shared: _Shared) -> dict[int, int]:
    """Place of the earlier vertical to number of the community that continues it."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(shared.jaccard, maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {row: column for row, column in pairs if shared.jaccard[row, column] >= LEAST_OVERLAP}


def _origin(community: int, continued: Mapping[int, int], keys: Sequence[str], shared: _Shared) -> VerticalChange:
    if community in continued:
        place = continued[community]
        return VerticalChange("continued", keys[place], community, float(shared.jaccard[place, community]))
    known = int(shared.members[:, community].sum())
    if known:
        place = int(shared.members[:, community].argmax())
        share = float(shared.members[place, community]) / known
        if share > MOST_OF and place in continued.values():
            return VerticalChange("split", keys[place], community, share)
    return VerticalChange("born", None, community, 0.0)


def _end(place: int, key: str, continued: Mapping[int, int], shared: _Shared) -> VerticalChange:
    there = int(shared.members[place].sum())
    if there:
        community = int(shared.members[place].argmax())
        share = float(shared.members[place, community]) / there
        if share > MOST_OF and community in continued:
            return VerticalChange("merged", key, community, share)
    return VerticalChange("died", key, None, 0.0)

"""How much of who-follows-whom a crawl saw, by platform and country, hidden lists included."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

ListState = Literal["read", "hidden", "unread"]
LEAST_READ = 10
"""With fewer lists read in a country, the platform's are taken for how long a list is."""
LEVEL = 0.9


@dataclass(frozen=True)
class FollowList:
    """What the crawl knows of one channel's list.

    Attributes
    ----------
    platform, country : as stored; country None when the channel does not tell
    state : "read", "hidden" by its owner, or "unread" by the crawl
    edges : follows to known channels that were read from it; 0 unless read
    """

    platform: str
    country: str | None
    state: ListState
    edges: int = 0


@dataclass(frozen=True)
class Coverage:
    """What the crawl saw of one group of channels.

    Attributes
    ----------
    platform : None for all
    country : "" for the channels that do not tell theirs, None for a whole platform and for all
    read, hidden, unread : lists
    edges_seen : follows
    edges_expected : follows there are by estimate, seen ones included
    edge_share : seen by expected, in [0, 1]; None when no list was read, for then nothing is known
    low, high : 90 % interval of `edge_share`
    """

    platform: str | None
    country: str | None
    read: int
    hidden: int
    unread: int
    edges_seen: int
    edges_expected: float
    edge_share: float | None
    low: float | None
    high: float | None

    @property
    def list_share(self) -> float | None:
        """Lists read by lists there are; None when there is none."""
        lists = self.read + self.hidden + self.unread
        return self.read / lists if lists else None


def coverage_of(lists: Iterable[FollowList]) -> list[Coverage]:
    """Coverage of everything, of each platform, and of each country on it.

    Parameters
    ----------
    lists : one for each channel and kind of list

    Returns
    -------
    list of Coverage: all first, then each platform followed by its countries, in alphabetical order

    Notes
    -----
    A list that was not read is taken to be as long as the lists read in its country on its platform, or on the platform
    when fewer than 10 were read in the country. That holds as far as hiding does not depend on how many one follows;
    who hides cannot be asked. The interval is that of the mean length (ratio estimator, normal approximation).

    Examples
    --------
    >>> seen = [FollowList("youtube", "DE", "read", 12), FollowList("youtube", "DE", "hidden")]
    >>> [(one.country, one.edge_share, one.list_share) for one in coverage_of(seen)]
    [(None, 0.5, 0.5), (None, 0.5, 0.5), ('DE', 0.5, 0.5)]
    """
    by_country: dict[tuple[str, str], list[FollowList]] = defaultdict(list)
    by_platform: dict[str, list[FollowList]] = defaultdict(list)
    for one in lists:
        by_country[one.platform, one.country or ""].append(one)
        by_platform[one.platform].append(one)
    found: list[Coverage] = []
    totals: dict[str, list[_Tally]] = defaultdict(list)
    rows: dict[str, list[Coverage]] = defaultdict(list)
    for (platform, country), own in sorted(by_country.items()):
        read = [one for one in own if one.state == "read"]
        like = read if len(read) >= LEAST_READ else [one for one in by_platform[platform] if one.state == "read"]
        tally = _tally(own, like)
        totals[platform].append(tally)
        rows[platform].append(tally.coverage(platform, country))
    everything = [tally for platform in sorted(totals) for tally in totals[platform]]
    if everything:
        found.append(_sum(everything).coverage(None, None))
    for platform in sorted(totals):
        found += [_sum(totals[platform]).coverage(platform, None), *rows[platform]]
    return found


@dataclass(frozen=True)
class _Tally:
    read: int
    hidden: int
    unread: int
    edges: int
    missing: float
    """Follows expected on the lists that were not read."""
    variance: float
    """Of `missing`."""
    is_known: bool

    def coverage(self, platform: str | None, country: str | None) -> Coverage:
        expected = self.edges + self.missing
        share = self.edges / expected if self.is_known and expected else None
        low = high = None
        if share is not None:
            away = NormalDist().inv_cdf((1 + LEVEL) / 2) * share * sqrt(self.variance) / expected
            low, high = max(share - away, 0.0), min(share + away, 1.0)
        return Coverage(platform, country, self.read, self.hidden, self.unread, self.edges, expected, share, low, high)


def _tally(own: list[FollowList], like: list[FollowList]) -> _Tally:
    count = {state: sum(1 for one in own if one.state == state) for state in ("read", "hidden", "unread")}
    not_read = count["hidden"] + count["unread"]
    lengths = [one.edges for one in like]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    spread = sum((length - mean) ** 2 for length in lengths) / max(len(lengths) - 1, 1)
    variance = spread * (not_read**2 / len(lengths) + not_read) if lengths else 0.0
    edges = sum(one.edges for one in own)
    return _Tally(count["read"], count["hidden"], count["unread"], edges, mean * not_read, variance, bool(lengths))


def _sum(tallies: list[_Tally]) -> _Tally:
    return _Tally(
        sum(one.read for one in tallies),
        sum(one.hidden for one in tallies),
        sum(one.unread for one in tallies),
        sum(one.edges for one in tallies),
        sum(one.missing for one in tallies),
        sum(one.variance for one in tallies),
        any(one.is_known for one in tallies),
    )

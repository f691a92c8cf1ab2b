"""What a crawl will cost, how long it takes, what it will look at; and the best that fits where that is too much. Pure.

A forecast rests on the best evidence there is: a crawl of the same scope, else what earlier crawls of the same platform
cost for each channel, else what the platform documents.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from mardev.connectors.platform import PlatformKind, StepCost
from mardev.stages.plan.crawl import CrawlScope

DOCUMENTED = "the platform's documentation"
DOCUMENTED_ITEMS = {"channel": 1.3, "statistics": 8.0}
"""Items of a step for each channel read in full, before any crawl: for ten accounts kept 13 are looked at, and a
channel published eight times in 60 days. What is not named is asked once for each channel."""
ONCE = ("search", "handle")
"""Steps whose number of items the scope says exactly."""


@dataclass(frozen=True)
class Rate:
    """What a step cost in earlier crawls: items for each channel read in full, calls for each item."""

    items_per_channel: float
    calls_per_item: float


@dataclass(frozen=True)
class Experience:
    """What a forecast rests on.

    Attributes:
        rests_on: said to people.
        rates: by step; a step without one is forecast from the documentation.
        found_share: channels found, for each channel asked for.
        exact: items and calls of each step of a crawl of the same scope; empty without one.
    """

    rests_on: str = DOCUMENTED
    rates: Mapping[str, Rate] = field(default_factory=dict)
    found_share: float = 1.0
    seconds_per_call: float | None = None
    exact: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class StepForecast:
    """One step of a crawl: how many items, calls and units of which bucket. Every call costs one unit."""

    step: str
    bucket: str
    items: int
    calls: int


@dataclass(frozen=True)
class Stock:
    """What a bucket holds for this pipeline: units now, units of each later window, when this one ends."""

    left: int
    each_window: int
    window_end: datetime
    window: timedelta


@dataclass(frozen=True)
class CrawlForecast:
    """A crawl before its first call.

    Attributes:
        channels: read in full.
        seconds: of work, waiting for quota not counted.
    """

    platform: str
    steps: tuple[StepForecast, ...]
    channels: int
    seconds: float
    rests_on: str

    @property
    def units(self) -> dict[str, int]:
        """Bucket to units, 0 included."""
        found: dict[str, int] = {}
        for one in self.steps:
            found[one.bucket] = found.get(one.bucket, 0) + one.calls
        return found

    @property
    def calls(self) -> int:
        return sum(one.calls for one in self.steps)

    def done_by(self, stocks: Mapping[str, Stock], now: datetime) -> datetime:
        """When the quota lets the crawl end; a bucket without a stock holds nothing back."""
        ends = [now + timedelta(seconds=self.seconds)]
        for bucket, units in self.units.items():
            if (stock := stocks.get(bucket)) and units > stock.left:
                windows = ceil((units - stock.left) / max(stock.each_window, 1))
                ends.append(stock.window_end + (windows - 1) * stock.window)
        return max(ends)


def scope_digest(scope: CrawlScope) -> str:
    """The same for two scopes that ask the same questions."""
    said = [scope.topics, scope.markets, scope.languages, scope.starting_points, scope.channel_limit]
    return sha256(json.dumps([list(one) if isinstance(one, Sequence) else one for one in said]).encode()).hexdigest()[
        :16
    ]


def search_words(scope: CrawlScope, kind: PlatformKind) -> list[str]:
    """What is searched for: topics, then starting points that name no account."""
    points = [one for one in scope.starting_points if not (one.startswith("@") or kind.is_id(one))]
    return list(dict.fromkeys([*scope.topics, *points]))


def forecast_crawl(scope: CrawlScope, kind: PlatformKind, experience: Experience) -> CrawlForecast:
    """Items, calls and units of each step of a crawl of `scope`."""
    channels = round(scope.channel_limit * min(experience.found_share, 1.0))
    steps = tuple(_step(one, scope, kind, experience, channels) for one in kind.costs)
    calls = sum(one.calls for one in steps)
    seconds = calls * (experience.seconds_per_call or kind.seconds_per_call)
    return CrawlForecast(kind.name, steps, channels, seconds, experience.rests_on)


def _step(cost: StepCost, scope: CrawlScope, kind: PlatformKind, experience: Experience, channels: int) -> StepForecast:
    if cost.step in experience.exact:
        items, calls = experience.exact[cost.step]
        return StepForecast(cost.step, cost.bucket, items, calls)
    if cost.step in ONCE:
        items = _once(cost.step, scope, kind)
        return StepForecast(cost.step, cost.bucket, items, items)
    rate = experience.rates.get(cost.step) or Rate(
        DOCUMENTED_ITEMS.get(cost.step, 1.0), cost.calls_per_item / cost.items_per_call
    )
    items = round(channels * rate.items_per_channel)
    return StepForecast(cost.step, cost.bucket, items, ceil(round(items * rate.calls_per_item, 6)))


def _once(step: str, scope: CrawlScope, kind: PlatformKind) -> int:
    if step == "handle":
        return sum(point.startswith("@") for point in scope.starting_points)
    can = kind.capabilities
    each = len(scope.markets) if can.searches_by_market else 1
    return len(search_words(scope, kind)) * each if can.can_search else 0


def best_that_fits(
    scope: CrawlScope,
    kind: PlatformKind,
    experience: Experience,
    stocks: Mapping[str, Stock],
    now: datetime,
    until: datetime,
) -> CrawlScope | None:
    """The largest crawl of the same kind that ends in time: first the seeds that fit, then as many channels as fit.

    Accounts that were named stay, words are kept in their order. None when not even the seeds fit.
    """
    anew = replace(experience, exact={})

    def fits(one: CrawlScope) -> bool:
        return forecast_crawl(one, kind, anew).done_by(stocks, now) <= until

    words = search_words(scope, kind)
    named = [point for point in scope.starting_points if point not in words]
    kept = next(
        (
            seeded
            for count in range(len(words), -1, -1)
            if fits(replace(seeded := replace(scope, topics=words[:count], starting_points=named), channel_limit=1))
        ),
        None,
    )
    if kept is None:
        return None
    low, high = 1, scope.channel_limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(replace(kept, channel_limit=middle)) else (low, middle - 1)
    return replace(kept, channel_limit=low)


def refresh_days(channels: int, kind: PlatformKind, units_a_day: int) -> int:
    """Every how many days the counters of `channels` can be read again, with `units_a_day` for it; 1 is daily."""
    cost = next((one for one in kind.costs if one.step == "channel"), StepCost("channel"))
    return max(1, ceil(ceil(channels / cost.items_per_call) / max(units_a_day, 1)))

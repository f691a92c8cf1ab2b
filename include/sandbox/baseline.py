"""What the app store sells and how many come by without any campaign: weekly and daily rhythm, per market."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from sandbox.economy.markets import MARKETS, WEEKLY_PATTERN, Market, hourly_pattern
from sandbox.hashing import generator
from sandbox.incidents import Incidents
from sandbox.model import CURRENCY, Order

HISTORY = timedelta(days=120)
KINDS_PER_INSTALL = {"install": 1.0, "sign_up": 0.4, "purchase": 0.12, "other": 0.05}
GROWTH_PER_DAY = 0.0008
SOURCES = (
    ("(direct)", "(none)", 0.46),
    ("google", "organic", 0.34),
    ("newsletter", "email", 0.12),
    ("bing", "organic", 0.08),
)
ORDER_SOURCES = (("", "", 0.62), ("google", "organic", 0.28), ("newsletter", "email", 0.1))


@dataclass(frozen=True, slots=True)
class BaselineSessions:
    """Sessions of one market, day and source in each UTC hour (24 values)."""

    source: str
    medium: str
    per_hour: np.ndarray


class Baseline:
    """Drawn by market and day, kept, always the same."""

    def __init__(self, seed: int, start: datetime, incidents: Incidents) -> None:
        self._seed, self._start, self._incidents = seed, start, incidents
        self._orders: dict[tuple[str, date], list[Order]] = {}
        self._sessions: dict[tuple[str, date], list[BaselineSessions]] = {}

    @property
    def first_day(self) -> date:
        return (self._start - HISTORY).date()

    def orders(self, since: datetime | None, now: datetime) -> list[Order]:
        """Organic orders that found the landing page working."""
        found = []
        day = max(self.first_day, since.date()) if since else self.first_day
        while day <= now.date():
            for market in MARKETS.values():
                found += [order for order in self._day(market, day) if self._happens(order, since, now)]
            day += timedelta(days=1)
        return found

    def sessions(self, market: Market, day: date) -> list[BaselineSessions]:
        """Empty before the history begins."""
        if day < self.first_day:
            return []
        key = (market.key, day)
        if key not in self._sessions:
            rng = generator(self._seed, "baseline-sessions", market.key, day)
            mean = market.baseline_sessions_per_day * self._level(day) * hourly_pattern(market)
            self._sessions[key] = [
                BaselineSessions(source, medium, rng.poisson(mean * share)) for source, medium, share in SOURCES
            ]
        return self._sessions[key]

    def _happens(self, order: Order, since: datetime | None, now: datetime) -> bool:
        if order.ordered_at > now or (since is not None and order.ordered_at < since):
            return False
        return not self._incidents.active("landing", order.market, order.ordered_at)

    def _level(self, day: date) -> float:
        return WEEKLY_PATTERN[day.weekday()] * (1 + GROWTH_PER_DAY * (day - self.first_day).days)

    def _day(self, market: Market, day: date) -> list[Order]:
        key = (market.key, day)
        if key not in self._orders:
            self._orders[key] = self._draw(market, day)
        return self._orders[key]

    def _draw(self, market: Market, day: date) -> list[Order]:
        rng = generator(self._seed, "baseline-orders", market.key, day)
        midnight = datetime.combine(day, time(), UTC)
        weights = np.array([share for _, _, share in ORDER_SOURCES])
        orders = []
        for kind, share in KINDS_PER_INSTALL.items():
            mean = market.baseline_installs_per_day * self._level(day) * share * hourly_pattern(market)
            hours = np.repeat(np.arange(24), rng.poisson(mean))
            seconds = np.sort(hours * 3600 + rng.integers(0, 3600, len(hours)))
            sources = rng.choice(len(ORDER_SOURCES), len(hours), p=weights)
            prices = rng.random(len(hours))
            for position, second in enumerate(seconds):
                source, medium, _ = ORDER_SOURCES[sources[position]]
                cents = int(199 + 3800 * prices[position] ** 3) if kind == "purchase" else 0
                orders.append(
                    Order(
                        order_id=f"B{market.key}{day:%y%m%d}{kind[0].upper()}{position:03d}",
                        ordered_at=midnight + timedelta(seconds=int(second)),
                        kind=kind,
                        market=market.key,
                        promo_code="",
                        utm_source=source,
                        utm_medium=medium,
                        utm_campaign="",
                        utm_content="",
                        amount=Decimal(cents) / 100,
                        currency=CURRENCY,
                        is_test=False,
                    )
                )
        return sorted(orders, key=lambda order: (order.ordered_at, order.order_id))

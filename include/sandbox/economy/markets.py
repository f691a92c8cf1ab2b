"""Four markets: how many creators, how much an audience is worth, how busy the app store is without any campaign."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Market:
    """Per day and person figures of one market."""

    key: str
    language: str
    share: float
    """Share of all creators."""
    cost_per_thousand_views_eur: float
    install_rate: float
    """Installs per human click of a creator with fit 1."""
    baseline_installs_per_day: float
    baseline_sessions_per_day: float
    tracked_share: float
    """Share of sessions that the analytics property may count (consent, blockers)."""
    evening_utc: int
    """Hour in UTC at which people are most active."""


MARKETS: dict[str, Market] = {
    market.key: market
    for market in (
        Market("DE", "de", 0.29, 14.0, 0.24, 22.0, 420.0, 0.74, 18),
        Market("US", "en", 0.30, 15.0, 0.22, 40.0, 780.0, 0.9, 1),
        Market("BR", "pt", 0.21, 7.0, 0.27, 18.0, 360.0, 0.92, 23),
        Market("JP", "ja", 0.20, 13.0, 0.2, 16.0, 310.0, 0.88, 11),
    )
}
WEEKLY_PATTERN = (0.92, 0.9, 0.93, 0.97, 1.06, 1.15, 1.12)
"""Monday to Sunday."""


def hourly_pattern(market: Market) -> np.ndarray:
    """Share of a day in each UTC hour, 24 values that sum to 1."""
    hours = np.arange(24)
    distance = np.minimum((hours - market.evening_utc) % 24, (market.evening_utc - hours) % 24)
    weight = 0.35 + np.exp(-((distance / 4.5) ** 2))
    return np.asarray(weight / weight.sum())

"""What a placement should bring: views, clicks, conversions, each with a range.

Rates are starting assumptions per format and kind of conversion; `learn_rates` moves them towards what was measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mardev.domain.words import ConversionKind, IntegrationType

FOUR_OF_FIVE = 1.2816
"""Normal quantile that leaves a tenth on each side."""
SHARED_VARIANCE = 0.25
"""Share of the variance that placements of one iteration have in common (season, offer, landing page)."""
HALF_LIFE_DAYS = 2.0
"""A post has half of its lasting views after so many days."""
VIEWS_LEVEL = {
    IntegrationType.DEDICATED_VIDEO: 0.85,
    IntegrationType.INTEGRATED_MENTION: 1.0,
    IntegrationType.SHORT: 1.1,
    IntegrationType.LIVE_STREAM: 0.4,
    IntegrationType.GIVEAWAY: 1.0,
    IntegrationType.POST: 0.3,
}
"""Views compared with a typical post of the channel."""
CLICK_RATE = {
    IntegrationType.DEDICATED_VIDEO: 0.02,
    IntegrationType.INTEGRATED_MENTION: 0.012,
    IntegrationType.SHORT: 0.004,
    IntegrationType.LIVE_STREAM: 0.015,
    IntegrationType.GIVEAWAY: 0.025,
    IntegrationType.POST: 0.01,
}
"""Clicks per view."""
CONVERSION_RATE = {
    ConversionKind.INSTALL: 0.15,
    ConversionKind.SIGN_UP: 0.08,
    ConversionKind.PURCHASE: 0.03,
    ConversionKind.OTHER: 0.05,
}
"""Conversions per click."""
PRIOR_VIEWS = 50_000.0
PRIOR_CLICKS = 300.0
"""Weight of the assumptions, in observed views and clicks."""


@dataclass(frozen=True)
class Range:
    """An expected figure; four of five outcomes are expected between `low` and `high`."""

    low: float
    expected: float
    high: float


@dataclass(frozen=True)
class Rates:
    """Shares along the funnel, with what is known about their spread.

    Attributes
    ----------
    click_rate : clicks per view
    conversion_rate : conversions per click
    view_spread, click_spread, conversion_spread : standard deviation of the natural logarithm
    """

    click_rate: float
    conversion_rate: float
    view_spread: float = 0.45
    click_spread: float = 0.6
    conversion_spread: float = 0.5


@dataclass(frozen=True)
class OutcomeForecast:
    """What to expect of one placement, or of a plan."""

    views: Range
    clicks: Range
    conversions: Range


def default_rates(integration_type: IntegrationType, conversion_kind: ConversionKind) -> Rates:
    """The assumptions before anything was measured."""
    return Rates(CLICK_RATE[IntegrationType(integration_type)], CONVERSION_RATE[ConversionKind(conversion_kind)])


def forecast_outcome(
    *,
    average_views: float,
    integration_type: IntegrationType,
    conversion_kind: ConversionKind,
    days: float,
    rates: Rates | None = None,
) -> OutcomeForecast:
    """What one placement brings within `days` after publication.

    Parameters
    ----------
    average_views : lasting views of a typical post of the channel, >= 0
    days : from publication to the end of the flight, >= 0
    rates : learned ones; the assumptions unless given

    Returns
    -------
    OutcomeForecast
        ``expected`` is the mean. Views, click rate and conversion rate are taken as independent and log-normal, so the
        ranges widen along the funnel.

    Raises
    ------
    ValueError
        `average_views` or `days` is negative or not finite.

    Examples
    --------
    >>> found = forecast_outcome(
    ...     average_views=10_000,
    ...     integration_type=IntegrationType.INTEGRATED_MENTION,
    ...     conversion_kind=ConversionKind.INSTALL,
    ...     days=1000,
    ... )
    >>> round(found.views.expected), round(found.clicks.expected), round(found.conversions.expected)
    (10000, 120, 18)
    """
    if not (average_views >= 0 and math.isfinite(average_views)):
        raise ValueError(f"average_views is {average_views}, expected a number >= 0")
    integration = IntegrationType(integration_type)
    used = rates or default_rates(integration, conversion_kind)
    views = average_views * VIEWS_LEVEL[integration] * share_of_views_by(days)
    clicks = views * used.click_rate
    click_spread = math.hypot(used.view_spread, used.click_spread)
    return OutcomeForecast(
        views=_range(views, used.view_spread),
        clicks=_range(clicks, click_spread),
        conversions=_range(clicks * used.conversion_rate, math.hypot(click_spread, used.conversion_spread)),
    )


def combine_forecasts(forecasts: Sequence[OutcomeForecast]) -> OutcomeForecast:
    """What several placements bring together.

    Means add up. A quarter of the variance is taken as common to all (see `SHARED_VARIANCE`), so a large plan is more
    certain than one placement but never certain. All zero for no placements.
    """
    return OutcomeForecast(
        views=_sum([forecast.views for forecast in forecasts]),
        clicks=_sum([forecast.clicks for forecast in forecasts]),
        conversions=_sum([forecast.conversions for forecast in forecasts]),
    )


def learn_rates(prior: Rates, *, views: int, clicks: int, conversions: int) -> Rates:
    """Rates after a measurement: the mean of a beta distribution that starts at `prior`.

    The assumptions weigh as much as 50,000 views and 300 clicks.

    Raises
    ------
    ValueError
        A count is negative, or there are more clicks than views or more conversions than clicks.

    Examples
    --------
    >>> learned = learn_rates(Rates(0.01, 0.1), views=50_000, clicks=1_500, conversions=0)
    >>> round(learned.click_rate, 4), round(learned.conversion_rate, 4)
    (0.02, 0.0167)
    """
    if not 0 <= conversions <= clicks <= views:
        raise ValueError(f"{views} views, {clicks} clicks, {conversions} conversions cannot be")
    return replace(
        prior,
        click_rate=(prior.click_rate * PRIOR_VIEWS + clicks) / (PRIOR_VIEWS + views),
        conversion_rate=(prior.conversion_rate * PRIOR_CLICKS + conversions) / (PRIOR_CLICKS + clicks),
    )


def share_of_views_by(days: float) -> float:
    """Share of a post's lasting views that it has `days` after publication: ``1 - 2 ** (-days / 2)``, 0 before.

    Raises ValueError when `days` is not a number.

    Examples
    --------
    >>> share_of_views_by(0), share_of_views_by(2)
    (0.0, 0.5)
    """
    if math.isnan(days):
        raise ValueError("days is not a number")
    return 1 - 2 ** (-max(days, 0.0) / HALF_LIFE_DAYS)


def _range(mean: float, spread: float) -> Range:
    """Log-normal with this mean and logarithmic standard deviation."""
    median = mean * math.exp(-(spread**2) / 2)
    return Range(median * math.exp(-FOUR_OF_FIVE * spread), mean, median * math.exp(FOUR_OF_FIVE * spread))


def _sum(ranges: Sequence[Range]) -> Range:
    mean = sum(part.expected for part in ranges)
    if mean == 0:
        return Range(0.0, 0.0, 0.0)
    deviations = [part.expected * math.sqrt(math.expm1(_spread(part) ** 2)) for part in ranges]
    own = sum(deviation**2 for deviation in deviations) * (1 - SHARED_VARIANCE)
    common = sum(deviations) ** 2 * SHARED_VARIANCE
    return _range(mean, math.sqrt(math.log1p((own + common) / mean**2)))


def _spread(part: Range) -> float:
    return math.log(part.high / part.low) / (2 * FOUR_OF_FIVE) if part.low > 0 else 0.0

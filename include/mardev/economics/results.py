"""What a placement or an iteration brought: ratios of cost and outcome, undefined where nothing was delivered."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Totals:
    """What was measured, of a placement, a market or an iteration. Money in one currency.

    Attributes
    ----------
    unique_reach : people, estimate; None where it was not estimated
    margin_share : share of revenue left after the cost of what was sold; for the ROI
    """

    cost: Decimal = Decimal(0)
    views: int = 0
    likes: int = 0
    comments: int = 0
    clicks: int = 0
    conversions: int = 0
    revenue: Decimal = Decimal(0)
    unique_reach: float | None = None
    margin_share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Ratios:
    """Cost and return ratios; None where the denominator is zero.

    Attributes
    ----------
    cpv, cpm, cpc, cpa : cost per view, per 1,000 views, per click, per conversion; money
    cost_per_engagement : cost per like or comment; money
    click_rate : clicks per view
    conversion_rate : conversions per click
    engagement_rate : likes and comments per view
    roas : revenue per cost
    roi : (margin of revenue - cost) per cost
    """

    cpv: Decimal | None
    cpm: Decimal | None
    cpc: Decimal | None
    cpa: Decimal | None
    cost_per_engagement: Decimal | None
    click_rate: Decimal | None
    conversion_rate: Decimal | None
    engagement_rate: Decimal | None
    roas: Decimal | None
    roi: Decimal | None


def ratios(totals: Totals) -> Ratios:
    """Every ratio of `totals`.

    Examples
    --------
    >>> found = ratios(Totals(cost=Decimal(200), views=10_000, clicks=100, conversions=0))
    >>> found.cpm, found.cpc, found.cpa
    (Decimal('20'), Decimal('2'), None)
    """
    engagements = totals.likes + totals.comments
    return Ratios(
        cpv=_per(totals.cost, totals.views),
        cpm=_per(totals.cost * 1000, totals.views),
        cpc=_per(totals.cost, totals.clicks),
        cpa=_per(totals.cost, totals.conversions),
        cost_per_engagement=_per(totals.cost, engagements),
        click_rate=_per(Decimal(totals.clicks), totals.views),
        conversion_rate=_per(Decimal(totals.conversions), totals.clicks),
        engagement_rate=_per(Decimal(engagements), totals.views),
        roas=_per(totals.revenue, totals.cost),
        roi=_per(totals.revenue * totals.margin_share - totals.cost, totals.cost),
    )


def _per(value: Decimal, unit: Decimal | int) -> Decimal | None:
    return value / unit if unit else None

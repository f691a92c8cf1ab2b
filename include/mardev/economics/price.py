"""A fair price for a placement, from the audience it reaches and the work it takes.

The figures below are our starting assumptions, in the range that rate cards in the trade quote openly. They are there
to be replaced: `learn_price_level` moves them towards what creators really agreed to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mardev.domain.words import IntegrationType, Tier, tier_of
from mardev.economics.money import Money

EUR_PER_THOUSAND_VIEWS = {Tier.NANO: 18.0, Tier.MICRO: 16.0, Tier.MID: 14.0, Tier.MACRO: 13.0, Tier.MEGA: 12.0}
"""Of an integrated mention in a market of level 1. Small channels ask more for each view: handling costs the same."""
MARKET_LEVEL = {
    "US": 1.1, "CA": 1.0, "GB": 1.0, "DE": 1.0, "AT": 1.0, "CH": 1.2, "FR": 0.9, "NL": 0.95, "ES": 0.75, "IT": 0.75,
    "JP": 0.95, "KR": 0.9, "BR": 0.5, "PT": 0.65, "MX": 0.5, "PL": 0.6, "TR": 0.45, "IN": 0.35, "ID": 0.35,
}  # fmt: skip
"""What an audience is worth to advertisers, Germany = 1."""
OTHER_MARKETS_LEVEL = 0.7
INTEGRATION_LEVEL = {
    IntegrationType.DEDICATED_VIDEO: 1.8,
    IntegrationType.INTEGRATED_MENTION: 1.0,
    IntegrationType.SHORT: 0.5,
    IntegrationType.LIVE_STREAM: 1.2,
    IntegrationType.GIVEAWAY: 0.9,
    IntegrationType.POST: 0.4,
}
"""Work and exclusivity of the format, an integrated mention = 1."""
LEAST_EUR = 25.0
"""Nobody films for less."""
SPREAD = 0.35
"""Standard deviation of the natural logarithm of what creators of one size ask."""
FOUR_OF_FIVE = 1.2816
"""Normal quantile that leaves a tenth above."""
PRIOR_DEALS = 8.0
"""Weight of the assumptions, in agreed deals."""


@dataclass(frozen=True)
class PriceEstimate:
    """What a placement should cost.

    Attributes
    ----------
    fair : the price to offer
    low, high : between these four of five creators of this size are expected to agree
    basis : one plain sentence: what the figure was made from
    """

    fair: Money
    low: Money
    high: Money
    basis: str


def fair_price(
    *,
    average_views: float,
    subscribers: int | None,
    integration_type: IntegrationType,
    market: str,
    currency: str = "EUR",
    units_per_euro: Decimal = Decimal(1),
    level: float = 1.0,
) -> PriceEstimate:
    """Price of one placement.

    Parameters
    ----------
    average_views : lasting views of a typical post of the channel, >= 0
    subscribers : for the tier; None (hidden) is estimated as ten times the views
    integration_type, market : format, and country code of the audience
    currency, units_per_euro : what to answer in, and the dated rate to it
    level : 1.0, or what `learn_price_level` returned

    Returns
    -------
    PriceEstimate
        Rounded to 5 units below 1,000 and to 10 from there: an offer, not an invoice.

    Raises
    ------
    ValueError
        `average_views` is negative or not finite.

    Examples
    --------
    >>> price = fair_price(
    ...     average_views=20_000, subscribers=60_000, integration_type=IntegrationType.INTEGRATED_MENTION, market="DE"
    ... )
    >>> str(price.fair), price.basis
    ('320.00 EUR', '20,000 expected views of a micro channel in DE at 16.00 EUR per 1,000 for this format.')
    """
    if not (average_views >= 0 and math.isfinite(average_views)):
        raise ValueError(f"average_views is {average_views}, expected a number >= 0")
    integration = IntegrationType(integration_type)
    tier = tier_of(round(average_views * 10) if subscribers is None else subscribers)
    per_thousand = (
        EUR_PER_THOUSAND_VIEWS[tier]
        * MARKET_LEVEL.get(market.upper(), OTHER_MARKETS_LEVEL)
        * INTEGRATION_LEVEL[integration]
        * level
    )
    euros = max(average_views / 1000 * per_thousand, LEAST_EUR)

    def money(value: float) -> Money:
        return Money(_offered(Decimal(repr(value)) * units_per_euro), currency)

    reach = math.exp(FOUR_OF_FIVE * SPREAD)
    basis = (
        f"{average_views:,.0f} expected views of a {tier} channel in {market.upper()} "
        f"at {per_thousand:,.2f} EUR per 1,000 for this format."
    )
    if euros == LEAST_EUR:
        basis = f"The least we offer; {basis[0].lower()}{basis[1:]}"
    return PriceEstimate(money(euros), money(max(euros / reach, LEAST_EUR)), money(euros * reach), basis)


def learn_price_level(deals: Sequence[tuple[Decimal, Decimal]]) -> float:
    """How much dearer than the model creators agreed, to be passed on as `level`.

    Parameters
    ----------
    deals : (agreed, fair) amounts in one currency, both > 0

    Returns
    -------
    float > 0
        Geometric mean ratio, drawn towards 1.0 as if eight deals had been agreed exactly at the model's price.

    Examples
    --------
    >>> learn_price_level([])
    1.0
    >>> round(learn_price_level([(Decimal(200), Decimal(100))] * 8), 3)  # half the evidence says twice: sqrt(2)
    1.414
    """
    logarithms = [math.log(float(agreed / fair)) for agreed, fair in deals]
    return math.exp(sum(logarithms) / (len(logarithms) + PRIOR_DEALS))


def _offered(amount: Decimal) -> Decimal:
    step = Decimal(5) if amount < 1000 else Decimal(10)
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step

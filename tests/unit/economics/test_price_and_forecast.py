import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mardev.domain.words import ConversionKind, IntegrationType, Tier, tier_of
from mardev.economics.forecast import (
    OutcomeForecast,
    Range,
    Rates,
    combine_forecasts,
    forecast_outcome,
    learn_rates,
    share_of_views_by,
)
from mardev.economics.price import fair_price, learn_price_level


def price_of(views: float, **more):
    values = {"subscribers": 50_000, "integration_type": IntegrationType.INTEGRATED_MENTION, "market": "DE"} | more
    return fair_price(average_views=views, **values)


def forecast_of(views: float = 10_000, days: float = 14, **more) -> OutcomeForecast:
    return forecast_outcome(
        average_views=views,
        integration_type=IntegrationType.INTEGRATED_MENTION,
        conversion_kind=ConversionKind.INSTALL,
        days=days,
        **more,
    )


@pytest.mark.parametrize(
    ("subscribers", "tier"),
    [
        (0, Tier.NANO),
        (9_999, Tier.NANO),
        (10_000, Tier.MICRO),
        (499_999, Tier.MID),
        (999_999, Tier.MACRO),
        (10**6, Tier.MEGA),
    ],
)
def test_tiers_have_the_borders_we_state(subscribers, tier):
    assert tier_of(subscribers) is tier


def test_a_price_follows_views_format_and_market():
    assert price_of(20_000).fair.amount == 320  # 20 x 16 EUR
    assert price_of(20_000, integration_type=IntegrationType.DEDICATED_VIDEO).fair.amount == 575  # x 1.8 = 576, to 5
    assert price_of(20_000, market="BR").fair.amount == 160
    assert price_of(20_000, market="ZA").fair.amount == 225  # x 0.7 = 224, to 5


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1e8), st.sampled_from(list(IntegrationType)), st.sampled_from(["DE", "US", "BR", "JP", "XX"]))
def test_the_fair_price_lies_in_its_range_and_is_never_free(views, integration, market):
    found = price_of(views, integration_type=integration, market=market)
    assert Decimal(25) <= found.low.amount <= found.fair.amount <= found.high.amount


def test_a_hidden_subscriber_count_is_estimated_from_the_views():
    assert "micro channel" in price_of(5_000, subscribers=None).basis


def test_the_least_price_says_so():
    assert price_of(10).basis.startswith("The least we offer; 10 expected views")


def test_another_currency_uses_its_rate():
    assert str(price_of(20_000, currency="BRL", units_per_euro=Decimal(6)).fair) == "1,920.00 BRL"


@pytest.mark.parametrize("views", [-1.0, float("nan"), float("inf")])
def test_impossible_views_are_refused(views):
    with pytest.raises(ValueError, match="average_views"):
        price_of(views)
    with pytest.raises(ValueError, match="average_views"):
        forecast_of(views)


def test_agreed_deals_move_the_price_level():
    assert learn_price_level([(Decimal(100), Decimal(200))] * 8) == pytest.approx(1 / math.sqrt(2))
    assert price_of(20_000, level=1.25).fair.amount == 400


def test_a_range_holds_four_of_five_outcomes():
    # the model's own assumption, drawn: views are log-normal with this mean and spread
    found = forecast_of(days=1e6).views
    rng = np.random.default_rng(1)
    drawn = found.expected * np.exp(rng.normal(-(0.45**2) / 2, 0.45, 200_000))
    assert np.mean((drawn > found.low) & (drawn < found.high)) == pytest.approx(0.8, abs=0.01)
    assert drawn.mean() == pytest.approx(found.expected, rel=0.01)


def test_a_range_widens_along_the_funnel():
    found = forecast_of()
    widths = [part.high / part.low for part in (found.views, found.clicks, found.conversions)]
    assert widths == sorted(widths)


def test_several_placements_are_more_certain_than_one_but_never_certain():
    one = forecast_of()
    many = combine_forecasts([one] * 100)
    assert many.views.expected == pytest.approx(100 * one.views.expected)
    assert 1.2 < many.views.high / many.views.low < one.views.high / one.views.low
    assert combine_forecasts([one]).views.high == pytest.approx(one.views.high)


def test_no_placement_brings_nothing():
    assert combine_forecasts([]) == OutcomeForecast(*[Range(0.0, 0.0, 0.0)] * 3)
    assert forecast_of(views=0).views.expected == 0.0


def test_half_of_the_views_come_in_two_days():
    assert share_of_views_by(2) == 0.5
    assert share_of_views_by(-3) == 0.0
    with pytest.raises(ValueError, match="number"):
        share_of_views_by(float("nan"))


def test_measured_rates_replace_the_assumptions_slowly():
    learned = learn_rates(Rates(0.01, 0.1), views=10**9, clicks=3 * 10**7, conversions=6 * 10**6)
    assert learned.click_rate == pytest.approx(0.03, rel=1e-3)
    assert learned.conversion_rate == pytest.approx(0.2, rel=1e-3)
    assert forecast_of(rates=learned).clicks.expected == pytest.approx(
        forecast_of().views.expected * learned.click_rate
    )


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="cannot be"):
        learn_rates(Rates(0.01, 0.1), views=10, clicks=11, conversions=0)

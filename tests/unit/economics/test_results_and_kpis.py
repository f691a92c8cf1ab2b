from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mardev.domain.words import ConversionKind, Objective
from mardev.economics.forecast import OutcomeForecast, Range
from mardev.economics.kpis import health_indicators, is_missed, kpis_for, measure, propose_target
from mardev.economics.results import Totals, ratios

TOTALS = Totals(
    cost=Decimal(500), views=100_000, likes=3_000, comments=1_000, clicks=1_000, conversions=100,
    revenue=Decimal(800), unique_reach=70_000.4, margin_share=Decimal("0.75"),
)  # fmt: skip
FORECAST = OutcomeForecast(Range(1, 200_000, 3), Range(1, 2_000, 3), Range(1, 250, 3))
EVERY_KPI = {kpi.key for objective in Objective for kind in ConversionKind for kpi in kpis_for(objective, kind)}


def test_each_ratio_is_what_its_name_says():
    found = ratios(TOTALS)
    assert (found.cpv, found.cpm, found.cpc, found.cpa) == (Decimal("0.005"), 5, Decimal("0.5"), 5)
    assert (found.click_rate, found.conversion_rate, found.engagement_rate) == (
        Decimal("0.01"), Decimal("0.1"), Decimal("0.04"),
    )  # fmt: skip
    assert found.cost_per_engagement == Decimal("0.125")
    assert found.roas == Decimal("1.6")
    assert found.roi == Decimal("0.2")  # (0.75 * 800 - 500) / 500


def test_a_ratio_without_a_denominator_is_undefined():
    found = ratios(Totals())
    assert set(vars(found).values()) == {None}


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("kind", list(ConversionKind))
def test_every_objective_has_kpis_whose_target_and_result_can_be_stated(objective, kind):
    for kpi in kpis_for(objective, kind):
        assert propose_target(kpi.key, budget=Decimal(1000), forecast=FORECAST, expected_reach=90_000) is not None
        assert measure(kpi.key, TOTALS) is not None


def test_the_main_kpi_comes_first():
    assert kpis_for(Objective.POSITIONING, ConversionKind.INSTALL)[0].key == "unique_reach"
    assert [kpi.name for kpi in kpis_for(Objective.ACQUISITION, ConversionKind.INSTALL)] == [
        "Installs",
        "Cost per install",
    ]


@pytest.mark.parametrize(
    ("key", "target"),
    [
        ("views", "200000"), ("clicks", "2000"), ("conversions", "250"), ("engagements", "8000"),
        ("cpm", "5"), ("cpc", "0.5"), ("cpa", "4"), ("unique_reach", "90000"), ("roas", "1"),
    ],
)  # fmt: skip
def test_targets_follow_from_budget_and_forecast(key, target):
    found = propose_target(key, budget=Decimal(1000), forecast=FORECAST, expected_reach=90_000.2)
    assert found == Decimal(target)


def test_a_target_waits_for_what_it_rests_on():
    assert propose_target("views", budget=Decimal(1)) is None
    assert propose_target("unique_reach", budget=Decimal(1)) is None
    assert propose_target("sessions_per_day", budget=Decimal(1)) is None
    nothing = OutcomeForecast(*[Range(0, 0, 0)] * 3)
    assert propose_target("cpc", budget=Decimal(1), forecast=nothing) is None


def test_a_health_indicator_must_keep_nine_tenths_of_its_baseline():
    assert all(indicator.is_health_indicator for indicator in health_indicators())
    assert propose_target("organic_conversions_per_day", budget=Decimal(1), baseline=Decimal(20)) == 18
    assert measure("organic_conversions_per_day", TOTALS) is None


@pytest.mark.parametrize(
    "function", [lambda key: propose_target(key, budget=Decimal(1)), lambda key: measure(key, TOTALS)]
)
def test_an_unknown_kpi_is_refused(function):
    with pytest.raises(ValueError, match="no KPI 'likes'"):
        function("likes")


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_a_kpi_cannot_be_missed_both_ways(target, result):
    assert not (is_missed("up", target, result) and is_missed("down", target, result))


def test_what_is_not_known_is_not_missed():
    assert not is_missed("up", None, Decimal(1))
    assert not is_missed("up", Decimal(1), None)

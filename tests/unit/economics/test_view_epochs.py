"""Views before and after a platform changed what it counts: refused, or bridged within the stated error."""

import math
import random
from datetime import date, timedelta

import pytest

from mardev.economics.view_epochs import ViewBridge, ViewFigure, average_views, compare_views, daily_views, fit_bridge
from mardev.errors import FixFirst, ViewDefinitionsDiffer

OLD, NEW = "youtube:watched", "youtube:started"
CHANGED_ON = date(2026, 8, 27)
PLANTED = 1.42


def series(seed, *, step=PLANTED, trend_per_day=0.004, days=28, noise=0.12):
    """Daily views of one channel: level, trend, week, noise, and the planted step at the change."""
    draw = random.Random(seed)
    level = draw.uniform(2_000, 300_000)
    own_step = step * math.exp(draw.gauss(0, 0.08))
    week = [draw.uniform(0.8, 1.3) for _ in range(7)]
    figures = []
    for number in range(-days, days):
        day = CHANGED_ON + timedelta(days=number)
        is_new = day >= CHANGED_ON
        views = level * math.exp(trend_per_day * number + draw.gauss(0, noise)) * week[day.weekday()]
        figures.append(ViewFigure(views * (own_step if is_new else 1.0), NEW if is_new else OLD, day))
    return figures


def crossing(count, **options):
    return {f"channel {seed}": series(seed, **options) for seed in range(count)}


def fitted(found):
    return fit_bridge(found, from_definition=OLD, to_definition=NEW, changed_on=CHANGED_ON)


def test_the_naive_average_differs_and_the_bridged_one_is_within_its_error():
    found = crossing(40, trend_per_day=0.0)
    before = [one for figures in found.values() for one in figures if one.definition == OLD]
    after = [one for figures in found.values() for one in figures if one.definition == NEW]
    naive = (sum(one.views for one in after) / len(after)) / (sum(one.views for one in before) / len(before))
    assert naive > 1.2  # nothing changed but the definition: the naive view says a fifth more success

    with pytest.raises(ViewDefinitionsDiffer):
        average_views(before + after)
    old = ViewFigure(average_views(before), OLD, before[-1].as_of)
    new = ViewFigure(average_views(after), NEW, after[-1].as_of)
    bridged = compare_views(old, new, fitted(found))
    assert bridged.low <= naive / PLANTED <= bridged.high
    assert bridged.low < 1 < bridged.high
    assert "27 August 2026" in bridged.sentence


@pytest.mark.parametrize("trend", [-0.01, 0.0, 0.01])
def test_a_trend_is_not_taken_for_the_step(trend):
    bridge = fitted(crossing(40, trend_per_day=trend))
    assert bridge.low <= PLANTED <= bridge.high
    assert bridge.high / bridge.low < 1.15


def test_the_stated_interval_holds_as_often_as_it_says():
    held = sum(
        bridge.low <= PLANTED <= bridge.high
        for start in range(0, 2000, 20)
        if (bridge := fitted({str(seed): series(seed) for seed in range(start, start + 20)}))
    )
    # 95 of 100 expected; fewer than 89 happens by chance once in 200 times (binomial).
    assert held >= 89


def test_a_comparison_across_definitions_is_refused_and_says_what_and_when():
    old, new = ViewFigure(10_000, OLD, date(2026, 8, 20)), ViewFigure(15_000, NEW, date(2026, 9, 3))
    with pytest.raises(ViewDefinitionsDiffer) as refused:
        compare_views(old, new)
    assert isinstance(refused.value, FixFirst)
    assert "youtube:watched on 20 August 2026" in str(refused.value)
    assert "youtube:started on 03 September 2026" in str(refused.value)


def test_a_bridge_of_other_definitions_bridges_nothing():
    bridge = ViewBridge("twitch:a", "twitch:b", CHANGED_ON, 2.0, 1.9, 2.1, 10)
    with pytest.raises(ViewDefinitionsDiffer):
        compare_views(ViewFigure(1, OLD, CHANGED_ON), ViewFigure(1, NEW, CHANGED_ON), bridge)


def test_figures_of_one_definition_are_compared_as_they_are():
    compared = compare_views(ViewFigure(100, NEW, CHANGED_ON), ViewFigure(150, NEW, CHANGED_ON))
    assert (compared.ratio, compared.low, compared.high, compared.is_bridged) == (1.5, 1.5, 1.5, False)


def test_a_counter_that_falls_and_the_day_of_the_change_say_nothing_of_a_day():
    readings = [
        ViewFigure(views, definition, date(2026, 8, day))
        for views, definition, day in ((100, OLD, 24), (160, OLD, 25), (150, OLD, 26), (260, NEW, 27), (460, NEW, 29))
    ]
    assert [(one.views, one.as_of.day) for one in daily_views(readings)] == [(60.0, 25), (100.0, 29)]


def test_too_few_series_fit_no_bridge():
    with pytest.raises(ValueError, match="2 series"):
        fitted(crossing(2))
    with pytest.raises(ValueError, match="expected more than 0"):
        compare_views(ViewFigure(0, OLD, CHANGED_ON), ViewFigure(1, OLD, CHANGED_ON))

"""A world whose platform changed what it counts as a view; the bridge fitted from its counters finds the step."""

from datetime import UTC, datetime, timedelta

import pytest

from mardev.connectors.youtube.limits import view_definition_at
from mardev.economics.view_epochs import ViewFigure, compare_views, daily_views, fit_bridge
from sandbox.economy.creators import populate
from sandbox.economy.growth import FROM_THE_FIRST_FRAME
from sandbox.economy.videos import VideoCatalogue

START = datetime(2026, 7, 20, tzinfo=UTC)
CHANGE = FROM_THE_FIRST_FRAME
CREATORS = 120


@pytest.fixture(scope="module")
def population():
    return populate(11, CREATORS, START)


def readings(catalogue, key):
    """A video's counter each midnight for two weeks on either side of the change."""
    midnights = [CHANGE.at + timedelta(days=number) for number in range(-14, 15)]
    # What is read at midnight was counted on the day before.
    days = [at - timedelta(seconds=1) for at in midnights]
    return [ViewFigure(catalogue.views(key, day), view_definition_at(day), day.date()) for day in days]


def videos_that_cross(catalogue):
    """Videos that had their first wave behind them two weeks before the change, the smoothest series there are."""
    old_enough = (CHANGE.at - timedelta(days=24) - START).total_seconds()
    return [
        key for creator in range(CREATORS) for key, seconds in catalogue.published(creator, CHANGE.at)
        if old_enough - 30 * 86_400 < seconds < old_enough
    ]  # fmt: skip


def test_without_the_option_nothing_changes(population):
    plain, same = VideoCatalogue(11, population, START), VideoCatalogue(11, population, START, None)
    at = CHANGE.at + timedelta(days=9)
    assert [plain.count_and_views(one, at) for one in range(9)] == [same.count_and_views(one, at) for one in range(9)]


def test_counters_before_the_change_are_the_same_and_never_fall_at_it(population):
    plain, broken = VideoCatalogue(11, population, START), VideoCatalogue(11, population, START, CHANGE)
    before, after = CHANGE.at - timedelta(hours=1), CHANGE.at + timedelta(hours=1)
    for creator in range(20):
        assert plain.count_and_views(creator, before) == broken.count_and_views(creator, before)
        assert broken.count_and_views(creator, after)[1] >= broken.count_and_views(creator, before)[1]


def test_the_fitted_bridge_finds_the_step_of_this_world(population):
    catalogue = VideoCatalogue(11, population, START, CHANGE)
    series = {str(key): daily_views(readings(catalogue, key)) for key in videos_that_cross(catalogue)}
    bridge = fit_bridge(
        series, from_definition="youtube:watched", to_definition="youtube:started", changed_on=CHANGE.at.date(),
        window_days=14,
    )  # fmt: skip
    assert bridge.series_count > 100
    assert bridge.low <= CHANGE.factor <= bridge.high
    assert bridge.high / bridge.low < 1.05

    (old, new) = (views_of_one_day(series, CHANGE.at.date() - timedelta(days=days)) for days in (4, -1))
    naive = new.views / old.views
    bridged = compare_views(old, new, bridge)
    assert naive > 1.15  # an ageing video loses views each day; the naive figure says that it wins a fifth
    assert bridged.ratio < 1


def views_of_one_day(series, day):
    counted = [figure for figures in series.values() for figure in figures if figure.as_of == day]
    return ViewFigure(sum(figure.views for figure in counted), counted[0].definition, day)

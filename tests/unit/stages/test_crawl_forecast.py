"""What a crawl will cost before its first call, when the quota lets it end, and the best that fits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mardev.connectors.platforms import platform_kind
from mardev.connectors.quota import pacific_day
from mardev.errors import FormRejected
from mardev.stages.plan.crawl import CrawlScope
from mardev.stages.plan.crawl_forecast import (
    Experience,
    Rate,
    Stock,
    best_that_fits,
    forecast_crawl,
    refresh_days,
    scope_digest,
)
from mardev.stages.plan.forecast_quota import covers, refuse_over_budget

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
RESET = datetime(2026, 10, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)
YOUTUBE = platform_kind("youtube")
SCOPE = CrawlScope(["games", "android"], ["DE", "US"], ["de", "en"], ["@ada", "cozy games"], 1_000)
STOCKS = {
    "default": Stock(7_400, 7_400, RESET, DAY),
    "search": Stock(100, 100, RESET, DAY),
    "batchGetStats": Stock(5_500, 5_500, RESET, DAY),
}


def test_without_experience_it_costs_what_the_platform_documents():
    # 1,300 looked at / 50, one handle, 1,318 pages of lists, 1,000 channel pages, 1,000 lists of uploads.
    assert forecast_crawl(SCOPE, YOUTUBE, Experience()).units == {
        "search": 6,  # three words in two markets
        "default": 26 + 1 + 1_318 + 1_000 + 1_000,
        "batchGetStats": 160,  # 8,000 / 50
    }


def test_earlier_crawls_say_what_a_channel_costs():
    rates = {"subscriptions": Rate(1.0, 1.04), "channel": Rate(1.5, 0.02), "statistics": Rate(10.0, 0.02)}
    units = forecast_crawl(SCOPE, YOUTUBE, Experience("earlier", rates, found_share=0.5)).units
    assert units["default"] == 15 + 1 + 520 + 500 + 500
    assert units["batchGetStats"] == 100


def test_the_same_search_again_costs_what_it_cost():
    exact = {"search": (6, 6), "channel": (1_368, 29), "subscriptions": (1_000, 1_037)}
    steps = {one.step: one.calls for one in forecast_crawl(SCOPE, YOUTUBE, Experience("same", exact=exact)).steps}
    assert (steps["channel"], steps["subscriptions"]) == (29, 1_037)


def test_two_scopes_that_ask_the_same_have_one_digest():
    assert scope_digest(SCOPE) == scope_digest(replace(SCOPE, topics=tuple(SCOPE.topics)))
    assert scope_digest(SCOPE) != scope_digest(replace(SCOPE, channel_limit=999))


def test_what_fits_today_ends_after_its_calls():
    forecast = forecast_crawl(SCOPE, YOUTUBE, Experience(seconds_per_call=0.1))
    assert forecast.done_by(STOCKS, NOW) == NOW + timedelta(seconds=forecast.calls * 0.1)


@pytest.mark.parametrize(("channels", "resets"), [(2_000, 0), (3_000, 1), (6_000, 2), (20_000, 9)])
def test_what_does_not_fit_today_ends_at_a_later_reset(channels, resets):
    forecast = forecast_crawl(replace(SCOPE, channel_limit=channels), YOUTUBE, Experience(seconds_per_call=1e-6))
    expected = RESET + (resets - 1) * DAY if resets else NOW
    assert forecast.done_by(STOCKS, NOW) - expected < timedelta(seconds=1)


def test_the_best_that_fits_is_the_largest():
    best = best_that_fits(replace(SCOPE, channel_limit=20_000), YOUTUBE, Experience(), STOCKS, NOW, NOW + DAY)
    assert best is not None
    assert forecast_crawl(best, YOUTUBE, Experience()).done_by(STOCKS, NOW) <= NOW + DAY
    more = replace(best, channel_limit=best.channel_limit + 1)
    assert forecast_crawl(more, YOUTUBE, Experience()).done_by(STOCKS, NOW) > NOW + DAY
    assert search_words_of(best) == ["games", "android", "cozy games"]


def search_words_of(scope: CrawlScope) -> list[str]:
    return [*scope.topics, *(point for point in scope.starting_points if not point.startswith("@"))]


def test_words_are_left_out_from_the_end_and_named_channels_stay():
    markets = [f"M{number}" for number in range(90)]
    best = best_that_fits(replace(SCOPE, markets=markets), YOUTUBE, Experience(), STOCKS, NOW, NOW + DAY)
    assert best is not None
    assert list(best.topics) == ["games", "android"]  # 180 searches: today's 100 and 80 after the reset
    assert list(best.starting_points) == ["@ada"]


def test_a_form_over_budget_is_told_what_fits():
    big = replace(SCOPE, channel_limit=20_000)
    with pytest.raises(FormRejected) as caught:
        refuse_over_budget(big, YOUTUBE, Experience(), STOCKS, NOW, days=1)
    said = caught.value.problems["channel_limit"]
    assert "What fits: 4,4" in said
    assert "Or allow 9 days" in said
    _, done_by = refuse_over_budget(big, YOUTUBE, Experience(), STOCKS, NOW, days=9)
    assert done_by <= NOW + 9 * DAY


def test_a_form_with_too_many_searches_is_told_which_words_fit():
    with pytest.raises(FormRejected) as caught:
        refuse_over_budget(replace(SCOPE, markets=["DE"] * 90), YOUTUBE, Experience(), STOCKS, NOW, days=1)
    assert "«games», «android» only" in caught.value.problems["topics"]


def test_nothing_fits_into_a_spent_bucket():
    spent = {"default": Stock(0, 0, RESET, DAY)}
    assert best_that_fits(SCOPE, YOUTUBE, Experience(), spent, NOW, NOW + DAY / 2) is None
    with pytest.raises(FormRejected, match="Not even the first search fits"):
        refuse_over_budget(SCOPE, YOUTUBE, Experience(), spent, NOW, days=0)


def test_counters_are_refreshed_as_often_as_a_share_allows():
    assert refresh_days(50_000, YOUTUBE, 1_000) == 1
    assert refresh_days(100_001, YOUTUBE, 1_000) == 3


def test_people_read_what_is_covered():
    said = covers(forecast_crawl(SCOPE, YOUTUBE, Experience()), YOUTUBE, SCOPE)
    assert "up to 1,000 channels" in said
    assert "«games», «android», «cozy games»" in said
    assert "one named channel" in said


def test_a_quota_day_is_the_platforms():
    assert pacific_day(NOW)[1] == RESET

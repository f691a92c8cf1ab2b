"""Discovery tells a search's forecast beside what it came to, today's quota, coverage, what each platform gives."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.creator_rows import NOW, build_channels
from mardev.warehouse import tables

CHANNELS = build_channels(120)
PLAN = {
    "crawl_key": "autumn-players", "platform": "youtube", "iteration_key": "autumn-players", "world": "sandbox",
    "scope_digest": "0", "channel_limit": 500, "rests_on": "the platform’s documentation",
    "covers": "Gamers in Germany.",
    "call_forecast": 2_100, "unit_forecast": {"default": 1_900, "search": 6}, "second_forecast": 95.0,
    "done_by": NOW + timedelta(minutes=5), "state": "under_way", "planned_at": NOW, "seconds_taken": 0.0,
}  # fmt: skip
STEP = {
    "crawl_key": "autumn-players", "platform": "youtube", "step": "subscriptions", "step_no": 0, "bucket": "default",
    "item_forecast": 500, "call_forecast": 650, "item_count": 125, "calls_made": 160, "units_spent": 160,
}  # fmt: skip


@pytest.fixture
def searched(engine, filled):
    with engine.begin() as connection:
        connection.execute(sa.insert(tables.crawl_plan).values(PLAN))
        connection.execute(sa.insert(tables.crawl_step).values(STEP))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_before_anything_was_searched_the_page_says_so(mia):
    text = plain(mia.get("/discovery").text)
    assert "Nothing was searched for yet" in text
    assert "Nothing was asked of a service with a quota today" in text


def test_a_search_under_way_shows_its_forecast_and_how_far_it_is(searched, mia):
    text = plain(mia.get("/discovery").text)
    for part in ("Autumn players on YouTube Under way", "Gamers in Germany.", "Calls 2,100 –", "Searching 6 units –",
                 "Time 95 s –", "Whom they follow 125 of about 500", "160 of about 650"):  # fmt: skip
        assert part in text, part


def test_a_search_that_is_over_shows_what_it_came_to_beside_the_forecast(engine, searched, mia):
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.crawl_plan).values(
                state="done", channels_found=480, calls_made=2_050, units_spent={"default": 1_850, "search": 6},
                seconds_taken=4_000.0, ended_at=NOW + timedelta(hours=2),
            )
        )  # fmt: skip
    text = plain(mia.get("/discovery").text)
    for part in ("Done", "Channels at most 500 480", "Calls 2,100 2,050", "1,900 units 1,850 units", "95 s 67 min"):
        assert part in text, part


def test_a_search_that_waits_says_until_when(engine, searched, mia):
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.crawl_plan).values(
                state="waiting", waits_until=NOW + timedelta(hours=23), note="The quota of today is spent."
            )
        )
    text = plain(mia.get("/discovery").text)
    assert "Waits for the quota" in text
    assert "goes on Tue 6 Oct, 07:00 UTC" in text
    assert "The quota of today is spent." in text


def test_coverage_counts_lists_read_hidden_and_not_asked(engine, filled, mia):
    states = ["read"] * 60 + ["hidden"] * 40
    with engine.begin() as connection:
        run = connection.execute(sa.select(sa.func.max(tables.ingest_run.c.ingest_run_id))).scalar_one()
        connection.execute(
            sa.insert(tables.follow_list),
            [
                {"channel_key": channel.channel_key, "kind": "subscribes", "world": "sandbox", "state": state,
                 "observed_at": NOW, "ingest_run_id": run}
                for channel, state in zip(CHANNELS, states, strict=False)
            ],
        )  # fmt: skip
    assert "YouTube 120 60 40 20 50%" in plain(mia.get("/discovery").text)


def test_quota_of_today_is_shown_without_its_credential(engine, filled, mia):
    with engine.begin() as connection:
        connection.execute(
            sa.insert(tables.quota_bucket).values(
                api="youtube", bucket="search", credential="digest-of-a-key", window_start=NOW - timedelta(hours=1),
                window_end=NOW + timedelta(hours=23), unit_limit=100, spent_units=60,
            )
        )  # fmt: skip
    answer = mia.get("/discovery")
    assert "YouTube Searching 60 40 of 100" in plain(answer.text)
    assert "digest-of-a-key" not in answer.text


def test_each_platform_says_what_it_can_give(mia):
    text = plain(mia.get("/discovery").text)
    assert "YouTube In part" in text

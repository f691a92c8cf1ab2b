"""Windows of posts, names of follow-ups, the grid of a driven world."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mardev.cli.world_driver import GRID_START, STEP, on_grid
from mardev.stages.create.offers import WINDOW, window_of
from mardev.stages.plan.form import LONGEST_CAMPAIGN_NAME, key_of_campaign
from mardev.stages.retrospect.propose_next import follow_up_name

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


@given(
    flight_hours=some.integers(1, 60 * 24),
    head_count=some.integers(1, 200),
    booked=some.integers(0, 250),
    minute=some.integers(0, 59),
)
def test_a_window_lies_inside_the_flight_and_is_open_for_a_while(flight_hours, head_count, booked, minute):
    start = NOW + timedelta(minutes=minute)
    end = start + timedelta(hours=flight_hours)
    opens, closes = window_of(start, end, booked, head_count)
    assert start <= opens < closes <= end


def test_windows_spread_over_the_first_half_of_the_flight():
    # 14 days, 6 creators: half of it less the window of two days leaves 5 days to spread over.
    flight = (NOW, NOW + timedelta(days=14))
    opens = [window_of(*flight, number, 6)[0] for number in range(6)]
    assert opens == [NOW + timedelta(days=day) for day in range(6)]
    assert all(window_of(*flight, number, 6)[1] == start + WINDOW for number, start in enumerate(opens))


def test_who_comes_after_the_last_seat_gets_the_last_window():
    flight = (NOW, NOW + timedelta(days=14))
    assert window_of(*flight, 9, 6) == window_of(*flight, 5, 6)


@pytest.mark.parametrize(
    ("campaign", "follow_up"),
    [
        ("Autumn games", "Autumn games 2"),
        ("Autumn games 2", "Autumn games 3"),
        ("Autumn games 9", "Autumn games 10"),
        ("2027", "2027 2"),
        ("夏のゲーム", "夏のゲーム 2"),
    ],
)
def test_a_follow_up_counts_on(campaign, follow_up):
    assert follow_up_name(campaign) == follow_up


@given(some.text(some.characters(categories=("L", "N")), min_size=1, max_size=LONGEST_CAMPAIGN_NAME))
def test_a_follow_up_has_a_name_and_a_key_of_its_own(campaign):
    follow_up = follow_up_name(campaign)
    assert len(follow_up) <= LONGEST_CAMPAIGN_NAME
    assert key_of_campaign(follow_up) != key_of_campaign(campaign)


def test_the_next_instant_of_the_grid_is_taken():
    assert on_grid(NOW + timedelta(hours=1), after=NOW) == NOW + STEP


def test_an_instant_on_the_grid_is_kept():
    assert on_grid(NOW + STEP, after=NOW) == NOW + STEP


def test_what_is_due_now_or_was_due_before_still_moves_the_clock():
    assert on_grid(NOW, after=NOW) == NOW + STEP
    assert on_grid(NOW - timedelta(days=3), after=NOW) == NOW + STEP


@given(some.integers(0, 10**8), some.integers(0, 10**8))
def test_the_grid_moves_forward_and_never_past_the_next_step(instant_seconds, after_seconds):
    instant, after = (GRID_START + timedelta(seconds=seconds) for seconds in (instant_seconds, after_seconds))
    chosen = on_grid(instant, after=after)
    assert (chosen - GRID_START) % STEP == timedelta(0)
    assert chosen >= instant
    assert chosen > after
    assert chosen - max(instant, after + timedelta(seconds=1)) < STEP

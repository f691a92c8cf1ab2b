"""Who is written to next: big fish first, a gap filled from the reserve, never more than the money and the time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mardev.stages.create.waves import (
    LAST_OFFER_BEFORE_FLIGHT,
    SECOND_WAVE_AFTER,
    Standing,
    counter_is_acceptable,
    first_wave_size,
    next_offers,
)

FLIGHT = datetime(2026, 10, 26, tzinfo=UTC)
START = FLIGHT - timedelta(days=14)
TOLERANCE = Decimal("0.15")


def rows(*prices: int):
    """Plan rows ``A``, ``B``, ... in approach order, at these prices."""
    return [
        {"channel_key": chr(ord("A") + number), "price_amount": Decimal(price)} for number, price in enumerate(prices)
    ]


def deal(state: str, price: int = 100, agreed: int | None = None):
    agreed_amount = Decimal(price if agreed is None else agreed) if state == "accepted" else None
    return {"state": state, "offered_amount": Decimal(price), "agreed_amount": agreed_amount}


def standing(plan, deals=None, *, budget: int = 10_000, head_count: int = 6) -> Standing:
    deals = deals or {}
    return Standing(
        rows=plan, deals=deals, budget=Decimal(budget), head_count=head_count, flight_from=FLIGHT,
        first_offer_at=START if deals else None,
    )  # fmt: skip


def names(offers) -> str:
    return "".join(row["channel_key"] for row in offers)


@pytest.mark.parametrize(("head_count", "size"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (20, 7)])
def test_the_first_wave_is_a_third_rounded_up_and_never_empty(head_count, size):
    assert first_wave_size(head_count) == size


def test_the_first_wave_takes_the_top_of_the_list():
    assert names(next_offers(standing(rows(*[100] * 8)), START)) == "AB"


def test_nobody_is_added_while_the_first_wave_thinks():
    thinking = {"A": deal("offered"), "B": deal("offered")}
    assert next_offers(standing(rows(*[100] * 8), thinking), START + timedelta(hours=1)) == []


def test_a_gap_in_the_first_wave_is_filled_at_once():
    refused = {"A": deal("declined"), "B": deal("offered")}
    assert names(next_offers(standing(rows(*[100] * 8), refused), START + timedelta(hours=1))) == "C"


def test_the_second_wave_opens_when_the_first_has_answered():
    answered = {"A": deal("accepted"), "B": deal("accepted")}
    assert names(next_offers(standing(rows(*[100] * 8), answered), START + timedelta(hours=1))) == "CDEF"


def test_the_second_wave_opens_when_the_first_has_had_its_time():
    thinking = {"A": deal("offered"), "B": deal("offered")}
    late = START + SECOND_WAVE_AFTER
    assert next_offers(standing(rows(*[100] * 8), thinking), late - timedelta(seconds=1)) == []
    assert names(next_offers(standing(rows(*[100] * 8), thinking), late)) == "CDEF"


def test_the_reserve_fills_the_seat_of_who_declined():
    # Six seats; A to F were the plan, G and H the reserve; two said no.
    plan = rows(*[100] * 8)
    deals = {name: deal("accepted") for name in "ABCD"} | {"E": deal("declined"), "F": deal("silent")}
    assert names(next_offers(standing(plan, deals), START + timedelta(days=2))) == "GH"


def test_nobody_is_asked_twice():
    deals = {name: deal("declined") for name in "ABCDEFGH"}
    assert next_offers(standing(rows(*[100] * 8), deals), START + timedelta(days=2)) == []


def test_who_is_too_dear_for_what_is_left_makes_room_for_the_next():
    # 300 of 500 are agreed: B at 250 does not fit into the rest, C at 200 does.
    plan = rows(300, 250, 200)
    deals = {"A": deal("accepted", 300)}
    assert names(next_offers(standing(plan, deals, budget=500, head_count=3), START + timedelta(hours=1))) == "C"


def test_an_open_offer_counts_as_money_that_is_gone():
    plan = rows(300, 250)
    assert (
        next_offers(standing(plan, {"A": deal("offered", 300)}, budget=500, head_count=2), START + timedelta(days=2))
        == []
    )


def test_the_money_of_who_declined_is_free_again():
    plan = rows(300, 250)
    assert (
        names(next_offers(standing(plan, {"A": deal("declined", 300)}, budget=500), START + timedelta(hours=1))) == "B"
    )


def test_what_was_agreed_counts_and_not_what_was_offered():
    # 300 offered, 350 agreed: of 600 only 250 are left.
    plan = rows(300, 260, 250)
    agreed = {"A": deal("accepted", 300, agreed=350)}
    assert names(next_offers(standing(plan, agreed, budget=600, head_count=2), START + timedelta(hours=1))) == "C"


def test_no_offer_leaves_after_the_cut_off():
    cut_off = FLIGHT - LAST_OFFER_BEFORE_FLIGHT
    assert names(next_offers(standing(rows(100)), cut_off)) == "A"
    assert next_offers(standing(rows(100)), cut_off + timedelta(seconds=1)) == []


@given(
    prices=some.lists(some.integers(1, 400), min_size=1, max_size=12),
    states=some.lists(some.sampled_from(["offered", "accepted", "declined", "silent", "withdrawn"]), max_size=12),
    budget=some.integers(1, 2000),
    head_count=some.integers(1, 8),
    hours=some.integers(0, 72),
)
def test_offers_never_exceed_budget_or_seats(prices, states, budget, head_count, hours):
    plan = rows(*prices)
    deals, committed, taken = {}, 0, 0
    for row, state in zip(plan, states, strict=False):
        price = int(row["price_amount"])
        is_open = state in ("offered", "accepted")
        if is_open and (committed + price > budget or taken == head_count):
            continue  # a standing that the rules themselves cannot reach
        committed, taken = committed + price * is_open, taken + is_open
        deals[row["channel_key"]] = deal(state, price)
    offers = next_offers(standing(plan, deals, budget=budget, head_count=head_count), START + timedelta(hours=hours))
    assert committed + sum(row["price_amount"] for row in offers) <= budget
    assert taken + len(offers) <= head_count
    assert not {row["channel_key"] for row in offers} & deals.keys()


@pytest.mark.parametrize(
    ("countered", "budget", "is_acceptable"),
    [
        (115, 10_000, True),  # 15 % more than 100 is inside a tolerance of 15 %
        (116, 10_000, False),
        (110, 210, True),  # 100 are agreed already, 110 more are 210
        (110, 209, False),
        (90, 200, True),
    ],
)
def test_a_counter_offer_must_stay_inside_tolerance_and_budget(countered, budget, is_acceptable):
    asked = deal("offered", 100)
    now = standing(rows(100, 100), {"A": deal("accepted", 100), "B": asked}, budget=budget)
    assert counter_is_acceptable(now, asked, Decimal(countered), TOLERANCE) is is_acceptable

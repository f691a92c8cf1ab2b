"""Rows of a plan change inside the budget, while nobody has signed, by marketing, with totals that follow."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from builders.creator_rows import build_channels
from mardev.errors import FixFirst, FormRejected
from mardev.stages.plan.review import Drop, Keep, Reprice, Swap, edit_row, totals
from mardev.warehouse.tables import plan_row

KEY = "autumn-players"
CHANNELS = [channel.channel_key for channel in build_channels(120)]
FIRST, RESERVE = CHANNELS[0], CHANNELS[20]
PRICE_OF_ALL = Decimal(11380)  # 20 rows of 800 - 22 * order


def row(engine: sa.Engine, channel_key: str) -> sa.RowMapping:
    with engine.connect() as connection:
        return (
            connection.execute(
                sa.select(plan_row).where(plan_row.c.iteration_key == KEY, plan_row.c.channel_key == channel_key)
            )
            .mappings()
            .one()
        )


@pytest.fixture
def plan(filled, engine: sa.Engine) -> sa.Engine:
    return engine


def test_dropping_a_creator_frees_their_price(plan):
    after = edit_row(plan, KEY, FIRST, Drop(), "mia")
    assert (after.chosen_count, after.price_amount) == (19, PRICE_OF_ALL - 778)
    assert (row(plan, FIRST)["choice"], row(plan, FIRST)["changed_by"]) == ("dropped", "mia")


def test_swapping_gives_the_reserve_the_place_in_the_order_of_approach(plan):
    after = edit_row(plan, KEY, FIRST, Swap(RESERVE), "mia")
    assert after.price_amount == PRICE_OF_ALL - 778 + 338
    assert (row(plan, RESERVE)["choice"], row(plan, RESERVE)["approach_order"]) == ("chosen", 1)
    assert (row(plan, FIRST)["choice"], row(plan, FIRST)["approach_order"]) == ("reserve", 21)


def test_a_new_price_counts_at_once(plan):
    assert edit_row(plan, KEY, FIRST, Reprice(Decimal("500.50")), "mia").price_amount == PRICE_OF_ALL - Decimal(
        "277.50"
    )


def test_keeping_somebody_of_the_reserve_stays_inside_the_budget(plan):
    assert edit_row(plan, KEY, RESERVE, Keep(), "mia").price_amount == PRICE_OF_ALL + 338
    with pytest.raises(FormRejected, match="budget"):
        edit_row(plan, KEY, CHANNELS[21], Keep(), "mia")
    assert row(plan, CHANNELS[21])["choice"] == "reserve"


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e30"])
def test_a_price_that_is_none_is_refused(plan, amount):
    with pytest.raises(FormRejected):
        edit_row(plan, KEY, FIRST, Reprice(Decimal(amount)), "mia")
    assert row(plan, FIRST)["price_amount"] == 778


def test_only_marketing_changes_rows(plan):
    for person in ("ian", "hana", "stranger"):
        with pytest.raises(FixFirst, match="marketing"):
            edit_row(plan, KEY, FIRST, Drop(), person)


def test_a_signed_plan_is_frozen(plan, mia):
    signed = mia.post(f"/iterations/{KEY}/decisions/sign_plan_marketing", data={"answer": "Sign", "attempt": "1"})
    assert signed.status_code == 303
    with pytest.raises(FixFirst, match="cannot be changed"):
        edit_row(plan, KEY, FIRST, Drop(), "mia")


def test_totals_of_a_missing_plan_say_so(warehouse):
    with pytest.raises(FixFirst, match="no plan"):
        totals(warehouse, "nowhere")


def test_the_page_answers_a_change_with_the_table_and_its_new_totals(plan, mia):
    answer = mia.post(
        f"/iterations/{KEY}/plan/rows", headers={"X-Fragment": "1"}, data={"channel_key": FIRST, "change": "drop"}
    )
    assert answer.status_code == 200
    assert "€10,602.00" in answer.text  # 11,380 - 778
    assert "<html" not in answer.text


def test_without_scripts_a_change_leads_back_to_the_page(plan, mia):
    answer = mia.post(
        f"/iterations/{KEY}/plan/rows", data={"channel_key": FIRST, "change": "reprice", "price": "1,000"}
    )
    assert answer.status_code == 303
    assert row(plan, FIRST)["price_amount"] == 1000


def test_a_change_that_breaks_the_budget_is_explained_and_undone(plan, mia):
    answer = mia.post(
        f"/iterations/{KEY}/plan/rows",
        headers={"X-Fragment": "1"},
        data={"channel_key": FIRST, "change": "reprice", "price": "9000"},
    )
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Budget: this would cost 19,602.00 of 12,000.00 EUR")
    assert row(plan, FIRST)["price_amount"] == 778


def test_technology_changes_no_row_through_the_page_either(plan, ian):
    answer = ian.post(f"/iterations/{KEY}/plan/rows", data={"channel_key": FIRST, "change": "drop"})
    assert answer.status_code == 409
    assert row(plan, FIRST)["choice"] == "chosen"

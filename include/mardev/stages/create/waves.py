"""Who is written to next. Pure: the rows come in, the decision goes out.

Big fish first: the first wave is the upper third of the signed list, and the others hear who has signed
already. A gap is filled by the next of the signed reserve, as long as the money and the time allow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

ANSWER_WITHIN = timedelta(hours=48)
SECOND_WAVE_AFTER = timedelta(hours=24)
LAST_OFFER_BEFORE_FLIGHT = timedelta(days=4)
FIRST_WAVE_SHARE = 1 / 3

OPEN = ("offered", "countered")

Row = Mapping[Any, Any]
"""A row of the plan or a deal, by the names of its columns."""


@dataclass(frozen=True)
class Standing:
    """Where the approach of one iteration stands.

    `rows` are the signed plan's rows, chosen before reserve, each in approach order; `deals` is keyed by
    channel. Amounts are in the iteration's currency.
    """

    rows: Sequence[Row]
    deals: Mapping[str, Row]
    budget: Decimal
    head_count: int
    flight_from: datetime
    first_offer_at: datetime | None

    @property
    def committed(self) -> Decimal:
        """Money agreed, and money we would owe if every open offer were accepted."""
        return sum(
            (
                deal["agreed_amount"] if deal["state"] == "accepted" else deal["offered_amount"]
                for deal in self.deals.values()
                if deal["state"] in (*OPEN, "accepted")
            ),
            Decimal(0),
        )

    @property
    def taken(self) -> int:
        """Seats that are taken: accepted, or offered and not answered yet."""
        return sum(deal["state"] in (*OPEN, "accepted") for deal in self.deals.values())


def first_wave_size(head_count: int) -> int:
    """The upper third, at least one."""
    return max(1, ceil(head_count * FIRST_WAVE_SHARE))


def second_wave_is_open(standing: Standing, now: datetime) -> bool:
    """Whether the first wave has answered, or had its time."""
    if standing.first_offer_at is None:
        return False
    waiting = any(deal["state"] in OPEN for deal in standing.deals.values())
    return not waiting or now >= standing.first_offer_at + SECOND_WAVE_AFTER


def next_offers(standing: Standing, now: datetime) -> list[Row]:
    """The plan rows to make an offer for now, in approach order."""
    if now > standing.flight_from - LAST_OFFER_BEFORE_FLIGHT:
        return []
    seats = standing.head_count
    if not second_wave_is_open(standing, now):
        seats = min(seats, first_wave_size(standing.head_count))
    money_left = standing.budget - standing.committed
    free = seats - standing.taken
    offers: list[Row] = []
    for row in standing.rows:
        if free <= len(offers):
            break
        if row["channel_key"] in standing.deals or row["price_amount"] > money_left:
            continue
        offers.append(row)
        money_left -= row["price_amount"]
    return offers


def counter_is_acceptable(standing: Standing, deal: Row, countered: Decimal, tolerance_share: Decimal) -> bool:
    """Whether a counter-offer stays inside what was signed: the tolerance on the price, and the budget."""
    offered: Decimal = deal["offered_amount"]
    within_tolerance = countered <= offered * (1 + tolerance_share)
    within_budget = standing.committed - offered + countered <= standing.budget
    return within_tolerance and within_budget

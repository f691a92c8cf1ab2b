"""Makes offers, and turns answers into deals and placements. Used by `create` and by `read_mailbox`."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.briefs.mails import MailKind
from mardev.stages.conversation import Conversation, date_text, fee_text
from mardev.stages.create import waves
from mardev.stages.create.waves import (
    ANSWER_WITHIN,
    LAST_OFFER_BEFORE_FLIGHT,
    OPEN,
    Standing,
    counter_is_acceptable,
    next_offers,
)
from mardev.stages.lookups import Row, address_of, deals_of, iteration_row, plan_of, plan_rows
from mardev.warehouse import tables

WINDOW = timedelta(hours=48)
NAMES_SHOWN_IN_AN_OFFER = 3


def lock_plan(connection: sa.Connection, iteration_key: str) -> None:
    """Let one writer at a time touch an iteration's seats and money."""
    connection.execute(
        sa.select(tables.plan.c.iteration_key).where(tables.plan.c.iteration_key == iteration_key).with_for_update()
    )


def read_standing(connection: sa.Connection, iteration_key: str) -> Standing:
    """Where the approach of an iteration stands."""
    iteration = iteration_row(connection, iteration_key)
    deals = {deal["channel_key"]: deal for deal in deals_of(connection, iteration_key)}
    return Standing(
        rows=plan_rows(connection, iteration_key, "chosen", "reserve"),
        deals=deals,
        budget=iteration["budget_amount"],
        head_count=plan_of(connection, iteration_key)["head_count"],
        flight_from=iteration["flight_from"],
        first_offer_at=min((deal["offered_at"] for deal in deals.values()), default=None),
    )


def make_next_offers(connection: sa.Connection, conversation: Conversation, iteration_key: str, now: datetime) -> int:
    """Queue the offers that are next. Returns how many."""
    lock_plan(connection, iteration_key)
    standing = read_standing(connection, iteration_key)
    # Whoever lost the address since the plan was signed must not keep a seat from the reserve.
    reachable = [row for row in standing.rows if address_of(connection, row["channel_key"])]
    offers = next_offers(replace(standing, rows=reachable), now)
    signed = _names_of_the_signed(connection, iteration_key)
    for row in offers:
        _make_offer(connection, conversation, row, signed, standing.flight_from, now)
    return len(offers)


def _make_offer(
    connection: sa.Connection,
    conversation: Conversation,
    row: waves.Row,
    signed: list[str],
    flight_from: datetime,
    now: datetime,
) -> None:
    iteration = iteration_row(connection, row["iteration_key"])
    deal = (
        connection.execute(
            sa.insert(tables.deal)
            .values(
                deal_key=f"{row['iteration_key']}/{row['channel_key'].split(':', 1)[1]}",
                iteration_key=row["iteration_key"],
                channel_key=row["channel_key"],
                creator_name=_name_of(connection, row["channel_key"]),
                world=row["world"],
                approach_order=row["approach_order"],
                state="offered",
                offered_amount=row["price_amount"],
                currency=row["price_currency"],
                offered_at=now,
                answer_due_at=min(now + ANSWER_WITHIN, flight_from - LAST_OFFER_BEFORE_FLIGHT + ANSWER_WITHIN),
            )
            .returning(tables.deal)
        )
        .mappings()
        .one()
    )
    conversation.write(
        connection,
        MailKind.OFFER,
        deal,
        now,
        integration_type=row["integration_type"],
        fee=fee_text(row["price_amount"], row["price_currency"]),
        answer_by=date_text(deal["answer_due_at"]),
        window_from=date_text(iteration["flight_from"]),
        window_to=date_text(iteration["flight_to"]),
        reason="",  # the plan's reason is ours: it speaks of rank, price and reserve
        signed_names=signed,
    )


def _name_of(connection: sa.Connection, channel_key: str) -> str:
    """The name our offer addresses: it stays with the deal when the platform's words about the channel must go."""
    channel = tables.channel
    return str(connection.execute(sa.select(channel.c.title).where(channel.c.channel_key == channel_key)).scalar_one())


def _names_of_the_signed(connection: sa.Connection, iteration_key: str) -> list[str]:
    deal, channel = tables.deal, tables.channel
    query = (
        sa.select(channel.c.title)
        .join(deal, deal.c.channel_key == channel.c.channel_key)
        .where(deal.c.iteration_key == iteration_key, deal.c.state == "accepted")
        .order_by(deal.c.approach_order)
        .limit(NAMES_SHOWN_IN_AN_OFFER)
    )
    return list(connection.execute(query).scalars())


def accept(connection: sa.Connection, deal: Row, amount: Decimal, at: datetime, *, reason: str = "") -> None:
    """Freeze a deal's terms and book its placement. Repeating it changes nothing."""
    iteration_key = deal["iteration_key"]
    lock_plan(connection, iteration_key)
    iteration = iteration_row(connection, iteration_key)
    booked = connection.execute(
        sa.select(sa.func.count())
        .select_from(tables.placement)
        .where(tables.placement.c.iteration_key == iteration_key)
    ).scalar_one()
    window_from, window_to = window_of(
        iteration["flight_from"], iteration["flight_to"], booked, plan_of(connection, iteration_key)["head_count"]
    )
    placement: dict[str, Any] = {
        "placement_key": f"{iteration_key}-{booked + 1:02d}",
        "integration_type": integration_type_of(connection, deal),
        "window_from": window_from,
        "window_to": window_to,
    }
    terms = {key: value if isinstance(value, str) else value.isoformat() for key, value in placement.items()}
    changed = connection.execute(
        sa.update(tables.deal)
        .where(tables.deal.c.deal_key == deal["deal_key"], tables.deal.c.state.in_(OPEN))
        .values(
            state="accepted",
            agreed_amount=amount,
            answered_at=at,
            reason=reason,
            terms=terms | {"fee": fee_text(amount, deal["currency"])},
        )
    ).rowcount
    if changed:
        connection.execute(
            sa.insert(tables.placement).values(
                **placement,
                iteration_key=iteration_key,
                deal_key=deal["deal_key"],
                channel_key=deal["channel_key"],
                world=deal["world"],
                booked_amount=amount,
                booked_currency=deal["currency"],
                created_at=at,
            )
        )


def integration_type_of(connection: sa.Connection, deal: Row) -> str:
    """What the plan wants this creator to make."""
    row = tables.plan_row
    integration_type: str = connection.execute(
        sa.select(row.c.integration_type).where(
            row.c.iteration_key == deal["iteration_key"], row.c.channel_key == deal["channel_key"]
        )
    ).scalar_one()
    return integration_type


def window_of(
    flight_from: datetime, flight_to: datetime, already_booked: int, head_count: int
) -> tuple[datetime, datetime]:
    """The publication window of the next placement.

    Windows last two days and are spread, by whole hours, over the first half of the flight, so that each post has
    time to work; whoever comes after the last seat shares the last window.
    """
    spread = max((flight_to - flight_from) / 2 - WINDOW, timedelta(0))
    last_seat = max(head_count - 1, 0)
    hours = spread / max(last_seat, 1) * min(already_booked, last_seat) // timedelta(hours=1)
    start = flight_from + timedelta(hours=hours)
    return start, min(start + WINDOW, flight_to)


def close_deal(connection: sa.Connection, deal: Row, state: str, at: datetime | None, reason: str) -> None:
    """End an open deal without an agreement: `declined`, `silent` or `withdrawn`."""
    connection.execute(
        sa.update(tables.deal)
        .where(tables.deal.c.deal_key == deal["deal_key"], tables.deal.c.state.in_(OPEN))
        .values(state=state, answered_at=at, reason=reason)
    )


def answer_counter(
    connection: sa.Connection, conversation: Conversation, deal: Row, countered: Decimal, at: datetime
) -> None:
    """Accept a counter-offer inside the signed tolerance, withdraw from one outside it."""
    iteration_key = deal["iteration_key"]
    lock_plan(connection, iteration_key)
    standing = read_standing(connection, iteration_key)
    tolerance = plan_of(connection, iteration_key)["tolerance_share"]
    connection.execute(
        sa.update(tables.deal).where(tables.deal.c.deal_key == deal["deal_key"]).values(countered_amount=countered)
    )
    asked = fee_text(countered, deal["currency"])
    if not counter_is_acceptable(standing, deal, countered, tolerance):
        close_deal(
            connection, deal, "withdrawn", at, f"Asked for {asked}, outside the signed tolerance of {tolerance:.0%}"
        )
        return
    offered = fee_text(deal["offered_amount"], deal["currency"])
    accept(
        connection, deal, countered, at, reason=f"Asked for {asked} instead of {offered}, inside the signed tolerance"
    )
    conversation.write(
        connection,
        MailKind.COUNTER_ACCEPT,
        deal,
        at,
        integration_type=integration_type_of(connection, deal),
        fee=asked,
        answer_by=date_text(at + ANSWER_WITHIN),
    )


def silence_overdue(connection: sa.Connection, iteration_key: str, now: datetime) -> int:
    """Mark open deals whose answer is overdue as silent. Returns how many."""
    overdue = [
        deal for deal in deals_of(connection, iteration_key) if deal["state"] in OPEN and deal["answer_due_at"] <= now
    ]
    for deal in overdue:
        close_deal(connection, deal, "silent", None, "No answer by the date asked for")
    return len(overdue)

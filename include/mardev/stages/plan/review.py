"""What people change in a proposed plan before they sign it: keep, drop, swap, re-price a row.

Every change is one transaction under the plan's row lock, keeps the chosen rows inside the budget, and names
who made it. A plan that marketing signed is frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.errors import FixFirst, FormRejected
from mardev.warehouse.read import query
from mardev.warehouse.tables.iterations import approval, decision_request, iteration, role_member
from mardev.warehouse.tables.planning import plan, plan_row

EDITING_ROLE = "marketing"
DECISION_KEY = "sign_plan_marketing"
HIGHEST_PRICE = Decimal(10) ** 12


@dataclass(frozen=True)
class Keep:
    """Take the row into the plan."""


@dataclass(frozen=True)
class Drop:
    """Take the row out of the plan and out of the reserve."""


@dataclass(frozen=True)
class Swap:
    """The row goes to the reserve, `reserve_channel_key` takes its place in the order of approach."""

    reserve_channel_key: str


@dataclass(frozen=True)
class Reprice:
    """Offer another price, in the plan's currency."""

    amount: Decimal


PlanChange = Keep | Drop | Swap | Reprice


@dataclass(frozen=True)
class PlanTotals:
    """What the chosen rows cost and promise together. Money in `currency`; reach as the plan counts it."""

    budget_amount: Decimal
    currency: str
    price_amount: Decimal
    chosen_count: int
    reserve_count: int
    dropped_count: int
    expected_views: float | None
    expected_clicks: float | None
    expected_conversions: float | None
    expected_reach: float
    audience_size: int
    tolerance_share: Decimal

    @property
    def left_amount(self) -> Decimal:
        return self.budget_amount - self.price_amount

    @property
    def price_per_conversion(self) -> float | None:
        return float(self.price_amount) / self.expected_conversions if self.expected_conversions else None


def totals(connection: sa.Connection, iteration_key: str) -> PlanTotals:
    """Totals of the chosen rows as they stand now.

    Raises:
        FixFirst: the iteration has no plan.
    """
    rows = query(connection, "plan_totals", iteration_key=iteration_key)
    if not rows:
        raise FixFirst(f"Iteration {iteration_key} has no plan yet.")
    row = dict(rows[0])
    row["currency"] = row.pop("budget_currency")
    return PlanTotals(**row)


def is_open_for_changes(connection: sa.Connection, iteration_key: str) -> bool:
    """Whether the plan may still be changed: proposed, and not signed by marketing."""
    statement = sa.select(plan.c.signed_at, iteration.c.state).join(
        iteration, iteration.c.iteration_key == plan.c.iteration_key
    )
    found = connection.execute(statement.where(plan.c.iteration_key == iteration_key)).one_or_none()
    if found is None or found.signed_at is not None or found.state != "plan":
        return False
    last_answer = connection.execute(
        sa.select(approval.c.answer)
        .where(approval.c.iteration_key == iteration_key, approval.c.decision_key == DECISION_KEY)
        .order_by(approval.c.attempt.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last_answer is None


def edit_row(engine: sa.Engine, iteration_key: str, channel_key: str, change: PlanChange, person: str) -> PlanTotals:
    """Change one row of a plan that is not signed yet.

    Returns:
        The totals after the change.

    Raises:
        FormRejected: the change would leave the budget, or does not fit the row; nothing was changed.
        FixFirst: the plan is signed or missing, or the person does not hold the marketing role.
    """
    with engine.begin() as connection:
        _lock_open_plan(connection, iteration_key, person)
        row = _row(connection, iteration_key, channel_key)
        match change:
            case Keep():
                _write(connection, row, {"choice": "chosen"}, person)
            case Drop():
                _write(connection, row, {"choice": "dropped"}, person)
            case Reprice(amount=amount):
                if not amount.is_finite() or not 0 <= amount < HIGHEST_PRICE:
                    raise FormRejected({"price": "give an amount of zero or more"})
                _write(connection, row, {"price_amount": round(amount, 2)}, person)
            case Swap(reserve_channel_key=reserve_channel_key):
                _swap(connection, row, _row(connection, iteration_key, reserve_channel_key), person)
        after = totals(connection, iteration_key)
        if after.left_amount < 0 and not _costs_less(row, change):
            raise FormRejected(
                {"budget": f"this would cost {after.price_amount:,.2f} of {after.budget_amount:,.2f} {after.currency}"}
            )
        return after


def _lock_open_plan(connection: sa.Connection, iteration_key: str, person: str) -> None:
    locked = connection.execute(
        sa.select(plan.c.iteration_key).where(plan.c.iteration_key == iteration_key).with_for_update()
    ).one_or_none()
    if locked is None:
        raise FixFirst(f"Iteration {iteration_key} has no plan yet.")
    # Whoever answers locks these rows as well: no change slips in behind a signature that is being written.
    asked = decision_request.c
    connection.execute(
        sa.select(asked.attempt)
        .where(asked.iteration_key == iteration_key, asked.decision_key == DECISION_KEY)
        .with_for_update()
    )
    if not is_open_for_changes(connection, iteration_key):
        raise FixFirst("The plan is signed or sent back; it cannot be changed any more.")
    holds_role = connection.execute(
        sa.select(role_member.c.person).where(role_member.c.person == person, role_member.c.role == EDITING_ROLE)
    ).one_or_none()
    if holds_role is None:
        raise FixFirst("Creators, message and money are marketing's: only somebody of marketing changes these rows.")


def _row(connection: sa.Connection, iteration_key: str, channel_key: str) -> sa.RowMapping:
    found = (
        connection.execute(
            sa.select(plan_row).where(plan_row.c.iteration_key == iteration_key, plan_row.c.channel_key == channel_key)
        )
        .mappings()
        .one_or_none()
    )
    if found is None:
        raise FormRejected({"creator": f"{channel_key} is not in this plan"})
    return found


def _swap(connection: sa.Connection, row: sa.RowMapping, reserve: sa.RowMapping, person: str) -> None:
    if row["choice"] != "chosen" or reserve["choice"] != "reserve":
        raise FormRejected({"creator": "swap a chosen creator with one of the reserve"})
    _write(connection, row, {"choice": "reserve", "approach_order": reserve["approach_order"]}, person)
    _write(connection, reserve, {"choice": "chosen", "approach_order": row["approach_order"]}, person)


def _write(connection: sa.Connection, row: sa.RowMapping, values: Mapping[str, Any], person: str) -> None:
    connection.execute(
        sa.update(plan_row)
        .where(plan_row.c.iteration_key == row["iteration_key"], plan_row.c.channel_key == row["channel_key"])
        .values(**values, changed_by=person)
    )


def _costs_less(row: sa.RowMapping, change: PlanChange) -> bool:
    """A step back into the budget is allowed even when it does not go all the way."""
    return isinstance(change, Drop) or (isinstance(change, Reprice) and change.amount < row["price_amount"])

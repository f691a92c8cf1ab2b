"""After the answers: who is in, and whether that is still the plan that was signed."""

from typing import Any

import sqlalchemy as sa

from mardev.stages.context import StageContext
from mardev.stages.create.offers import lock_plan, silence_overdue
from mardev.stages.lookups import deals_of, plan_of, plan_rows


def settle_deals(context: StageContext) -> dict[str, Any]:
    """Close what nobody answered; count the answers by state."""
    with context.warehouse.begin() as connection:
        lock_plan(connection, context.iteration_key)
        silence_overdue(connection, context.iteration_key, context.clock.now())
        deals = deals_of(connection, context.iteration_key)
    states: dict[str, int] = {}
    for deal in deals:
        states[deal["state"]] = states.get(deal["state"], 0) + 1
    return states


def plan_is_outside_tolerance(context: StageContext) -> bool:
    """Whether what was agreed promises less than the signed plan, by more than its tolerance."""
    with context.warehouse.connect() as connection:
        signed, agreed = _promises(connection, context.iteration_key)
        tolerance = float(plan_of(connection, context.iteration_key)["tolerance_share"])
    return agreed < signed * (1 - tolerance)


def _promises(connection: sa.Connection, iteration_key: str) -> tuple[float, float]:
    """What the chosen rows promise, and what the rows promise that became deals: expected conversions.

    A plan without forecasts is compared by its prices.
    """
    accepted = {deal["channel_key"] for deal in deals_of(connection, iteration_key) if deal["state"] == "accepted"}
    rows = plan_rows(connection, iteration_key, "chosen", "reserve")
    promise = "expected_conversions" if all(row["expected_conversions"] is not None for row in rows) else "price_amount"
    signed = sum(row[promise] for row in rows if row["choice"] == "chosen")
    agreed = sum(row[promise] for row in rows if row["channel_key"] in accepted)
    return float(signed), float(agreed)

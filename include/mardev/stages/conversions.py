"""Reads the shop's orders, for the gate to look at."""

from datetime import datetime
from typing import Any

from mardev.stages.clients import shop
from mardev.stages.context import StageContext
from mardev.stages.publishing import Unreadable, stage_batch


def stage_orders(context: StageContext, since: datetime) -> int:
    """Stage the orders since an instant; known ones will stay as they are. Returns the `ingest_run_id`."""
    unreadable = Unreadable()
    with shop(context, on_malformed=unreadable) as client:
        rows = [_row(context, order) for order in client.orders(since)]
    return stage_batch(context, "conversion", rows, snapshot_at=context.clock.now(), unreadable=unreadable.records)


def _row(context: StageContext, order: Any) -> dict[str, Any]:
    return {
        "conversion_key": f"shop:{order.order_id}",
        "world": str(context.world),
        "converted_at": order.ordered_at,
        "kind": str(order.kind),
        "market": order.market,
        "promo_code": order.promo_code,
        "utm_content": order.utm_content,
        "is_test": order.is_test,
        "revenue_amount": order.amount,
        "revenue_currency": order.currency,
    }

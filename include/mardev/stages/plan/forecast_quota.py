"""First marketing step of `plan`: what the crawl will cost in quota, and whether that is there today."""

from typing import Any

from mardev.errors import FixFirst
from mardev.stages.clients import youtube
from mardev.stages.context import StageContext
from mardev.stages.lookups import iteration_row
from mardev.stages.plan.scope import forecast, scope_of


def forecast_quota(context: StageContext) -> dict[str, Any]:
    """Units needed and left, per bucket.

    Raises:
        FixFirst: the search bucket cannot carry the campaign's words, not even on a fresh day.
    """
    with context.warehouse.connect() as connection:
        scope = scope_of(iteration_row(connection, context.iteration_key))
    needed = forecast(scope)
    with youtube(context) as client:
        left = {bucket: client.remaining_units(bucket) for bucket in needed}
        limits = {bucket: client.limit_units(bucket) for bucket in needed}
    for bucket, units in needed.items():
        limit = limits[bucket]
        if bucket == "search" and limit is not None and units > limit:
            raise FixFirst(
                f"The plan needs {units} searches and YouTube allows {limit} a day. "
                "Take fewer topics, keywords or markets into the form."
            )
    context.log.info("The crawl needs %s, left today %s", needed, left)
    return {"needed": needed, "left": left}

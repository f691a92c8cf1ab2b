"""First marketing step of `plan`: what the crawl will cost in quota, how long it takes, and whether that is there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mardev.connectors.platform import PlatformKind
from mardev.errors import FixFirst, FormRejected, RetryLater
from mardev.stages.clients import open_platform
from mardev.stages.context import StageContext
from mardev.stages.lookups import iteration_row
from mardev.stages.plan.crawl import UPLOADS_READ, CrawlScope
from mardev.stages.plan.crawl_forecast import (
    CrawlForecast,
    Experience,
    Stock,
    best_that_fits,
    forecast_crawl,
    refresh_days,
    search_words,
)
from mardev.stages.plan.crawl_records import experience_of, write_crawl_plan
from mardev.stages.plan.scope import DEFAULT_CRAWL_DAYS, platforms_of, scope_of

SHARE_FOR_REFRESHING = 0.1
"""Of a day's units, for reading counters of channels again; see `stages.call_quota.SHARES`."""


def forecast_quota(context: StageContext) -> dict[str, Any]:
    """Units needed and left by bucket, calls, seconds and when the quota lets it end; kept for the page.

    Raises:
        FormRejected: the crawl would take longer than the form allows; says what fits.
    """
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
    found = {}
    for kind in platforms_of(iteration["form"]):
        scope = scope_of(iteration, kind)
        found[kind.name] = _forecast(context, kind, scope, _crawl_days(iteration["form"]))
    context.log.info("The crawl needs %s", {name: one["needed"] for name, one in found.items()})
    first = next(iter(found.values()))
    return {"needed": first["needed"], "left": first["left"], "platforms": found}


def refuse_a_form_over_budget(context: StageContext, iteration: Mapping[str, Any]) -> None:
    """Look before the iteration is opened, so that the same form can be sent again with less in it.

    Raises:
        FormRejected: a crawl would take longer than the form allows; says what fits.
    """
    now = context.clock.now()
    for kind in platforms_of(iteration["form"]):
        scope = scope_of(iteration, kind)
        try:
            stocks = stocks_of(context, kind, now)
        except (FixFirst, RetryLater):  # what is wrong with the connection is said where the platform is asked
            continue
        with context.warehouse.connect() as connection:
            experience = experience_of(connection, str(context.world), kind, scope)
        refuse_over_budget(scope, kind, experience, stocks, now, _crawl_days(iteration["form"]))


def refuse_over_budget(
    scope: CrawlScope,
    kind: PlatformKind,
    experience: Experience,
    stocks: Mapping[str, Stock],
    now: datetime,
    days: int,
) -> tuple[CrawlForecast, datetime]:
    """The forecast and when the quota lets the crawl end.

    Raises:
        FormRejected: that is later than `days` from now; names the best that fits.
    """
    forecast = forecast_crawl(scope, kind, experience)
    done_by, until = forecast.done_by(stocks, now), now + timedelta(days=days)
    if done_by <= until:
        return forecast, done_by
    best = best_that_fits(scope, kind, experience, stocks, now, until)
    needed = ", ".join(f"{units:,} {_bucket_words(bucket)}" for bucket, units in forecast.units.items() if units)
    days_needed = -(-(done_by - now) // timedelta(days=1))
    said = f"{kind.capabilities.title} would need {needed}. That takes {days_needed} days, and the form allows {days}. "
    if best is None or best.channel_limit < 1:
        raise FormRejected({"topics": said + "Not even the first search fits: wait for the reset, or allow more days."})
    words = search_words(scope, kind)
    cut = len(search_words(best, kind)) < len(words)
    every = refresh_days(best.channel_limit, kind, _units_for_refreshing(stocks))
    fits = (
        f"What fits: {best.channel_limit:,} channels at most"
        + (f", searching for {_quoted(best.topics)} only" if cut else "")
        + f"; their counters can then be read again every {'day' if every == 1 else f'{every} days'}. "
        + f"Or allow {days_needed} days."
    )
    raise FormRejected({"topics" if cut else "channel_limit": said + fits})


def _forecast(context: StageContext, kind: PlatformKind, scope: CrawlScope, days: int) -> dict[str, Any]:
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        experience = experience_of(connection, str(context.world), kind, scope)
    stocks = stocks_of(context, kind, now)
    forecast, done_by = refuse_over_budget(scope, kind, experience, stocks, now, days)
    write_crawl_plan(context, kind, scope, forecast, done_by, covers(forecast, kind, scope))
    return {
        "needed": forecast.units,
        "left": {bucket: stocks[bucket].left for bucket in forecast.units if bucket in stocks},
        "calls": forecast.calls,
        "seconds": round(forecast.seconds, 1),
        "done_by": done_by.isoformat(),
        "rests_on": forecast.rests_on,
    }


def stocks_of(context: StageContext, kind: PlatformKind, now: datetime) -> dict[str, Stock]:
    """What each bucket of a platform holds for this pipeline."""
    record = context.record(kind.connection)
    stocks = {}
    with open_platform(context, kind.name) as client:
        for (_, bucket), limit in kind.bucket_limits(record.extra).items():
            start, end = limit.window(now)
            left, share = client.remaining_units(bucket), client.share_units(bucket)
            if left is not None and share is not None:
                stocks[bucket] = Stock(left, share, end, end - start)
    return stocks


def covers(forecast: CrawlForecast, kind: PlatformKind, scope: CrawlScope) -> str:
    """What the crawl will look at, for people."""
    lists = [one.evidence for one in kind.lists]
    seeds = search_words(scope, kind) if kind.capabilities.can_search else []
    named = len(scope.starting_points) - len([one for one in scope.starting_points if one in seeds])
    parts = [
        f"up to {scope.channel_limit:,} channels, about {forecast.channels:,} expected",
        f"searched for {_quoted(seeds)}" if seeds else "",
        (f"{named} named channels" if named > 1 else "one named channel") if named else "",
        f"for each its {' and '.join(lists)}" if lists else "no lists of who follows whom",
        f"and its {UPLOADS_READ} newest posts" + (" with their views" if kind.capabilities.has_views else ""),
    ]
    return ", ".join(part for part in parts if part)


def _crawl_days(form: Mapping[str, Any]) -> int:
    return int(form.get("crawl_days") or DEFAULT_CRAWL_DAYS)


def _units_for_refreshing(stocks: Mapping[str, Stock]) -> int:
    stock = stocks.get("default")
    return max(1, round(stock.each_window * SHARE_FOR_REFRESHING * (timedelta(days=1) / stock.window))) if stock else 1


def _bucket_words(bucket: str) -> str:
    return {"default": "units", "search": "searches", "batchGetStats": "calls for counters of posts"}.get(
        bucket, bucket
    )


def _quoted(words: Any) -> str:
    return ", ".join(f"«{word}»" for word in words)

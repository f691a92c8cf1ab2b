"""What a crawl costs in quota, and how well it is known before: against a simulated YouTube that keeps its own count.

The same search is made three times. The first time nothing is known of the world and the forecast rests on what YouTube
documents; the second time, at the same instant, it rests on the first; the third time a week has passed. Every figure
of units is the simulated platform's own count, not ours.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.served_sandbox import ServedSandbox, served_sandbox
from mardev.connectors.youtube.limits import forecast_units
from mardev.stages.clients import youtube
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.forecast_quota import forecast_quota
from mardev.warehouse import tables

CREATORS = 1_500
CHANNELS = 1_000
POSTS = 1_000
FORM = {
    "markets": ["DE", "US", "BR", "JP"],
    "languages": ["de", "en", "pt", "ja"],
    "topics": ["mobile games", "android"],
    "channel_limit": CHANNELS,
}
PLAN = {
    "default_units_per_1000_channels": 3_338,
    "batchGetStats_units_per_1000_channels": 1_000,
    "units_per_1000_post_refreshes": 20,
    "by_step": {"channel": 20, "uploads": 1_000, "subscriptions": 1_318, "featured": 1_000, "statistics": 1_000},
    "assumes": "50 newest posts of each channel, 0 to 120 subscriptions, 56 % of the lists hidden; no search",
}
"""The plan of a crawl as worked out beforehand from YouTube's price list, to be read beside what was measured."""
TARGETS = {
    "units_per_1000_channels": ["<=", 3_338],
    "units_per_1000_post_refreshes": ["<=", 20],
    "forecast_error_units": ["<=", 0],
}

Progress = Callable[[str, float], None]
"""What is going on, and which share of the whole is done."""


def run(progress: Progress, creators: int = CREATORS, channels: int = CHANNELS) -> dict[str, Any]:
    """Crawl three times, refresh the counters of posts, and say what it cost."""
    progress("the world and a warehouse are started", 0.0)
    form = FORM | {"channel_limit": channels}
    with served_sandbox(creators) as sandbox:
        progress("first search: nothing is known", 0.1)
        first = _crawl(sandbox, "first", form)
        progress("the same search again", 0.4)
        again = _crawl(sandbox, "again", form)
        progress("counters of posts are read again", 0.65)
        refreshes = _refresh_posts(sandbox)
        sandbox.advance(timedelta(days=7) / timedelta(days=1))
        progress("the same search a week later", 0.7)
        later = _crawl(sandbox, "later", form)
    progress("done", 1.0)
    return _content(first, again, later, refreshes, creators)


def _crawl(sandbox: ServedSandbox, key: str, form: dict[str, Any]) -> dict[str, Any]:
    context = sandbox.open_iteration(key, form)
    told = forecast_quota(context)
    before = sandbox.spent_by_the_platform()
    found = collect_creators(context)
    after = sandbox.spent_by_the_platform()
    step = tables.crawl_step
    columns = (step.c.step, step.c.item_forecast, step.c.item_count, step.c.call_forecast, step.c.calls_made)
    with sandbox.engine.connect() as connection:
        steps = connection.execute(sa.select(*columns).where(step.c.crawl_key == key).order_by(step.c.step_no)).all()
    return {
        "channels": found["channels"],
        "forecast": told["needed"],
        "rests_on": told["platforms"]["youtube"]["rests_on"],
        "spent": {bucket: after[bucket] - before[bucket] for bucket in after},
        "counted_by_us": found["units"]["youtube"]["spent"],
        "repeated": found["units"]["youtube"]["repeated"],
        "steps": {row.step: dict(row._mapping) for row in steps},
    }


def _refresh_posts(sandbox: ServedSandbox) -> dict[str, int]:
    item = tables.crawl_item
    wanted = sa.select(item.c.item_key).where(item.c.crawl_key == "first", item.c.step == "statistics").limit(POSTS)
    with sandbox.engine.connect() as connection:
        posts = list(connection.scalars(wanted))
    before = sandbox.spent_by_the_platform()["batchGetStats"]
    with youtube(sandbox.context("first", dag_id="refresh_metrics")) as client:
        read = len(list(client.statistics(posts)))
    return {"posts": read, "units": sandbox.spent_by_the_platform()["batchGetStats"] - before}


def _content(
    first: dict[str, Any], again: dict[str, Any], later: dict[str, Any], refreshes: dict[str, int], creators: int
) -> dict[str, Any]:
    per_1000 = 1_000 / max(first["channels"], 1)
    figures = {
        "units_per_1000_channels": round(first["spent"]["default"] * per_1000, 1),
        "stats_units_per_1000_channels": round(first["spent"]["batchGetStats"] * per_1000, 1),
        "search_calls": first["spent"]["search"],
        "units_per_1000_post_refreshes": round(refreshes["units"] * 1_000 / max(refreshes["posts"], 1), 1),
        "forecast_error_units": _error(again),
        "first_forecast_error_units": _error(first),
        "first_forecast_error_share": round(_error(first) / sum(first["spent"].values()), 3),
        "week_later_forecast_error_units": _error(later),
        "repeated_calls": sum(one["repeated"] for one in (first, again, later)),
        "own_count_error_units": sum(_counting_error(one) for one in (first, again, later)),
        "channels": first["channels"],
    }
    return {
        "name": "crawl",
        "figures": figures,
        "targets": TARGETS,
        "met": all(figures[name] <= limit for name, (_, limit) in TARGETS.items()),
        "context": {
            "plan": PLAN,
            "plan_for_what_was_read": forecast_units(
                channels=first["channels"],
                uploads_per_channel=15,
                statistics=first["steps"]["statistics"]["item_count"],
                subscriptions=first["channels"],
                sections=first["channels"],
                searches=first["spent"]["search"],
            ),
            "forecast_error_units": (
                "of the second search, whose forecast rests on the first; the first one's error, before anything is "
                "known of the world, and that of a week later stand beside it; calls that were asked twice because no "
                "answer came in time are left out of all three and counted in repeated_calls"
            ),
            "first": first,
            "again": again,
            "week_later": later,
            "data": f"sandbox world of {creators} creators, seed 7; units by the platform's own count",
        },
    }


def _error(crawl: dict[str, Any]) -> int:
    """Units that the forecast was off, all buckets together, too many and too few alike, but for repeated calls."""
    off = sum(abs(units - crawl["spent"].get(bucket, 0)) for bucket, units in crawl["forecast"].items())
    return max(0, off - int(crawl["repeated"])) if off else 0


def _counting_error(crawl: dict[str, Any]) -> int:
    return sum(abs(units - crawl["counted_by_us"].get(bucket, 0)) for bucket, units in crawl["spent"].items())

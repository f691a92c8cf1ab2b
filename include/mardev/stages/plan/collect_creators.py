"""Crawls the platform and stages what was found; nothing is published before the gate has looked at it."""

from typing import Any

from mardev.stages.clients import youtube
from mardev.stages.context import StageContext
from mardev.stages.licences import ends_at, scores_allowed, without_averages
from mardev.stages.lookups import iteration_row
from mardev.stages.plan.crawl import Crawl
from mardev.stages.plan.crawl_memory import CrawlMemory
from mardev.stages.plan.crawl_rows import PLATFORM, CrawlRows
from mardev.stages.plan.scope import scope_of
from mardev.stages.publishing import Unreadable, stage_batch

SEARCHED = "found_by_search"
UNKNOWN = "unknown_starting_points"
CHANNELS_READ = "channels.list"
"""How the reason begins when it is a channel that could not be read, and not a part of its surroundings."""


def collect_creators(context: StageContext) -> dict[str, Any]:
    """Crawl and stage. A stopped or quota-starved crawl goes on where it was when the task runs again.

    Returns:
        `ingest_run_ids` of the staged batches, in the order they must be published, and counts.

    Raises:
        QuotaExhausted: a bucket is spent; the task comes back after the reset.
    """
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
    memory = CrawlMemory(context.warehouse, context.iteration_key)
    unreadable = Unreadable()
    with youtube(context, on_malformed=unreadable) as client:
        crawl = Crawl(client, memory, scope_of(iteration), iteration["opened_at"])
        crawl.run(lambda step, done, total: context.log.info("Reading %s: %d of %d", step, done, total))
    members = crawl.members()
    observed_at = iteration["opened_at"]
    rows = CrawlRows(
        memory,
        members,
        world=context.world,
        observed_at=observed_at,
        expires_at=ends_at(context, PLATFORM, observed_at),
    )
    may_average = scores_allowed(context, PLATFORM)
    batches = {
        "channel": rows.channels(),
        "contact": rows.contacts(),
        "channel_snapshot": rows.snapshots() if may_average else without_averages(rows.snapshots()),
        "follow_edge": rows.edges(),
        "follow_list": rows.lists(),
    }
    memory.remember(SEARCHED, "all", sorted(crawl.found_by_search() & set(members)))
    memory.remember(UNKNOWN, "all", crawl.unknown_starting_points())
    memory.flush()
    left_out = {"channel": [one for one in unreadable.records if one[1].startswith(CHANNELS_READ)]}
    return {
        "ingest_run_ids": [
            stage_batch(context, asset, list(batch), unreadable=left_out.get(asset, ()))
            for asset, batch in batches.items()
        ],
        "channels": len(members),
        UNKNOWN: crawl.unknown_starting_points(),
    }

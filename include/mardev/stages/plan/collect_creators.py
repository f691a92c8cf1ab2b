"""Crawls the platform and stages what was found; nothing is published before the gate has looked at it."""

from collections.abc import Iterator
from typing import Any

from mardev.connectors.platform import PlatformKind
from mardev.stages.clients import open_platform
from mardev.stages.context import StageContext
from mardev.stages.licences import ends_at, scores_allowed, without_averages
from mardev.stages.lookups import Row, iteration_row
from mardev.stages.plan.crawl import Crawl
from mardev.stages.plan.crawl_memory import CrawlMemory
from mardev.stages.plan.crawl_records import CrawlLog, crawl_key_of
from mardev.stages.plan.crawl_rows import CrawlRows
from mardev.stages.plan.join_accounts import propose_same_creators
from mardev.stages.plan.scope import platforms_of, scope_of
from mardev.stages.publishing import Unreadable, stage_batch

SEARCHED = "found_by_search"
UNKNOWN = "unknown_starting_points"
ACCOUNTS_READ = ("channels.list", "accounts")
"""How the reason begins when it is a channel that could not be read, and not a part of its surroundings."""


def collect_creators(context: StageContext) -> dict[str, Any]:
    """Crawl and stage, one platform after the other. What was stopped or starved goes on where it was.

    Returns:
        `ingest_run_ids` of the staged batches, in the order they must be published, and counts.

    Raises:
        QuotaExhausted: a bucket is spent; the task comes back after the reset.
    """
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
    unreadable = Unreadable()
    crawled = [_crawl(context, iteration, kind, unreadable) for kind in platforms_of(iteration["form"])]
    if len(crawled) > 1:
        joined = propose_same_creators(context, {one.kind.name: one.channels for one in crawled})
        context.log.info("Accounts that may be one creator's: %s", joined)
    left_out = {"channel": [one for one in unreadable.records if one[1].startswith(ACCOUNTS_READ)]}
    assets = ("channel", "contact", "channel_snapshot", "follow_edge", "follow_list")
    return {
        "ingest_run_ids": [
            stage_batch(
                context,
                asset,
                [row for one in crawled for row in one.rows(asset)],
                unreadable=left_out.get(asset, ()),
            )
            for asset in assets
        ],
        "channels": sum(len(one.members) for one in crawled),
        UNKNOWN: [point for one in crawled for point in one.unknown],
        "units": {one.kind.name: one.units for one in crawled},
    }


class _Crawled:
    """What one platform's crawl found."""

    def __init__(
        self,
        kind: PlatformKind,
        members: list[str],
        unknown: list[str],
        rows: CrawlRows,
        units: dict[str, Any],
        *,
        may_average: bool,
    ) -> None:
        self.kind = kind
        self.members = members
        self.unknown = unknown
        self.units = units
        self.channels = rows.known_channels()
        self._rows = rows
        self._may_average = may_average

    def rows(self, asset: str) -> Iterator[dict[str, Any]]:
        batches = {
            "channel": self._rows.channels,
            "contact": self._rows.contacts,
            "channel_snapshot": self._snapshots,
            "follow_edge": self._rows.edges,
            "follow_list": self._rows.lists,
        }
        return batches[asset]()

    def _snapshots(self) -> Iterator[dict[str, Any]]:
        return self._rows.snapshots() if self._may_average else without_averages(self._rows.snapshots())


def _crawl(context: StageContext, iteration: Row, kind: PlatformKind, unreadable: Unreadable) -> _Crawled:
    scope = scope_of(iteration, kind)
    observed_at = iteration["opened_at"]
    with CrawlLog(context, kind, scope) as log:
        memory = CrawlMemory(context.warehouse, crawl_key_of(context.iteration_key, kind.name), log.write)
        with open_platform(context, kind.name, count=log.count, on_malformed=unreadable) as client:
            crawl = Crawl(client, memory, scope, observed_at, is_id=kind.is_id)
            crawl.run(log.progress)
        members = crawl.members()
        memory.remember(SEARCHED, "all", sorted(crawl.found_by_search() & set(members)))
        memory.remember(UNKNOWN, "all", crawl.unknown_starting_points())
        memory.flush()
        units = log.done(len(members))
    rows = CrawlRows(
        memory,
        members,
        world=context.world,
        observed_at=observed_at,
        expires_at=ends_at(context, kind.name, observed_at),
        platform=kind,
    )
    may_average = scores_allowed(context, kind.name)
    return _Crawled(kind, members, crawl.unknown_starting_points(), rows, units, may_average=may_average)

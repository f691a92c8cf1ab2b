"""Refreshes the counters of every channel we know, the ones that expire first, inside what the platforms allow."""

from datetime import timedelta
from typing import Any

from mardev.connectors.platform import Account, PlatformKind
from mardev.connectors.platforms import platforms
from mardev.errors import RetryLater
from mardev.policy.retention import expires_at
from mardev.stages.clients import open_platform
from mardev.stages.context import StageContext
from mardev.stages.plan.crawl_rows import channel_key
from mardev.stages.publishing import Unreadable, publish_batch
from mardev.warehouse.read import query

REFRESH_BEFORE_EXPIRY = timedelta(days=10)
CHANNELS_PER_RUN = 2_000


def refresh_creators(context: StageContext) -> dict[str, Any]:
    """Snapshot the public counters of the channels that are due, platform by platform.

    A channel that vanished or went private is not in a platform's answer: it is left to expire. A platform that is down
    holds up no other.

    Returns:
        How many were due, and how many still exist.

    Raises:
        RetryLater: a platform could not be asked to the end; the others were.
    """
    due, refreshed, trouble = 0, 0, None
    for kind in platforms().values():
        try:
            asked, found = _refresh(context, kind)
        except RetryLater as failure:
            context.log.warning("%s was not refreshed: %s", kind.capabilities.title, failure)
            trouble = trouble or failure
        else:
            due, refreshed = due + asked, refreshed + found
    if trouble:
        raise trouble
    return {"due": due, "refreshed": refreshed}


def _refresh(context: StageContext, kind: PlatformKind) -> tuple[int, int]:
    """How many channels of a platform were due, and how many still exist."""
    with context.warehouse.connect() as connection:
        due = query(
            connection,
            "channels_to_refresh",
            world=str(context.world),
            platform=kind.name,
            expires_before=context.clock.now() + REFRESH_BEFORE_EXPIRY,
            most=CHANNELS_PER_RUN,
        )
    if not due:
        return 0, 0
    known = {row["external_id"]: row for row in due}
    unreadable = Unreadable()
    with open_platform(context, kind.name, on_malformed=unreadable) as client:
        found = list(client.accounts(list(known)))
    rows = [_channel_row(context, kind, known[one.external_id], one) for one in found]
    publish_batch(context, "channel", rows, part=kind.name, unreadable=unreadable.records)
    snapshots = [_snapshot_row(context, kind, one) for one in found]
    publish_batch(context, "channel_snapshot", snapshots, part=kind.name)
    return len(due), len(found)


def _channel_row(context: StageContext, kind: PlatformKind, known: Any, account: Account) -> dict[str, Any]:
    return dict(known) | {
        "title": account.title,
        "description": account.description,
        "handle": account.handle,
        "picture_url": account.picture_url,
        "refreshed_at": context.clock.now(),
        "expires_at": expires_at(kind.name, context.clock.now()),
    }


def _snapshot_row(context: StageContext, kind: PlatformKind, account: Account) -> dict[str, Any]:
    now = context.clock.now()
    return {
        "channel_key": channel_key(account.external_id, kind.name),
        "snapshot_at": now,
        "observed_at": account.observed_at,
        "world": str(context.world),
        "subscribers": account.subscribers,
        "subscribers_hidden": account.subscribers_hidden,
        "total_views": account.total_views,
        "post_count": account.post_count,
        "average_daily_views": None,
        "views_per_post": None,
        "posts_per_week": None,
        "last_post_at": None,
        "view_definition": kind.view_definition_at(now),
    }

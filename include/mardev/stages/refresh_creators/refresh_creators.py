"""Refreshes the counters of every channel we know, the ones that expire first, inside today's quota."""

from datetime import timedelta
from typing import Any

from mardev.policy.retention import expires_at
from mardev.stages.clients import youtube
from mardev.stages.context import StageContext
from mardev.stages.plan.crawl_rows import PLATFORM
from mardev.stages.publishing import Unreadable, publish_batch
from mardev.warehouse.read import query

REFRESH_BEFORE_EXPIRY = timedelta(days=10)
CHANNELS_PER_RUN = 2_000


def refresh_creators(context: StageContext) -> dict[str, Any]:
    """Snapshot the public counters of the channels that are due. 1 quota unit for each 50.

    Returns:
        How many were due, and how many still exist.
    """
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        due = query(
            connection,
            "channels_to_refresh",
            world=str(context.world),
            platform=PLATFORM,
            expires_before=now + REFRESH_BEFORE_EXPIRY,
            most=CHANNELS_PER_RUN,
        )
    if not due:
        return {"due": 0, "refreshed": 0}
    known = {row["external_id"]: row for row in due}
    unreadable = Unreadable()
    with youtube(context, on_malformed=unreadable) as client:
        found = list(client.channels(list(known)))
    rows = [_channel_row(context, known[one.channel_id], one) for one in found]
    publish_batch(context, "channel", rows, unreadable=unreadable.records)
    publish_batch(context, "channel_snapshot", [_snapshot_row(context, one) for one in found])
    return {"due": len(due), "refreshed": len(found)}


def _channel_row(context: StageContext, known: Any, channel: Any) -> dict[str, Any]:
    return dict(known) | {
        "title": channel.title,
        "description": channel.description,
        "handle": channel.handle,
        "picture_url": channel.picture_url,
        "refreshed_at": context.clock.now(),
        "expires_at": expires_at(PLATFORM, context.clock.now()),
    }


def _snapshot_row(context: StageContext, channel: Any) -> dict[str, Any]:
    from mardev.connectors.youtube.limits import view_definition_at

    now = context.clock.now()
    return {
        "channel_key": f"{PLATFORM}:{channel.channel_id}",
        "snapshot_at": now,
        "observed_at": channel.observed_at,
        "world": str(context.world),
        "subscribers": channel.subscribers,
        "subscribers_hidden": channel.subscribers_hidden,
        "total_views": channel.total_views,
        "post_count": channel.video_count,
        "average_daily_views": None,
        "views_per_post": None,
        "posts_per_week": None,
        "last_post_at": None,
        "view_definition": view_definition_at(now),
    }

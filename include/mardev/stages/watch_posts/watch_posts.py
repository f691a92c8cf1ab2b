"""Finds posts on the creators' own channels, matches them to their placement, and looks at them again."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.errors import NotThere
from mardev.connectors.youtube import VideoRecord, YouTube
from mardev.errors import RetryLater
from mardev.policy.retention import expires_at
from mardev.stages.clients import youtube
from mardev.stages.context import StageContext
from mardev.stages.cursors import move_cursor
from mardev.stages.lookups import Row
from mardev.stages.plan.crawl_rows import PLATFORM
from mardev.stages.publishing import Unreadable, gate_and_publish, stage_batch
from mardev.stages.snapshots import stage_snapshots
from mardev.stages.watch_posts.checks import check_due_posts, plan_checks
from mardev.stages.watch_posts.late import report_late_posts
from mardev.warehouse import tables
from mardev.warehouse.read import query

CURSOR = "watch_posts"
NEWEST_READ = 5


def watch_posts(context: StageContext) -> dict[str, Any]:
    """Detect, match, check again, and say what is late. Repeating it at the same instant changes nothing."""
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        awaited = query(connection, "awaited_placements", now=now, world=str(context.world))
    unreadable = Unreadable()
    with youtube(context, on_malformed=unreadable) as client:
        found = [
            _post_row(context, placement, video, matched_by)
            for placement in awaited
            for video, matched_by in _matches(client, placement)
        ]
        if found:
            _publish(context, client, found, unreadable)
            _go_live(context, found)
        checked = check_due_posts(context, client)
    late = report_late_posts(context)
    with context.warehouse.begin() as connection:
        move_cursor(connection, CURSOR, context.world, now.isoformat(), now)
    return {"awaited": len(awaited), "found": len(found), "checked": checked, "late": late}


def _matches(client: YouTube, placement: Row) -> list[tuple[VideoRecord, str]]:
    """The first video since the deal that carries the placement's link or, where the link is wrong, its code."""
    try:
        videos = list(client.uploads(placement["uploads_playlist"], max_results=NEWEST_READ))
    except NotThere:
        return []
    since_deal = [video for video in reversed(videos) if video.published_at >= placement["created_at"]]
    for video in since_deal:
        text = f"{video.title}\n{video.description}"
        if placement["short_url"] in text or f"/{placement['short_code']}" in text:
            return [(video, "link")]
        if placement["promo_code"].upper() in text.upper():
            return [(video, "code")]
    return []


def _post_row(context: StageContext, placement: Row, video: VideoRecord, matched_by: str) -> dict[str, Any]:
    return {
        "post_key": f"{PLATFORM}:{video.video_id}",
        "world": str(context.world),
        "platform": PLATFORM,
        "external_id": video.video_id,
        "channel_key": placement["channel_key"],
        "placement_key": placement["placement_key"],
        "matched_by": matched_by,
        "title": video.title,
        "description": video.description,
        "url": _address(context, video),
        "published_at": video.published_at,
        "refreshed_at": context.clock.now(),
        "expires_at": expires_at(PLATFORM, context.clock.now()),
    }


def _address(context: StageContext, video: VideoRecord) -> str:
    """Where a person can see the post; a simulated world says so in its connection."""
    pattern = context.record("mardev_youtube").extra.get("watch_url")
    return str(pattern).replace("{video}", video.video_id) if pattern else video.url


def _publish(context: StageContext, client: YouTube, found: list[dict[str, Any]], unreadable: Unreadable) -> None:
    """The posts with their first counters; where those cannot be had now, *Refresh metrics* reads them later."""
    staged = [stage_batch(context, "post", found)]
    try:
        posts = {post["external_id"]: post["post_key"] for post in found}
        staged.append(stage_snapshots(context, client, posts, unreadable))
    except RetryLater as trouble:
        context.log.warning("The first counters are left to Refresh metrics: %s", trouble)
    gate_and_publish(context, staged)


def _go_live(context: StageContext, found: list[dict[str, Any]]) -> None:
    """A placement with a post is live: its checks are planned, its fee is owed."""
    with context.warehouse.begin() as connection:
        for post in found:
            placement = (
                connection.execute(
                    sa.update(tables.placement)
                    .where(tables.placement.c.placement_key == post["placement_key"])
                    .values(state="live")
                    .returning(tables.placement)
                )
                .mappings()
                .one()
            )
            plan_checks(connection, post)
            _owe_fee(connection, placement, post)


def _owe_fee(connection: sa.Connection, placement: Row, post: dict[str, Any]) -> None:
    connection.execute(
        postgresql.insert(tables.cost)
        .values(
            cost_key=f"{placement['placement_key']}/fee",
            iteration_key=placement["iteration_key"],
            placement_key=placement["placement_key"],
            world=placement["world"],
            kind="placement",
            amount=placement["booked_amount"],
            currency=placement["booked_currency"],
            incurred_at=post["published_at"],
        )
        .on_conflict_do_nothing(index_elements=["cost_key"])
    )

"""Before anything ends: what running iterations still need is read again, and so is young once more."""

from datetime import datetime
from typing import Any

from mardev.errors import FixFirst, RetryLater
from mardev.stages.clients import youtube
from mardev.stages.context import StageContext
from mardev.stages.licences import ends_at
from mardev.stages.lookups import Row
from mardev.stages.plan.crawl_rows import PLATFORM
from mardev.stages.publishing import Unreadable, publish_batch
from mardev.stages.refresh_creators.refresh_creators import refresh_creators
from mardev.warehouse.read import query


def refresh_what_is_needed(context: StageContext, until: datetime) -> dict[str, int]:
    """Read creators and posts again that end before `until`.

    A platform that does not answer, a spent quota or a refused key keep nothing alive: the data then ends on time.

    Returns:
        How many creators and posts were read again.
    """
    refreshed = {"creators": 0, "posts": 0}
    try:
        refreshed["creators"] = int(refresh_creators(context)["refreshed"])
        refreshed["posts"] = _refresh_posts(context, until)
    except (RetryLater, FixFirst) as trouble:
        context.log.warning("Not everything could be read again before it ends: %s", trouble)
    return refreshed


def _refresh_posts(context: StageContext, until: datetime) -> int:
    """Words of live posts of running iterations, 1 quota unit for each 50. What was taken down is not refreshed."""
    with context.warehouse.connect() as connection:
        due = query(
            connection, "posts_to_refresh", world=str(context.world), platform=PLATFORM, expires_before=until
        )  # fmt: skip
    if not due:
        return 0
    known = {row["external_id"]: row for row in due}
    unreadable = Unreadable()
    with youtube(context, on_malformed=unreadable) as client:
        rows = [_post_row(context, known[video.video_id], video) for video in client.videos(sorted(known))]
    publish_batch(context, "post", rows, unreadable=unreadable.records)
    return len(rows)


def _post_row(context: StageContext, known: Row, video: Any) -> dict[str, Any]:
    now = context.clock.now()
    read_again = {"title": video.title, "description": video.description, "refreshed_at": now}
    return dict(known) | read_again | {"expires_at": ends_at(context, PLATFORM, now)}

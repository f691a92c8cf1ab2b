"""Counters of live posts, for the gate to look at."""

from collections.abc import Mapping

from mardev.connectors.youtube import YouTube
from mardev.stages.context import StageContext
from mardev.stages.publishing import Unreadable, stage_batch


def stage_snapshots(
    context: StageContext, client: YouTube, post_of_video: Mapping[str, str], unreadable: Unreadable
) -> int:
    """Read the counters of some posts at the clock's instant and stage them. Returns the `ingest_run_id`.

    Args:
        context: of the step.
        client: reports what it cannot read to `unreadable`.
        post_of_video: the platform's id of each post to `post_key`.
        unreadable: goes to the quarantine with the batch.
    """
    now = context.clock.now()
    rows = [
        {
            "post_key": post_of_video[statistics.video_id],
            "snapshot_at": now,
            "observed_at": statistics.observed_at,
            "world": str(context.world),
            "views": statistics.views,
            "likes": statistics.likes,
            "comments": statistics.comments,
            "view_definition": statistics.view_definition,
        }
        for statistics in client.statistics(list(post_of_video))
    ]
    return stage_batch(context, "post_metric_snapshot", rows, unreadable=unreadable.records)

"""What the standing pipelines have to do now, and when there will be something to do next.

In production they run by the hour; whoever drives a simulated world asks here instead of waiting.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from mardev.policy.retention import strictest_kept
from mardev.stages.outbox import CLAIM_EXPIRES_AFTER
from mardev.warehouse.read import query

CHECK_SYSTEMS_EVERY = timedelta(hours=6)
EXPIRE_EVERY = timedelta(days=1)
PIPELINES = ("send_messages", "read_mailbox", "watch_posts", "refresh_metrics", "check_systems", "expire_data")


def due_work(connection: sa.Connection, now: datetime) -> dict[str, int]:
    """Pieces of work due at `now` for each standing pipeline; 0 means nothing to do."""
    (row,) = query(
        connection,
        "due_work",
        now=now,
        checked_before=now - CHECK_SYSTEMS_EVERY,
        expired_before=now - EXPIRE_EVERY,
        read_before=strictest_kept(now),
        claimed_before=now - CLAIM_EXPIRES_AFTER,
    )
    return {pipeline: int(row[pipeline]) for pipeline in PIPELINES}


def next_due_instant(connection: sa.Connection, now: datetime) -> datetime | None:
    """The first instant after `now` at which a running iteration has something due, None when none runs."""
    (row,) = query(connection, "next_due_instant", now=now, claim_lasts=CLAIM_EXPIRES_AFTER)
    instant: datetime | None = row["next_due_at"]
    return instant

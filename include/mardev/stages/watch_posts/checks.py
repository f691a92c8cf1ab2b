"""Looks at a live post again: one hour, one day and thirty days after it went live. Asks for what is missing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.briefs.mails import MailKind
from mardev.briefs.rules import RuleFinding, check_post, failed_details
from mardev.connectors.youtube import VideoRecord, YouTube
from mardev.stages.context import StageContext
from mardev.stages.conversation import Conversation, conversation_of
from mardev.stages.create.write_briefs import deal_of
from mardev.stages.lookups import Row
from mardev.warehouse import tables
from mardev.warehouse.read import query

CHECK_AFTER = (timedelta(hours=1), timedelta(hours=24), timedelta(days=30))
CHECK_AGAIN_AFTER = timedelta(hours=24)
MOST_CHECKS = 8


def plan_checks(connection: sa.Connection, post: Mapping[str, Any]) -> None:
    """Write down when a post is looked at."""
    rows = [
        {
            "post_key": post["post_key"],
            "check_no": number,
            "world": post["world"],
            "due_at": post["published_at"] + after,
        }
        for number, after in enumerate(CHECK_AFTER, start=1)
    ]
    connection.execute(postgresql.insert(tables.post_check).on_conflict_do_nothing(), rows)


def check_due_posts(context: StageContext, client: YouTube) -> int:
    """Look at every post whose check is due. Returns how many were looked at."""
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        due = query(connection, "posts_due_for_check", now=now, world=str(context.world))
    if not due:
        return 0
    videos = {video.video_id: video for video in client.videos(sorted({row["external_id"] for row in due}))}
    conversation = conversation_of(context)
    for row in due:
        with context.warehouse.begin() as connection:
            _check(connection, conversation, row, videos.get(row["external_id"]), now)
    return len(due)


def _check(
    connection: sa.Connection, conversation: Conversation, row: Row, video: VideoRecord | None, now: datetime
) -> None:
    findings = check_post(
        video.title if video else "",
        video.description if video else "",
        link=row["short_url"],
        code=row["promo_code"],
        market=row["country"],
        is_available=video is not None,
    )
    passed = {finding.rule: finding.passed for finding in findings}
    detail = " ".join(failed_details(findings))
    check = tables.post_check
    connection.execute(
        sa.update(check)
        .where(check.c.post_key == row["post_key"], check.c.check_no == row["check_no"])
        .values(
            checked_at=now,
            is_available=video is not None,
            link_is_right=passed.get("link"),
            is_disclosed=passed.get("disclosure"),
            detail=detail,
        )
    )
    _follow_up(connection, conversation, row, findings, now)


def _follow_up(
    connection: sa.Connection, conversation: Conversation, row: Row, findings: list[RuleFinding], now: datetime
) -> None:
    """A faulty post gets a correction mail, an incident, and another look a day later; a mended one closes it."""
    incident_key = f"post_check/{row['post_key']}"
    faults = [finding for finding in findings if not finding.passed and finding.severity == "block"]
    if not faults:
        connection.execute(
            sa.update(tables.incident)
            .where(tables.incident.c.incident_key == incident_key, tables.incident.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        return
    details = [finding.detail for finding in faults]
    connection.execute(
        postgresql.insert(tables.incident)
        .values(
            incident_key=incident_key,
            world=row["world"],
            iteration_key=row["iteration_key"],
            lane="marketing",
            source="post_check",
            title=f"The post of {row['channel_title']} needs a correction",
            detail=" ".join(details),
            next_step="The creator was asked by mail; look at the post tomorrow.",
            page_path=f"/mardev/iterations/{row['iteration_key']}",
            opened_at=now,
        )
        .on_conflict_do_nothing(index_elements=["incident_key"])
    )
    _ask_for_correction(connection, conversation, row, details, now)
    _look_again(connection, row, now)


def _ask_for_correction(
    connection: sa.Connection, conversation: Conversation, row: Row, details: list[str], now: datetime
) -> None:
    conversation.write(
        connection,
        MailKind.CORRECTION,
        deal_of(connection, row),
        now,
        integration_type=row["integration_type"],
        placement_key=row["placement_key"],
        number=row["check_no"],
        post_title=row["title"],
        post_url=row["url"],
        changes=details,
        link=row["short_url"],
        code=row["promo_code"],
    )


def _look_again(connection: sa.Connection, row: Row, now: datetime) -> None:
    check = tables.post_check
    soon = connection.execute(
        sa.select(check.c.check_no).where(
            check.c.post_key == row["post_key"],
            check.c.checked_at.is_(None),
            check.c.due_at <= now + CHECK_AGAIN_AFTER,
        )
    ).first()
    newest = connection.execute(
        sa.select(sa.func.max(check.c.check_no)).where(check.c.post_key == row["post_key"])
    ).scalar_one()
    if soon is None and newest < MOST_CHECKS:
        connection.execute(
            sa.insert(check).values(
                post_key=row["post_key"], check_no=newest + 1, world=row["world"], due_at=now + CHECK_AGAIN_AFTER
            )
        )

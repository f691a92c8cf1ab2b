"""Marketing step of `create`: a brief for each placement, in the creator's language, with link, code and window."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mardev.briefs.mails import MailKind
from mardev.connectors.mail import calendar_of
from mardev.stages.context import StageContext
from mardev.stages.conversation import Conversation, conversation_of, date_text
from mardev.stages.lookups import Row, iteration_row, placements_of
from mardev.warehouse import tables

DRAFT_WITHIN = timedelta(hours=60)


def write_briefs(context: StageContext) -> dict[str, Any]:
    """Write and queue the briefs of all placements that have none; a placement without a link is left for later."""
    now = context.clock.now()
    conversation = conversation_of(context)
    with context.warehouse.begin() as connection:
        placements = placements_of(connection, context.iteration_key, "booked")
        briefed = sum(_write_brief(connection, conversation, placement, now) for placement in placements)
    return {"briefed": briefed, "without_link": len(placements) - briefed}


def _write_brief(connection: sa.Connection, conversation: Conversation, placement: Row, now: datetime) -> bool:
    link = link_of(connection, placement["placement_key"])
    if link is None:
        return False
    deal = deal_of(connection, placement)
    iteration = iteration_row(connection, placement["iteration_key"])
    message_key = conversation.write(
        connection,
        MailKind.BRIEF,
        deal,
        now,
        integration_type=placement["integration_type"],
        placement_key=placement["placement_key"],
        calendar=window_calendar(placement, conversation, now),
        fee=deal["terms"]["fee"],
        mandatory_points=[iteration["difference"]],
        link=link["short_url"],
        code=link["promo_code"],
        window_from=date_text(placement["window_from"]),
        window_to=date_text(placement["window_to"]),
        draft_by=date_text(now + DRAFT_WITHIN),
    )
    if message_key is None:
        return False
    mail = (
        connection.execute(sa.select(tables.message).where(tables.message.c.message_key == message_key))
        .mappings()
        .one()
    )
    connection.execute(
        sa.insert(tables.brief).values(
            placement_key=placement["placement_key"],
            version=1,
            world=placement["world"],
            language=mail["language"],
            body=mail["body"],
            template=f"brief.{mail['language']}",
            written_at=now,
        )
    )
    connection.execute(
        sa.update(tables.placement)
        .where(tables.placement.c.placement_key == placement["placement_key"])
        .values(state="briefed", draft_due_at=now + DRAFT_WITHIN)
    )
    return True


def link_of(connection: sa.Connection, placement_key: str) -> Row | None:
    """The placement's tracking link, None before it was provisioned."""
    return (
        connection.execute(sa.select(tables.tracking_link).where(tables.tracking_link.c.placement_key == placement_key))
        .mappings()
        .first()
    )


def deal_of(connection: sa.Connection, placement: Row) -> Row:
    """The deal a placement belongs to."""
    return (
        connection.execute(sa.select(tables.deal).where(tables.deal.c.deal_key == placement["deal_key"]))
        .mappings()
        .one()
    )


def window_calendar(placement: Row, conversation: Conversation, now: datetime) -> str:
    """The publication window as a calendar entry."""
    return calendar_of(
        uid=f"{placement['placement_key']}@{conversation.domain}",
        summary=f"{conversation.brand}: {placement['placement_key']}",
        starts_at=placement["window_from"],
        ends_at=placement["window_to"],
        organizer=conversation.sender,
        stamped_at=now,
    )

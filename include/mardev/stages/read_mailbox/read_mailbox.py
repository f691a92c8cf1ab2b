"""Reads the brand's mailbox and moves on what was answered: offers, drafts, bounces.

Each mail is one transaction, keyed by its Message-ID: read twice, it counts once. What no rule understands
stays visible in the conversation for a person, and holds nothing up.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.mailbox import ReceivedMail
from mardev.stages.clients import mailbox
from mardev.stages.context import StageContext
from mardev.stages.conversation import Conversation, conversation_of
from mardev.stages.create.offers import make_next_offers, silence_overdue
from mardev.stages.create.waves import OPEN
from mardev.stages.cursors import move_cursor, read_cursor
from mardev.stages.lookups import Row
from mardev.stages.read_mailbox.answers import take_answer, take_bounce
from mardev.stages.read_mailbox.drafts import take_draft
from mardev.stages.read_mailbox.threads import deal_of, message_answered
from mardev.warehouse import tables

CURSOR = "mailbox"


def read_mailbox(context: StageContext) -> dict[str, Any]:
    """Read the new mails, oldest first; then make the offers that became possible.

    Returns:
        Counts by kind of mail, and the offers made.
    """
    conversation = conversation_of(context)
    with context.warehouse.connect() as connection:
        position = read_cursor(connection, CURSOR, context.world)
    counts: dict[str, int] = {}
    with mailbox(context) as client:
        for mail in client.new_messages(position):
            kind = _take(context, conversation, mail)
            if kind:
                counts[kind] = counts.get(kind, 0) + 1
    with context.warehouse.begin() as connection:
        move_cursor(connection, CURSOR, context.world, "", context.clock.now())
    counts["offers"] = _approach(context, conversation)
    return counts


def _take(context: StageContext, conversation: Conversation, mail: ReceivedMail) -> str | None:
    """Keep one mail and act on it. Returns what it was, None when it was known."""
    with context.warehouse.begin() as connection:
        move_cursor(connection, CURSOR, context.world, mail.position, context.clock.now())
        answered = message_answered(connection, mail)
        deal = deal_of(connection, mail, answered)
        if not _keep(connection, context, mail, deal, answered):
            return None
        kind = _act(connection, conversation, mail, deal)
        connection.execute(
            sa.update(tables.message).where(tables.message.c.message_key == _key(mail)).values(kind=kind)
        )
        return kind


def _act(connection: sa.Connection, conversation: Conversation, mail: ReceivedMail, deal: Row | None) -> str:
    if deal is None:
        return "other"
    if mail.is_automatic and not mail.is_bounce:  # an out-of-office note answers nothing
        return "other"
    if mail.is_bounce:
        take_bounce(connection, deal, mail)
        return "bounce"
    if deal["state"] in OPEN:
        take_answer(connection, conversation, deal, mail, _key(mail))
        # In the same transaction: whoever waits for the answers never sees a moment without the next offer.
        make_next_offers(connection, conversation, deal["iteration_key"], mail.received_at)
        return "answer"
    if deal["state"] == "accepted" and take_draft(connection, conversation, deal, mail):
        return "draft"
    return "other"


def _approach(context: StageContext, conversation: Conversation) -> int:
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        running = (
            connection.execute(
                sa.select(tables.iteration.c.iteration_key).where(
                    tables.iteration.c.state == "create", tables.iteration.c.world == str(context.world)
                )
            )
            .scalars()
            .all()
        )
    offers = 0
    for iteration_key in running:
        with context.warehouse.begin() as connection:
            if _deals_are_settled(connection, iteration_key):
                continue
            silence_overdue(connection, iteration_key, now)
            offers += make_next_offers(connection, conversation, iteration_key, now)
    return offers


def _deals_are_settled(connection: sa.Connection, iteration_key: str) -> bool:
    """Briefs are out: the list is closed, nobody new is approached."""
    briefed = sa.select(tables.brief.c.placement_key).join(
        tables.placement, tables.placement.c.placement_key == tables.brief.c.placement_key
    )
    return connection.execute(briefed.where(tables.placement.c.iteration_key == iteration_key)).first() is not None


def _keep(
    connection: sa.Connection, context: StageContext, mail: ReceivedMail, deal: Row | None, answered: Row | None
) -> bool:
    received_at: datetime = mail.received_at
    values = {
        "message_key": _key(mail),
        "world": str(context.world),
        "iteration_key": deal["iteration_key"] if deal else None,
        "channel_key": deal["channel_key"] if deal else None,
        "deal_key": deal["deal_key"] if deal else None,
        "placement_key": answered["placement_key"] if answered else None,
        "direction": "in",
        "kind": "other",
        "address": mail.from_address,
        "subject": mail.subject,
        "body": mail.reply_text,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "state": "received",
        "due_at": received_at,
        "sent_at": received_at,
    }
    statement = postgresql.insert(tables.message).values(values).on_conflict_do_nothing()
    return connection.execute(statement.returning(tables.message.c.message_key)).first() is not None


def _key(mail: ReceivedMail) -> str:
    return f"in/{mail.message_id}"

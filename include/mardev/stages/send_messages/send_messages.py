"""Empties the outbox: each message at most once.

A message is claimed in a transaction of its own before it leaves. What a crash leaves claimed is never sent
again by itself: it becomes `uncertain` and a person settles it on the page of the iteration.
"""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa

from mardev.connectors.errors import DeliveryUncertain
from mardev.connectors.mail import compose, guard_recipients
from mardev.errors import FixFirst, RetryLater, SkipRecord
from mardev.stages.context import StageContext
from mardev.stages.conversation import Conversation, conversation_of
from mardev.stages.create.offers import close_deal
from mardev.stages.lookups import Row
from mardev.stages.outbox import CLAIM_EXPIRES_AFTER
from mardev.stages.suppression import ADDRESS, CHANNEL, read_suppressed
from mardev.warehouse import tables


def send_messages(context: StageContext) -> dict[str, Any]:
    """Send what is due.

    Returns:
        Counts by outcome: sent, failed, uncertain.

    Raises:
        TransportFailed: the mail server is in trouble; what was not sent stays queued.
        FixFirst: the mail connection must be corrected; what was not sent stays queued.
    """
    now = context.clock.now()
    conversation = conversation_of(context)
    counts = {"sent": 0, "failed": 0, "uncertain": _settle_lost_claims(context, now)}
    while message := _claim(context, now):
        outcome = _send(context, conversation, message, now)
        counts[outcome] += 1
    return counts


def _claim(context: StageContext, now: datetime) -> Row | None:
    table = tables.message
    next_key = (
        sa.select(table.c.message_key)
        .where(
            table.c.direction == "out",
            table.c.state == "queued",
            table.c.due_at <= now,
            table.c.world == str(context.world),
        )
        .order_by(table.c.due_at, table.c.message_key)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    with context.warehouse.begin() as connection:
        return (
            connection.execute(
                sa.update(table)
                .where(table.c.message_key == next_key)
                .values(state="sending", claimed_at=now)
                .returning(table)
            )
            .mappings()
            .first()
        )


def _send(context: StageContext, conversation: Conversation, message: Row, now: datetime) -> str:
    try:
        _refuse_suppressed(context, message)
        envelope = _envelope(conversation, message, now)
        guard_recipients(context.record("mardev_mail"), envelope)
        context.mail.send(envelope)
    except SkipRecord as refusal:
        _give_up(context, message, str(refusal), now)
        return "failed"
    except DeliveryUncertain:
        _finish(context, message, state="uncertain", note="Whether the mail server took it is not known")
        return "uncertain"
    except (RetryLater, FixFirst) as trouble:  # nothing left: it waits in the outbox until somebody mends the cause
        _finish(context, message, state="queued", claimed_at=None, note=str(trouble))
        raise
    _finish(context, message, state="sent", sent_at=now)
    return "sent"


def _refuse_suppressed(context: StageContext, message: Row) -> None:
    """Raises: SkipRecord: the person asked to be erased after the message was written down."""
    with context.warehouse.connect() as connection:
        suppressed = read_suppressed(connection)
    if (ADDRESS, message["address"]) in suppressed or (CHANNEL, message["channel_key"]) in suppressed:
        raise SkipRecord("Whoever has this address asked never to be written to again.")


def _envelope(conversation: Conversation, message: Row, now: datetime) -> EmailMessage:
    return compose(
        sender=conversation.sender,
        sender_name=conversation.sender_name,
        recipient=message["address"],
        subject=message["subject"],
        body=message["body"],
        message_id=message["message_id"],
        sent_at=now,
        in_reply_to=message["in_reply_to"],
        calendar=message["calendar"],
    )


def _give_up(context: StageContext, message: Row, reason: str, now: datetime) -> None:
    """An address that cannot be written to ends the offer that was on its way there."""
    _finish(context, message, state="failed", note=reason)
    if message["kind"] != "offer":
        return
    with context.warehouse.begin() as connection:
        deal = (
            connection.execute(sa.select(tables.deal).where(tables.deal.c.deal_key == message["deal_key"]))
            .mappings()
            .one()
        )
        close_deal(connection, deal, "declined", now, reason)


def _finish(context: StageContext, message: Row, **values: Any) -> None:
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.update(tables.message).where(tables.message.c.message_key == message["message_key"]).values(**values)
        )


def _settle_lost_claims(context: StageContext, now: datetime) -> int:
    table = tables.message
    with context.warehouse.begin() as connection:
        return connection.execute(
            sa.update(table)
            .where(
                table.c.state == "sending",
                table.c.world == str(context.world),
                table.c.claimed_at <= now - CLAIM_EXPIRES_AFTER,
            )
            .values(
                state="uncertain", note="The sender stopped in the middle: look into the mailbox before sending again"
            )
        ).rowcount

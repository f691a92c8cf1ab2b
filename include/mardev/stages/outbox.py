"""The outbox: a message is written down first, with a key that says what it is, and sent by `send_messages`.

The key makes a message unique for ever (`spring-games-1/UC…/offer/1`), so a repeated step queues nothing
twice; its Message-ID is derived from the key, so an answer finds its way back even after a restart.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.domain.words import World
from mardev.warehouse import tables

CLAIM_EXPIRES_AFTER = timedelta(hours=6)
"""A sender that claimed a message this long ago has died: whether the message left is not known."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A mail to one address; the keys say what it belongs to."""

    message_key: str
    kind: str
    address: str
    subject: str
    body: str
    language: str | None = None
    iteration_key: str | None = None
    channel_key: str | None = None
    deal_key: str | None = None
    placement_key: str | None = None
    calendar: str | None = None
    in_reply_to: str | None = None


def message_id_of(message_key: str, domain: str) -> str:
    """The RFC 5322 Message-ID of a message, always the same for the same key."""
    digest = hashlib.sha256(message_key.encode()).hexdigest()[:24]
    return f"<mardev.{digest}@{domain}>"


def queue_message(
    connection: sa.Connection, message: OutgoingMessage, *, world: World, due_at: datetime, domain: str
) -> bool:
    """Write `message` into the outbox, due at `due_at` (business time).

    Returns:
        Whether it is new; False when a message of that key was queued before.
    """
    values = {
        "message_key": message.message_key,
        "world": str(world),
        "iteration_key": message.iteration_key,
        "channel_key": message.channel_key,
        "deal_key": message.deal_key,
        "placement_key": message.placement_key,
        "direction": "out",
        "kind": message.kind,
        "address": message.address,
        "language": message.language,
        "subject": message.subject,
        "body": message.body,
        "calendar": message.calendar,
        "message_id": message_id_of(message.message_key, domain),
        "in_reply_to": message.in_reply_to,
        "state": "queued",
        "due_at": due_at,
    }
    statement = postgresql.insert(tables.message).values(values).on_conflict_do_nothing()
    return connection.execute(statement.returning(tables.message.c.message_key)).first() is not None


def last_message_id(connection: sa.Connection, *, deal_key: str) -> str | None:
    """Message-ID of the newest message of a deal's conversation, to answer on."""
    table = tables.message
    return connection.execute(
        sa.select(table.c.message_id)
        .where(table.c.deal_key == deal_key, table.c.message_id.is_not(None))
        .order_by(table.c.due_at.desc(), table.c.message_key.desc())
        .limit(1)
    ).scalar()

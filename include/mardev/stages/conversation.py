"""Writes our side of a conversation: the right template, in the contact's language, into the outbox."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.briefs.disclosure import disclosure_for, switch_hint
from mardev.briefs.labels import integration_name
from mardev.briefs.mails import FIELDS, MailKind, render_mail
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, address_of, iteration_row
from mardev.stages.outbox import OutgoingMessage, last_message_id, queue_message
from mardev.warehouse import tables

MESSAGE_KINDS: Mapping[MailKind, str] = {MailKind.COUNTER_ACCEPT: "offer"}


class Conversation:
    """The brand's voice in one world. Queues mails; sending them is the work of `send_messages`."""

    def __init__(self, mail: ConnectionRecord, world: World) -> None:
        self._world = world
        self.sender = str(mail.extra.get("from_email") or mail.login)
        self.sender_name = str(mail.extra.get("from_name") or self.sender)
        self.brand = str(mail.extra.get("brand") or self.sender_name)

    @property
    def domain(self) -> str:
        return self.sender.rsplit("@", 1)[-1]

    def write(
        self,
        connection: sa.Connection,
        kind: MailKind,
        deal: Row,
        now: datetime,
        *,
        integration_type: str,
        placement_key: str | None = None,
        calendar: str | None = None,
        number: int = 1,
        **values: Any,
    ) -> str | None:
        """Queue one mail of a deal's conversation, due at once.

        Args:
            connection: open connection inside a transaction.
            kind: which template.
            deal: the deal's row.
            now: business instant.
            integration_type: as agreed or offered.
            placement_key: what the mail is about, for mails after the deal.
            calendar: iCalendar text to attach.
            number: counts mails of one kind in one conversation, from 1; the same number is queued once.
            values: what the template shows besides names, campaign, reference and disclosure.

        Returns:
            The message's key; None when the channel has no address any more.
        """
        contact = address_of(connection, deal["channel_key"])
        if contact is None:
            return None
        channel = (
            connection.execute(sa.select(tables.channel).where(tables.channel.c.channel_key == deal["channel_key"]))
            .mappings()
            .one()
        )
        language = contact["language"] or channel["language"]
        fields = self._common_fields(connection, deal, channel, language, integration_type) | values
        mail = render_mail(kind, language, {name: fields[name] for name in FIELDS[kind]})
        message_key = f"{placement_key or deal['deal_key']}/{kind}/{number}"
        queue_message(
            connection,
            OutgoingMessage(
                message_key=message_key,
                kind=MESSAGE_KINDS.get(kind, str(kind)),
                address=contact["email"],
                subject=mail.subject,
                body=mail.body,
                language=mail.language,
                iteration_key=deal["iteration_key"],
                channel_key=deal["channel_key"],
                deal_key=deal["deal_key"],
                placement_key=placement_key,
                calendar=calendar,
                in_reply_to=last_message_id(connection, deal_key=deal["deal_key"]),
            ),
            world=self._world,
            due_at=now,
            domain=self.domain,
        )
        return message_key

    def _common_fields(
        self, connection: sa.Connection, deal: Row, channel: Row, language: str | None, integration_type: str
    ) -> dict[str, Any]:
        iteration = iteration_row(connection, deal["iteration_key"])
        disclosure = disclosure_for(channel["country"])
        return {
            "creator": channel["title"],
            "brand": self.brand,
            "campaign": iteration["campaign"],
            "difference": iteration["difference"],
            "integration": integration_name(integration_type, language),
            "reference": deal["deal_key"],
            "disclosure": disclosure.wording,
            "disclosure_hint": switch_hint(language),
            "forbidden_claims": [],
            "sender": self.sender_name,
            "footer": "",
        }


def conversation_of(context: StageContext) -> Conversation:
    """The brand's voice in the world of this run."""
    return Conversation(context.record("mardev_mail"), context.world)


def fee_text(amount: Decimal, currency: str) -> str:
    """``250.00 EUR``, the form every mail uses."""
    return f"{amount:.2f} {currency}"


def date_text(instant: datetime) -> str:
    """The ISO date of an instant, UTC."""
    return instant.date().isoformat()

"""Which message a mail answers, and which deal it belongs to."""

import re

import sqlalchemy as sa

from mardev.connectors.mailbox import ReceivedMail
from mardev.stages.lookups import Row
from mardev.warehouse import tables


def message_answered(connection: sa.Connection, mail: ReceivedMail) -> Row | None:
    """Our message that the mail answers, by its headers; None when it names none of ours."""
    table = tables.message
    asked = list(mail.answers)
    if not asked:
        return None
    return (
        connection.execute(
            sa.select(table).where(table.c.message_id.in_(asked)).order_by(table.c.due_at.desc()).limit(1)
        )
        .mappings()
        .first()
    )


def deal_of(connection: sa.Connection, mail: ReceivedMail, answered: Row | None) -> Row | None:
    """The deal a mail is about: by its thread, by the reference it quotes, or by its sender.

    The sender alone is enough only where nothing speaks against it: a mail that answers something we do not know of,
    or comes from somebody with two open conversations, could be about anything. A person reads those.
    """
    deal = tables.deal
    if answered is not None and answered["deal_key"]:
        return connection.execute(sa.select(deal).where(deal.c.deal_key == answered["deal_key"])).mappings().first()
    candidates = _deals_with_sender(connection, mail)
    quoted = [one for one in candidates if _quotes(mail.full_text, one["deal_key"])]
    if quoted:
        return quoted[0]
    is_about_something_else = bool(mail.answers) and not mail.is_bounce
    return candidates[0] if len(candidates) == 1 and not is_about_something_else else None


def _deals_with_sender(connection: sa.Connection, mail: ReceivedMail) -> list[Row]:
    """Deals offered before the mail came, in running iterations, to the address it comes from, newest first."""
    deal, contact, iteration = tables.deal, tables.contact, tables.iteration
    addresses = (mail.from_address, *(mail.bounce.addresses if mail.bounce else ()))
    found = connection.execute(
        sa.select(deal)
        .join(contact, contact.c.channel_key == deal.c.channel_key)
        .join(iteration, iteration.c.iteration_key == deal.c.iteration_key)
        .where(
            sa.func.lower(contact.c.email).in_([address.lower() for address in addresses]),
            iteration.c.state.not_in(("closed", "rejected")),
            deal.c.offered_at <= mail.received_at,
        )
        .order_by(deal.c.offered_at.desc(), deal.c.deal_key)
    ).mappings()
    return list(found)


def _quotes(text: str, deal_key: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(deal_key)}(?![\w-])", text) is not None

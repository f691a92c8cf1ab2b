"""An answer to an offer becomes a deal, a refusal, or a question for a person."""

import sqlalchemy as sa

from mardev.briefs.replies import Answer, AnswerKind, read_answer
from mardev.connectors.mailbox import ReceivedMail
from mardev.stages.conversation import Conversation
from mardev.stages.create.offers import accept, answer_counter, close_deal
from mardev.stages.lookups import Row
from mardev.warehouse import tables

CONFIDENT = 0.6


def take_answer(
    connection: sa.Connection, conversation: Conversation, deal: Row, mail: ReceivedMail, message_key: str
) -> Answer:
    """Read the answer and move the deal on; an unclear one leaves it open for a person."""
    language = connection.execute(
        sa.select(tables.contact.c.language).where(tables.contact.c.channel_key == deal["channel_key"]).limit(1)
    ).scalar()
    answer = read_answer(mail.reply_text, language, offered=deal["offered_amount"], currency=deal["currency"])
    connection.execute(
        sa.update(tables.message)
        .where(tables.message.c.message_key == message_key)
        .values(
            reading={
                "kind": str(answer.kind),
                "amount": str(answer.amount) if answer.amount is not None else None,
                "confidence": answer.confidence,
                "quote": answer.quote,
            }
        )
    )
    at = mail.received_at
    if answer.confidence < CONFIDENT:
        return answer
    if answer.kind is AnswerKind.ACCEPT:
        accept(connection, deal, deal["offered_amount"], at, reason="Accepted as offered")
    elif answer.kind is AnswerKind.DECLINE:
        close_deal(connection, deal, "declined", at, answer.quote)
    elif answer.kind is AnswerKind.COUNTER and answer.amount is not None and answer.currency == deal["currency"]:
        answer_counter(connection, conversation, deal, answer.amount, at)
    return answer


def take_bounce(connection: sa.Connection, deal: Row, mail: ReceivedMail) -> None:
    """An address that does not exist ends an open offer."""
    if mail.bounce is not None and mail.bounce.is_permanent:
        close_deal(connection, deal, "declined", mail.received_at, "The mail could not be delivered to this address")

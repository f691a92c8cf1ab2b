"""A raw message (RFC 822) as exact types."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import cast

from mardev.connectors.mailbox.bounces import Bounce, read_bounce
from mardev.connectors.mailbox.replies import without_quotation, words_of_html
from mardev.errors import RecordMalformed


@dataclass(frozen=True)
class Attachment:
    """A file that came with a letter; `content` may be anything and is not to be trusted."""

    file_name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ReceivedMail:
    """One letter in the mailbox.

    Attributes:
        position: hand it to `Mailbox.new_messages` once this letter is dealt with.
        mailbox_id: the mailbox's own id of the letter.
        message_id: its Message-ID; the mailbox's id in angle brackets where a sender gave none.
        reply_text: what was written, without the letter it answers; `full_text` has both.
        calendar: text of the calendar part (RFC 5545), None without one.
        is_automatic: out-of-office and the like (RFC 3834).
        bounce: what a report of failed delivery says, None for a letter.
    """

    position: str
    mailbox_id: str
    received_at: datetime
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    from_address: str = field(repr=False)
    from_name: str = field(repr=False)
    to_addresses: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    sent_at: datetime | None
    reply_text: str = field(repr=False)
    full_text: str = field(repr=False)
    calendar: str | None = field(repr=False)
    attachments: tuple[Attachment, ...]
    is_automatic: bool
    bounce: Bounce | None = field(repr=False)

    @property
    def is_bounce(self) -> bool:
        return self.bounce is not None

    @property
    def answers(self) -> tuple[str, ...]:
        """Message-IDs this letter may answer, the likeliest first."""
        bounced = (self.bounce.message_id,) if self.bounce else ()
        candidates = (*bounced, self.in_reply_to, *reversed(self.references))
        return tuple(dict.fromkeys(one for one in candidates if one))


def parse_mail(raw: bytes, *, mailbox_id: str, received_at: datetime, position: str) -> ReceivedMail:
    """Read one raw message.

    Raises:
        RecordMalformed: it has no sender, or cannot be read at all.
    """
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return _read(message, mailbox_id=mailbox_id, received_at=received_at, position=position)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        # The parser's own mistakes on odd input: each is one bad letter, never the end of the reading.
        raise RecordMalformed(f"the message cannot be read ({type(error).__name__})") from None


def _read(message: EmailMessage, *, mailbox_id: str, received_at: datetime, position: str) -> ReceivedMail:
    senders = getaddresses([str(message.get("From", ""))])
    from_name, from_address = senders[0] if senders else ("", "")
    if "@" not in from_address:
        raise RecordMalformed("From has no address")
    full_text = _text_of(message)
    return ReceivedMail(
        position=position,
        mailbox_id=mailbox_id,
        received_at=received_at,
        message_id=_header(message, "Message-ID") or f"<{mailbox_id}>",
        in_reply_to=next(iter(_header(message, "In-Reply-To").split()), None),
        references=tuple(_header(message, "References").split()),
        from_address=from_address.lower(),
        from_name=_clean(from_name),
        to_addresses=tuple(address.lower() for _, address in getaddresses([str(message.get("To", ""))]) if address),
        subject=_clean(_header(message, "Subject")),
        sent_at=_date(message),
        reply_text=without_quotation(full_text),
        full_text=full_text,
        calendar=_calendar(message),
        attachments=_attachments(message),
        is_automatic=_header(message, "Auto-Submitted").lower() not in ("", "no"),
        bounce=read_bounce(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "")).strip()


def _clean(text: str) -> str:
    return text.replace("\x00", "")  # PostgreSQL keeps no NUL in a text


def _date(message: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(message, "Date"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    words = _decoded(cast(EmailMessage, body))
    return _clean(words_of_html(words) if body.get_content_type() == "text/html" else words.replace("\r\n", "\n"))


def _decoded(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except LookupError:  # an unknown character set
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return content if isinstance(content, str) else ""


def _calendar(message: EmailMessage) -> str | None:
    parts = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    return next((_clean(_decoded(part)) for part in parts), None)


def _attachments(message: EmailMessage) -> tuple[Attachment, ...]:
    found = []
    for part in message.iter_attachments():
        if part.get_content_type() in ("text/calendar", "message/delivery-status", "message/rfc822"):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(Attachment(_clean(part.get_filename() or ""), part.get_content_type(), content))
    return tuple(found)

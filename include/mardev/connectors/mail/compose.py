"""Puts a message together: plain text, a calendar part when there is a date, and the headers replies need."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from mardev.connectors.mail.limits import MAX_SUBJECT_CHARACTERS, SANDBOX_ENDING
from mardev.errors import RecordMalformed

SANDBOX_BANNER = "[Sandbox: this message belongs to a simulated world. Nobody real sent or received it.]"
_POLICY = policy.SMTP.clone(max_line_length=998)


def compose(
    *,
    sender: str,
    recipient: str,
    subject: str,
    body: str,
    message_id: str,
    sent_at: datetime,
    sender_name: str = "",
    recipient_name: str = "",
    reply_to: str | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    calendar: str | None = None,
    list_unsubscribe: str | None = None,
    one_click: bool = False,
) -> EmailMessage:
    """A message ready to be sent, with no header of our own invention.

    Args:
        sender: our address.
        recipient: the one address it goes to.
        subject: one line; longer than 200 characters is cut.
        body: the words. For a made-up address (the sandbox) a line that says so is put before them.
        message_id: kept before sending, so that answers and bounces find their way; with angle brackets.
        sent_at: aware.
        sender_name: shown with the address.
        recipient_name: shown with the address.
        reply_to: where answers go when not to `sender`.
        in_reply_to: Message-ID this answers; closes `references` when it is not in them.
        references: Message-IDs of the conversation, oldest first.
        calendar: text of a calendar (`calendar_of`), added as ``text/calendar; method=PUBLISH``.
        list_unsubscribe: content of List-Unsubscribe (RFC 2369), such as ``<https://...>``.
        one_click: adds List-Unsubscribe-Post (RFC 8058); only with an https address in `list_unsubscribe`.

    Raises:
        RecordMalformed: an address or header cannot be written, for instance because it holds a line break.
    """
    message = EmailMessage(policy=_POLICY)
    thread = [*references, *([in_reply_to] if in_reply_to and in_reply_to not in references else [])]
    optional = {
        "Reply-To": reply_to,
        "In-Reply-To": in_reply_to,
        "References": " ".join(thread) or None,
        "List-Unsubscribe": list_unsubscribe,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if list_unsubscribe and one_click else None,
    }
    try:
        message["From"] = Address(sender_name, addr_spec=sender)
        message["To"] = Address(recipient_name, addr_spec=recipient)
        message["Subject"] = _one_line(subject)[:MAX_SUBJECT_CHARACTERS]
        message["Date"] = format_datetime(sent_at)
        message["Message-ID"] = _single(message_id)
        for name, value in optional.items():
            if value:
                message[name] = _single(value)
        message.set_content(_words(body, recipient))
    except (ValueError, IndexError, AttributeError) as error:
        # The library's own words hold the address, so they are not repeated.
        raise RecordMalformed(f"the message cannot be written ({type(error).__name__})") from None
    if calendar:
        message.add_alternative(calendar, subtype="calendar", params={"method": "PUBLISH"}, cte="base64")
    return message


def calendar_of(
    *,
    uid: str,
    summary: str,
    starts_at: datetime,
    ends_at: datetime,
    description: str = "",
    organizer: str = "",
    sequence: int = 0,
    stamped_at: datetime | None = None,
) -> str:
    """A date as text of a ``METHOD:PUBLISH`` calendar (RFC 5545): an announcement, nobody is asked to accept it.

    Args:
        uid: the same for every version of the same date.
        summary: one line.
        starts_at: aware.
        ends_at: aware, after `starts_at`.
        description: more lines.
        organizer: our address.
        sequence: number of the version, from 0.
        stamped_at: when it was written; `starts_at` when not given, so that the same date is the same text.

    Raises:
        ValueError: it does not end after it starts.
    """
    from icalendar import Calendar, Event

    if ends_at <= starts_at:
        raise ValueError("a date in a calendar must end after it starts")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", (stamped_at or starts_at).astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("sequence", sequence)
    if description:
        event.add("description", description)
    if organizer:
        event.add("organizer", f"mailto:{organizer}")
    calendar = Calendar()
    calendar.add("prodid", "-//MarDev//toolchain//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))


def _words(body: str, recipient: str) -> str:
    banner = f"{SANDBOX_BANNER}\n\n" if recipient.lower().endswith(SANDBOX_ENDING) else ""
    return banner + body.rstrip() + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _single(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("a header with a line break")
    return value.strip()

"""A mailbox as conversations that read from top to bottom."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from sandbox.model import BRAND_MAILBOX, StoredMail
from sandbox.world import World

FOLDERS = ("inbox", "sent")
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One mail as a page shows it."""

    sender: str
    recipient: str
    subject: str
    at: datetime
    text: str
    quoted: str
    """The mail that is answered, as it stands under the answer."""
    is_own: bool
    """Sent by the owner of the mailbox."""
    attachments: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """Mails of one thread, oldest first."""

    subject: str
    partner: str
    letters: tuple[Letter, ...]
    unread: int

    @property
    def latest(self) -> datetime:
        return self.letters[-1].at


@dataclass(frozen=True)
class _Seen:
    """A mail as the owner of the mailbox sees it."""

    mail: StoredMail
    is_own: bool
    unread: bool


def conversations(world: World, address: str, most: int) -> tuple[list[Conversation], int]:
    """Threads of a mailbox, the one with the newest mail first.

    Args:
        world: holds the mailboxes.
        address: whose mailbox.
        most: how many threads are read.

    Returns:
        The newest threads, and how many there are.
    """
    threads = _threads_of_brand(world) if address == BRAND_MAILBOX else _threads(world, address)
    ordered = sorted((sorted(one, key=_sequence) for one in threads), key=lambda one: _sequence(one[-1]), reverse=True)
    return [_conversation(one) for one in ordered[:most]], len(ordered)


def _threads(world: World, address: str) -> list[list[_Seen]]:
    threads: dict[str, list[_Seen]] = {}
    for folder in FOLDERS:
        for mail in world.mailbox(address, folder):
            seen = _Seen(mail, is_own=folder == "sent", unread=folder == "inbox" and mail.unread)
            threads.setdefault(mail.thread_id, []).append(seen)
    return list(threads.values())


def _threads_of_brand(world: World) -> list[list[_Seen]]:
    """What the brand sends is kept by those who got it, so its threads are theirs, seen from the other side."""
    unread = {_message_id(mail): mail.unread for mail in world.mailbox(BRAND_MAILBOX)}
    partners = [address for address in world.addresses() if address != BRAND_MAILBOX]
    threads = [
        [_Seen(one.mail, not one.is_own, one.is_own and unread.get(_message_id(one.mail), False)) for one in thread]
        for address in partners
        for thread in _threads(world, address)
    ]
    known = {_message_id(one.mail) for thread in threads for one in thread}
    rest = [[one for one in thread if _message_id(one.mail) not in known] for thread in _threads(world, BRAND_MAILBOX)]
    return threads + [thread for thread in rest if thread]


def _sequence(seen: _Seen) -> int:
    return seen.mail.sequence


def _message_id(mail: StoredMail) -> bytes:
    found = MESSAGE_ID.search(mail.raw)
    return found[1] if found else mail.id.encode()


def _conversation(seen: list[_Seen]) -> Conversation:
    letters = tuple(_letter(one) for one in seen)
    first = letters[0]
    return Conversation(
        subject=first.subject,
        partner=first.recipient if first.is_own else first.sender,
        letters=letters,
        unread=sum(one.unread for one in seen),
    )


def _letter(seen: _Seen) -> Letter:
    mail = seen.mail
    parsed = message_from_bytes(mail.raw, policy=policy.default)
    text, quoted = _split(_text(parsed))
    return Letter(
        sender=mail.sender,
        recipient=mail.recipient,
        subject=mail.subject,
        at=mail.sent_at,
        text=text,
        quoted=quoted,
        is_own=seen.is_own,
        attachments=tuple(_described(part) for part in parsed.walk() if _is_attached(part)),
    )


def _text(parsed: EmailMessage) -> str:
    part = parsed.get_body(("plain",))
    return _content(part).strip() if part is not None else "(no text)"


def _split(text: str) -> tuple[str, str]:
    """The answer and what it quotes: lines with ``>`` and the line above that says who wrote them."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith(">")), None)
    if first is None:
        return text, ""
    while first > 0 and not lines[first - 1].strip():
        first -= 1
    if first > 0 and lines[first - 1].rstrip().endswith((":", "：")):
        first -= 1
    return "\n".join(lines[:first]).strip(), "\n".join(lines[first:]).strip()


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError, KeyError):
        return "(unreadable)"


def _is_attached(part: MIMEPart) -> bool:
    return not part.is_multipart() and (part.get_content_type() == "text/calendar" or part.is_attachment())


def _described(part: MIMEPart) -> str:
    """What is attached, in a few words; a calendar part shows its dates."""
    if part.get_content_type() != "text/calendar":
        return part.get_filename() or part.get_content_type()
    dates: dict[str, str] = {}
    for line in _content(part).splitlines():
        name, _, value = line.partition(":")
        dates.setdefault(name.partition(";")[0].upper(), value.strip())
    days = [_day(dates[name]) for name in ("DTSTART", "DTEND") if name in dates]
    return "Calendar: " + " to ".join(days) if days else "Calendar"


def _day(stamp: str) -> str:
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}" if len(stamp) >= 8 else stamp

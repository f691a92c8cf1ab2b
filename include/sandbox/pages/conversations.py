"""A mailbox as conversations that read from top to bottom."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from sandbox.model import StoredMail
from sandbox.world import World

FOLDERS = ("inbox", "sent")


@dataclass(frozen=True)
class Letter:
    """One mail as a page shows it."""

    sender: str
    recipient: str
    subject: str
    at: datetime
    text: str
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


def conversations(world: World, address: str) -> list[Conversation]:
    """Threads of a mailbox, the one with the newest mail first."""
    threads: dict[str, list[StoredMail]] = {}
    for folder in FOLDERS:
        for mail in world.mailbox(address, folder):
            threads.setdefault(mail.thread_id, []).append(mail)
    found = [_conversation(sorted(mails, key=lambda mail: mail.sequence)) for mails in threads.values()]
    return sorted(found, key=lambda one: one.latest, reverse=True)


def _conversation(mails: list[StoredMail]) -> Conversation:
    letters = tuple(_letter(mail) for mail in mails)
    first = letters[0]
    return Conversation(
        subject=first.subject,
        partner=first.recipient if first.is_own else first.sender,
        letters=letters,
        unread=sum(mail.unread for mail in mails if mail.folder == "inbox"),
    )


def _letter(mail: StoredMail) -> Letter:
    parsed = message_from_bytes(mail.raw, policy=policy.default)
    return Letter(
        sender=mail.sender,
        recipient=mail.recipient,
        subject=mail.subject,
        at=mail.sent_at,
        text=_text(parsed),
        is_own=mail.folder == "sent",
        attachments=tuple(_described(part) for part in parsed.walk() if _is_attached(part)),
    )


def _text(parsed: EmailMessage) -> str:
    part = parsed.get_body(("plain",))
    return _content(part).strip() if part is not None else "(no text)"


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

"""Mailboxes: what arrived where, in which conversation, and whether it was read."""

from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.hashing import hexadecimal
from sandbox.mail.headers import header, parse_headers
from sandbox.model import BRAND_DOMAIN, BRAND_MAILBOX, StoredMail


@dataclass(slots=True)
class _Slot:
    mail: StoredMail
    read_at: datetime | None = None


class PostOffice:
    """All mailboxes of the world. Mail ids depend on the order of arrival only."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._boxes: dict[str, list[_Slot]] = {}
        self._by_id: dict[str, _Slot] = {}
        self._thread_of_message: dict[str, str] = {}

    def store(self, address: str, raw: bytes, at: datetime, *, folder: str = "inbox") -> StoredMail:
        """Put a mail into a mailbox and find its conversation by References and In-Reply-To."""
        address = mailbox_of(address)
        sequence = len(self._by_id) + 1
        mail_id = hexadecimal(16, self._seed, "mail", sequence)
        message = parse_headers(raw)
        own = header(message, "Message-ID")
        before = [*header(message, "References").split(), header(message, "In-Reply-To")]
        known = (
            self._thread_of_message[f"{address} {name}"]
            for name in before
            if f"{address} {name}" in self._thread_of_message
        )
        thread = next(known, mail_id)
        for name in (own, *before):
            if name:
                self._thread_of_message.setdefault(f"{address} {name}", thread)
        mail = StoredMail(
            id=mail_id,
            thread_id=thread,
            sequence=sequence,
            mailbox=address,
            folder=folder,
            sender=header(message, "From"),
            recipient=header(message, "To"),
            subject=header(message, "Subject"),
            sent_at=at,
            raw=raw,
            unread=folder == "inbox",
        )
        slot = _Slot(mail)
        self._boxes.setdefault(address, []).append(slot)
        self._by_id[mail_id] = slot
        return mail

    def mails(self, address: str, folder: str, now: datetime) -> list[StoredMail]:
        """Mails of a folder, oldest first."""
        slots = self._boxes.get(mailbox_of(address), [])
        return [_seen(slot, now) for slot in slots if slot.mail.folder == folder]

    def mail(self, mail_id: str, now: datetime) -> StoredMail:
        """KeyError: no such mail."""
        return _seen(self._by_id[mail_id], now)

    def read_at(self, mail_id: str, instant: datetime) -> None:
        """The owner opens the mail at the instant."""
        self._by_id[mail_id].read_at = instant

    def mark(self, mail_id: str, *, unread: bool) -> None:
        """KeyError: no such mail."""
        slot = self._by_id[mail_id]
        slot.mail, slot.read_at = replace(slot.mail, unread=unread), None

    def addresses(self) -> list[str]:
        """Mailboxes with mail; the brand's own first."""
        return sorted(self._boxes, key=lambda box: (box != BRAND_MAILBOX, not box.endswith("@" + BRAND_DOMAIN), box))


def mailbox_of(address: str) -> str:
    """Lower case, without a plus tag."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def _seen(slot: _Slot, now: datetime) -> StoredMail:
    read = slot.read_at is not None and slot.read_at <= now
    return replace(slot.mail, unread=False) if read else slot.mail

"""How a creator reads a mail: what kind it seems to be, and which facts are in it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from email.message import Message
from email.utils import parseaddr
from html import unescape

from sandbox.mail.headers import header, parse, parse_headers, text_of
from sandbox.people import facts

_KINDS = (
    (
        "go_live",
        r"go[- ]?live|freigabe|freigegeben|veröffentlich|approved|cleared|you can publish|"
        r"aprovad|publicar|liberad|公開",
    ),
    ("correction", r"correct|korrektur|korrigier|berichtig|corre[çc]|corrig|修正"),
    ("revision", r"revis|change|draft|überarbeit|änder|entwurf|ajust|alter|rascunho|改訂|変更|下書き|原稿"),
    ("brief", r"brief|ブリーフ|依頼内容|企画書"),
    ("offer", r"offer|collab|angebot|kooperation|zusammenarbeit|proposta|parceria|convite|ご提案|コラボ|お誘い"),
)
_CALENDAR_FAILURES = (ValueError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a person takes from a mail; empty where it says nothing."""

    message_id: str
    in_reply_to: str
    references: str
    reply_address: str
    subject: str
    text: str
    amount_eur: Decimal | None
    reference: str
    deadline: datetime | None
    urls: tuple[str, ...]
    link: str
    code: str
    disclosure: str
    points: tuple[str, ...]
    format: str
    window: tuple[datetime, datetime] | None
    sounds_like: str
    """go_live, correction, revision, brief, offer by the subject; empty when it could be anything."""
    speaks_of_publishing: bool
    received_at: datetime

    @property
    def has_terms(self) -> bool:
        """Whether it says anything that belongs into a post."""
        return bool(self.link or self.code or self.disclosure)


def read_mail(raw: bytes, received_at: datetime) -> ReadMail:
    """Read any RFC 5322 mail; a damaged one reads as one that says little."""
    message = parse(raw)
    text, subject = _plain_text(message), header(message, "Subject")
    return ReadMail(
        message_id=header(message, "Message-ID"),
        in_reply_to=header(message, "In-Reply-To"),
        references=header(message, "References"),
        reply_address=parseaddr(header(message, "Reply-To"))[1] or parseaddr(header(message, "From"))[1],
        subject=subject,
        text=text,
        amount_eur=facts.find_amount(text),
        reference=facts.find_reference(text) or facts.find_reference(subject),
        deadline=facts.find_deadline(text),
        urls=facts.find_urls(text),
        link=facts.find_link(text),
        code=facts.find_code(text),
        disclosure=facts.find_disclosure(text),
        points=facts.find_points(text),
        format=facts.find_format(text),
        window=_window(message) or facts.find_window(text),
        sounds_like=next((kind for kind, pattern in _KINDS if re.search(pattern, subject, re.I)), ""),
        speaks_of_publishing=bool(re.search(_KINDS[0][1], text, re.I)),
        received_at=received_at,
    )


def message_id_of(raw: bytes) -> str:
    """The Message-ID header, empty when there is none."""
    return header(parse_headers(raw), "Message-ID")


def _plain_text(message: Message) -> str:
    """The first text part that is no attachment, plain text before HTML."""
    parts = [
        part for part in message.walk() if not part.is_multipart() and part.get_content_disposition() != "attachment"
    ]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind:
                text = text_of(part)
                return _without_tags(text) if kind == "text/html" else text.replace("\u200b", "")
    return ""


def _without_tags(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?i)<br\s*/?>|</p>", "\n", text)))


def _window(message: Message) -> tuple[datetime, datetime] | None:
    """DTSTART and DTEND of the first event in a calendar part."""
    for part in message.walk():
        named_ics = (part.get_filename() or "").lower().endswith(".ics")
        if part.get_content_type() == "text/calendar" or named_ics:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and (window := _first_event(payload)):
                return window
    return None


def _first_event(calendar: bytes) -> tuple[datetime, datetime] | None:
    # Costs a tenth of a second to import and only mails with a calendar need it.
    from icalendar import Calendar

    try:
        for event in Calendar.from_ical(calendar).walk("VEVENT"):
            start, end = (_instant(event.decoded(name, None)) for name in ("DTSTART", "DTEND"))
            if start is not None:
                return start, max(end or start + timedelta(days=1), start)
    except _CALENDAR_FAILURES:
        return None
    return None


def _instant(value: object) -> datetime | None:
    """None for anything that is no date."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None

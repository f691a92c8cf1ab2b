"""How a creator reads a mail: as a person who looks for the sum, the reference, the link, the code and the dates."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from html import unescape

EUR_PER_UNIT = {
    "EUR": Decimal(1),
    "€": Decimal(1),
    "USD": Decimal("0.9"),
    "$": Decimal("0.9"),
    "BRL": Decimal("0.16"),
    "R$": Decimal("0.16"),
    "JPY": Decimal("0.006"),
    "円": Decimal("0.006"),
    "¥": Decimal("0.006"),
    "GBP": Decimal("1.15"),
}
_CURRENCY = r"EUR|€|USD|BRL|JPY|GBP|R\$|\$|円|¥"
_NUMBER = r"\d{1,3}(?:[.,  '’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(rf"(?:(?P<before>{_CURRENCY})\s*(?P<n1>{_NUMBER}))|(?:(?P<n2>{_NUMBER})\s*(?P<after>{_CURRENCY}))")
_FEE_LABEL = re.compile(r"fee|honorar|verg[üu]tung|cach[êe]|remunera|valor|pagamento|報酬|謝礼|料金|ギャラ", re.I)
_REFERENCE = re.compile(
    r"(?:reference|referenz|referência|referencia|zeichen|照会番号|参照番号|管理番号)(?:\s*\S{0,10})?\s*[:：]\s*"
    r"([A-Za-z0-9][\w.:/#-]*)",
    re.I,
)
_CODE = re.compile(
    r"(?:code|gutschein\w*|rabattcode|cupom|c[óo]digo(?: promocional)?|コード)[^:：\n]{0,25}[:：]\s*"
    r"[\"'“”「`*]*([A-Za-z0-9][A-Za-z0-9_-]{2,39})",
    re.I,
)
_URL = re.compile(r"https?://[^\s<>\"'「」()（）\]]+")
_LINK_LABEL = re.compile(r"link|リンク|url", re.I)
_DISCLOSURE_LABEL = re.compile(
    r"disclos|kennzeichn|identifica[çc]|sinaliza|divulga[çc]|transpar|aviso|marca[çc]|広告表記|表記|表示|開示", re.I
)
_DISCLOSURE_WORDS = (
    "Bezahlte Partnerschaft",
    "Anzeige",
    "Werbung",
    "Paid partnership",
    "Sponsored",
    "#ad",
    "Publicidade",
    "Parceria paga",
    "#publi",
    "プロモーション",
    "広告",
    "#PR",
)
_ISO_DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?")
_DEADLINE_LABEL = re.compile(
    r"answer|reply|respond|antwort|rückmeldung|respond[ae]|resposta|retorn|回答|ご返信|返事|draft|entwurf|rascunho|roteiro|下書き|原稿",
    re.I,
)
_BULLET = re.compile(r"^\s*(?:[-*•・–]|\d+[.)])\s*(.+)$")
_FORBIDDEN = re.compile(
    r"forbid|not |n't|never|avoid|nicht|kein|vermeid|não|nao |evit|proib|禁止|避け|しない|ないで|NG", re.I
)
_KINDS = (
    (
        "go_live",
        r"go[- ]?live|freigabe|freigegeben|veröffentlich|approved|cleared|you can publish|aprovad|publicar|pode publicar|"
        r"liberad|公開のお願い|公開してください|公開OK|公開",
    ),
    ("correction", r"correct|korrektur|korrigier|berichtig|corre[çc]|corrig|修正"),
    ("revision", r"revis|change|draft|überarbeit|änder|entwurf|ajust|alter|rascunho|改訂|変更|下書き|原稿"),
    ("brief", r"brief|ブリーフ|依頼内容|企画書"),
    ("offer", r"offer|collab|angebot|kooperation|zusammenarbeit|proposta|parceria|convite|ご提案|ご依頼|コラボ|お誘い"),
)
FORMATS = (
    (
        "dedicated_video",
        r"dedicated|eigenes video|dediziert|ganzes video|v[íi]deo dedicado|dedicado|exclusivo|単独|専用|タイアップ動画",
    ),
    ("integrated_mention", r"integrat|mention|erwähnung|men[çc][ãa]o|integra[çc]|紹介|動画内|メンション"),
    ("short", r"\bshorts?\b|kurzvideo|v[íi]deo curto|ショート"),
    ("live_stream", r"live|stream|transmiss|ライブ|生配信"),
    ("giveaway", r"giveaway|gewinnspiel|verlosung|sorteio|プレゼント企画|懸賞"),
    ("post", r"\bpost|beitrag|publica[çc][ãa]o|投稿"),
)
_FORMAT_LINE = re.compile(
    r"^\s*(?:format|formato|art|integration|integra[çc][ãa]o|形式|フォーマット|内容)[^:：\n]{0,20}[:：]\s*(.+)$",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a person takes from a mail; empty where it says nothing."""

    message_id: str
    in_reply_to: str
    references: str
    from_address: str
    reply_address: str
    subject: str
    text: str
    amount_eur: Decimal | None
    reference: str
    deadline: datetime | None
    urls: tuple[str, ...]
    labelled_url: str
    code: str
    disclosure: str
    points: tuple[str, ...]
    format: str
    window: tuple[datetime, datetime] | None
    kinds: tuple[str, ...]
    """What the subject sounds like, best first."""
    speaks_of_publishing: bool


def read_mail(raw: bytes) -> ReadMail:
    """Read any RFC 5322 mail; a damaged one reads as one that says little."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 -- policy.default builds no other class
    text = _plain_text(message)
    subject = _header(message, "Subject")
    sender = parseaddr(_header(message, "From"))[1]
    urls = tuple(url.rstrip(".,;。、!?") for url in _URL.findall(text))
    reference = _REFERENCE.search(text) or _REFERENCE.search(subject)
    return ReadMail(
        message_id=_header(message, "Message-ID").strip(),
        in_reply_to=_header(message, "In-Reply-To").strip(),
        references=_header(message, "References").strip(),
        from_address=sender,
        reply_address=parseaddr(_header(message, "Reply-To"))[1] or sender,
        subject=subject,
        text=text,
        amount_eur=find_amount(text),
        reference=reference.group(1).rstrip(".,;") if reference else "",
        deadline=_deadline(text),
        urls=urls,
        labelled_url=_labelled_url(text),
        code=_code(text),
        disclosure=_disclosure(text),
        points=_points(text),
        format=find_format(text),
        window=_window(message) or _window_in_text(text),
        kinds=tuple(kind for kind, pattern in _KINDS if re.search(pattern, subject, re.I)),
        speaks_of_publishing=bool(re.search(_KINDS[0][1], text, re.I)),
    )


def addresses_in(raw: bytes) -> list[str]:
    """Addresses of To and Cc, lower case."""
    message = message_from_bytes(raw, policy=policy.default)
    return [address.lower() for _, address in getaddresses([*message.get_all("To", []), *message.get_all("Cc", [])])]


def find_amount(text: str) -> Decimal | None:
    """The sum of money offered, in EUR: the line that is about money first, then the first sum in the text."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    for line in sorted(lines, key=lambda line: not _FEE_LABEL.search(line)):
        for found in _AMOUNT.finditer(line):
            amount = _decimal(found["n1"] or found["n2"])
            if amount is not None:
                return (amount * EUR_PER_UNIT[found["before"] or found["after"]]).quantize(Decimal("0.01"))
    return None


def find_format(text: str) -> str:
    """Integration type the mail asks for; empty when it does not say."""
    line = _FORMAT_LINE.search(text)
    for place in ([line.group(1)] if line else []) + [text]:
        for name, pattern in FORMATS:
            if re.search(pattern, place, re.I) or name in place:
                return name
    return ""


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).replace("\n", " ").replace("\r", "")
    except (ValueError, TypeError, IndexError):  # the standard library's parser trips over some broken headers
        return ""


def _plain_text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, KeyError, UnicodeError):
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part.get_content_subtype() == "html":
        text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?i)<br\s*/?>|</p>", "\n", text)))
    return text.replace("\r\n", "\n").replace("\u200b", "")


def _decimal(text: str) -> Decimal | None:
    text = re.sub(r"[  '’]", "", text)
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0 and len(text) - last - 1 <= 2:
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    else:
        text = re.sub(r"[.,]", "", text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _labelled_url(text: str) -> str:
    lines = text.splitlines()
    for position, line in enumerate(lines):
        before = line.split("http", 1)[0]
        if not _LINK_LABEL.search(before) or re.search(r"unsubscri|abmeld|descadastr|cancelar|配信停止", before, re.I):
            continue
        nearby = _URL.search(line) or (_URL.search(lines[position + 1]) if position + 1 < len(lines) else None)
        if nearby:
            return nearby.group(0).rstrip(".,;。、!?")
    return ""


def _code(text: str) -> str:
    found = _CODE.search(_URL.sub(" ", text))
    return found.group(1) if found else ""


def _disclosure(text: str) -> str:
    """The wording after a label, best in quotes; otherwise a usual word found in the text."""
    lines = text.splitlines()
    for position, line in enumerate(lines):
        if not _DISCLOSURE_LABEL.search(line):
            continue
        quoted = re.search(r"[\"“„«「『]([^\"”“»」』]{2,160})[\"”“»」』]", line)
        if quoted:
            return quoted.group(1).strip()
        label = re.search(r"[:：]\s*(\S.*)$", line)
        if label:
            return label.group(1).strip(" *`")
        following = next((after.strip() for after in lines[position + 1 :] if after.strip()), "")
        if re.search(r"[:：]\s*$", line) and following:
            return following.strip('"“”„「」 *`-•')
    return next((word for word in _DISCLOSURE_WORDS if word.lower() in text.lower()), "")


def _points(text: str) -> tuple[str, ...]:
    """The first list of the mail that is not a list of things to avoid."""
    heading, points, forbidden = "", [], False
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        if bullet:
            if not points:
                forbidden = bool(_FORBIDDEN.search(heading))
            if not forbidden:
                points.append(bullet.group(1).strip())
        elif line.strip():
            if points:
                break
            heading = line
    return tuple(points)


def _deadline(text: str) -> datetime | None:
    """The end of the day until which an answer is wanted."""
    for line in text.splitlines():
        if _DEADLINE_LABEL.search(line) and (found := _ISO_DATE.search(line)):
            return _day(found.group(1), found.group(2)) + (timedelta(0) if found.group(2) else timedelta(days=1))
    return None


def _day(day: str, clock: str | None = None) -> datetime:
    hour = time.fromisoformat(clock) if clock else time()
    try:
        return datetime.combine(date.fromisoformat(day), hour, UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC, year=2100)


def _window(message: EmailMessage) -> tuple[datetime, datetime] | None:
    """DTSTART and DTEND of the first event in a calendar part."""
    from icalendar import Calendar

    for part in message.walk():
        named_ics = (part.get_filename() or "").lower().endswith(".ics")
        if part.get_content_type() != "text/calendar" and not named_ics:
            continue
        payload = part.get_payload(decode=True)
        try:
            calendar = Calendar.from_ical(payload if isinstance(payload, bytes) else b"")
            for event in calendar.walk("VEVENT"):
                start = _instant(event["DTSTART"].dt)
                end = _instant(event["DTEND"].dt) if "DTEND" in event else start + timedelta(days=1)
                return start, max(end, start)
        except (ValueError, KeyError, AttributeError):
            continue
    return None


def _window_in_text(text: str) -> tuple[datetime, datetime] | None:
    for line in text.splitlines():
        days = _ISO_DATE.findall(line)
        if len(days) >= 2:
            return _day(days[0][0]), _day(days[1][0]) + timedelta(days=1)
    return None


def _instant(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time(), UTC)

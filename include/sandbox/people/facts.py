"""Finding facts in the text of a mail, as a person does: by the label first, by the look of it otherwise."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

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
_NUMBER = r"\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(rf"(?P<before>{_CURRENCY})\s*(?P<n1>{_NUMBER})|(?P<n2>{_NUMBER})\s*(?P<after>{_CURRENCY})")
_FEE = re.compile(r"fee|honorar|verg[üu]tung|cach[êe]|remunera|valor|pagamento|報酬|謝礼|料金|ギャラ", re.I)
_REFERENCE = re.compile(
    r"(?:reference|referenz|referência|referencia|zeichen|照会番号|参照番号|管理番号)[^\n:：]{0,12}[:：]\s*"
    r"([A-Za-z0-9][\w.:/#-]*)",
    re.I,
)
_URL = re.compile(r"https?://[^\s<>\"'「」()（）\]]+")
_UNSUBSCRIBE = re.compile(r"unsubscri|abmeld|abbestell|descadastr|cancelar|配信停止", re.I)
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
_LINK_LABEL = r"(?:tracking[- ]?|dein |your |seu )?(?:link|リンク|url)"
_CODE_LABEL = (
    r"(?:promo[- ]?|gutschein|rabatt|dein |your |seu )*(?:code|cupom|c[óo]digo|コード|プロモコード|クーポンコード)"
)
_DISCLOSURE_LABEL = (
    r"(?:disclos|kennzeichn|identifica[çc]|sinaliza|divulga[çc]|transpar|marca[çc]|広告表記|表記|広告の表示|開示)"
)
_CODE = re.compile(r"[\"'“”「`*]*([A-Za-z0-9][A-Za-z0-9_-]{2,39})")
_QUOTED = re.compile(r"[\"“„«「『]([^\"”“»」』]{2,160})[\"”“»」』]")
_ISO_DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?")
_DEADLINE = re.compile(
    r"answer|reply|respond|antwort|rückmeldung|resposta|retorn|回答|ご返信|返事|draft|entwurf|rascunho|roteiro|下書き|原稿",
    re.I,
)
_BULLET = re.compile(r"^\s*(?:[-*•・–]|\d+[.)])\s*(.+)$")
_FORBIDDEN = re.compile(
    r"forbid|not |n't|never|avoid|nicht|kein|vermeid|não|evit|proib|禁止|避け|しない|ないで|NG", re.I
)
FORMATS = (
    ("dedicated_video", r"dedicated|eigenes video|dediziert|v[íi]deo dedicado|dedicado|単独|専用"),
    ("integrated_mention", r"integrat|integriert|mention|erwähnung|men[çc][ãa]o|動画内|メンション"),
    ("short", r"\bshorts?\b|kurzvideo|v[íi]deo curto|ショート"),
    ("live_stream", r"live|stream|transmiss|ライブ|生配信"),
    ("giveaway", r"giveaway|gewinnspiel|verlosung|sorteio|プレゼント企画|懸賞"),
    ("post", r"\bpost|beitrag|publica[çc][ãa]o|投稿"),
)
_FORMAT_LINE = re.compile(r"^\s*(?:format|formato|art|形式|フォーマット)\s*[:：]\s*(.+)$", re.I | re.M)


def find_amount(text: str) -> Decimal | None:
    """The sum of money offered, in EUR: the line that is about money first, then the first sum in the text.

    Examples:
        >>> find_amount("Honorar: 1.250,00 EUR")
        Decimal('1250.00')
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    for line in sorted(lines, key=lambda line: not _FEE.search(line)):
        for found in _AMOUNT.finditer(line):
            amount = _decimal(found["n1"] or found["n2"])
            if amount is not None:
                return (amount * EUR_PER_UNIT[found["before"] or found["after"]]).quantize(Decimal("0.01"))
    return None


def find_reference(text: str) -> str:
    """What follows the label, empty when there is none."""
    found = _REFERENCE.search(text)
    return found.group(1).rstrip(".,;") if found else ""


def find_format(text: str) -> str:
    """Integration type the mail asks for; empty when it does not say."""
    line = _FORMAT_LINE.search(text)
    for place in ([line.group(1)] if line else []) + [text]:
        for name, pattern in FORMATS:
            if name in place or re.search(pattern, place, re.I):
                return name
    return ""


def find_urls(text: str) -> tuple[str, ...]:
    """All web addresses, without the punctuation behind them."""
    return tuple(url.rstrip(".,;。、!?") for url in _URL.findall(text))


def find_link(text: str) -> str:
    """The address to be put into the description: behind its label, else in a line that speaks of a link."""
    for value in _labelled(text, _LINK_LABEL):
        if urls := find_urls(value):
            return urls[0]
    for line in text.splitlines():
        before = line.split("http", 1)[0]
        if re.search(_LINK_LABEL, before, re.I) and not _UNSUBSCRIBE.search(before) and (urls := find_urls(line)):
            return urls[0]
    return ""


def find_code(text: str) -> str:
    """The promo code behind its label, empty when there is none."""
    for value in _labelled(text, _CODE_LABEL):
        if found := _CODE.match(value):
            return found.group(1)
    return ""


def find_disclosure(text: str) -> str:
    """The wording after its label, best in quotes; otherwise a usual word that stands in the text."""
    for value in _labelled(text, _DISCLOSURE_LABEL):
        quoted = _QUOTED.search(value)
        return quoted.group(1).strip() if quoted else value.strip(" *`")
    return next((word for word in _DISCLOSURE_WORDS if word.lower() in text.lower()), "")


def find_points(text: str) -> tuple[str, ...]:
    """The first list of the mail that is not a list of things to avoid."""
    heading, forbidden = "", False
    points: list[str] = []
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


def find_deadline(text: str) -> datetime | None:
    """The instant (the end of the day) until which an answer or a draft is wanted."""
    for line in text.splitlines():
        found = _ISO_DATE.search(line)
        if found and _DEADLINE.search(line):
            start = _instant(found.group(1), found.group(2))
            return start if start is None or found.group(2) else start + timedelta(days=1)
    return None


def find_window(text: str) -> tuple[datetime, datetime] | None:
    """Two dates in one line: from the beginning of the first to the end of the second day."""
    for line in text.splitlines():
        days = [_instant(day, None) for day, _ in _ISO_DATE.findall(line)]
        if len(days) >= 2 and days[0] is not None and days[1] is not None:
            return days[0], days[1] + timedelta(days=1)
    return None


def _labelled(text: str, label: str) -> list[str]:
    """Values of lines like `Label: value`; a value may stand alone on the next line. Items of lists do not count."""
    pattern = re.compile(rf"^\s*{label}[^:：\n]{{0,25}}[:：]\s*(.*)$", re.I)
    lines = text.splitlines()
    values = []
    for position, line in enumerate(lines):
        if _BULLET.match(line) or not (found := pattern.match(line)):
            continue
        following = next((after.strip() for after in lines[position + 1 :] if after.strip()), "")
        values.append(found.group(1).strip() or following)
    return values


def _decimal(text: str) -> Decimal | None:
    text = re.sub(r"[ '’\u00a0\u202f]", "", text)
    last = max(text.rfind("."), text.rfind(","))
    has_cents = last >= 0 and len(text) - last - 1 <= 2
    whole, cents = (text[:last], text[last + 1 :]) if has_cents else (text, "0")
    try:
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{cents}")
    except InvalidOperation:
        return None


def _instant(day: str, clock: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock) if clock else time(), UTC)
    except ValueError:
        return None

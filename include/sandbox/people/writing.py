"""Mails and video texts as creators write them. The same input gives the same text."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.hashing import pick
from sandbox.model import Creator
from sandbox.people import phrases
from sandbox.people.reading import ReadMail

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_JA = "月火水木金土日"
QUOTED_LINES = 12
BRAND = "Aptovia"


@dataclass(frozen=True, slots=True)
class PostText:
    """Title and description of a sponsored video, and which of the agreed parts stand in it."""

    title: str
    description: str
    url: str
    """Address in the text, right or wrong; empty when left out."""
    code: str
    is_disclosed: bool


def answer_text(seed: int, creator: Creator, sentence: str, mail: ReadMail) -> str:
    """Greeting, what they say, closing, and the mail they answer quoted below."""
    language = creator.language
    key = (creator.number, mail.message_id or mail.subject)
    greeting = pick(phrases.GREETING[language], seed, "greeting", *key)
    closing = pick(phrases.CLOSING[language], seed, "closing", *key).format(person=creator.person)
    return f"{greeting}\n\n{sentence}\n\n{closing}\n\n{_quotation(language, mail, mail.received_at)}\n"


def decision_sentence(
    seed: int, creator: Creator, kind: str, amount: Decimal | None, *, low: bool, no_more: bool
) -> str:
    """The sentence that says yes, no, or another sum."""
    language = creator.language
    if kind == "accept":
        return pick(phrases.ACCEPT[language], seed, "accept", creator.number)
    if kind == "counter":
        return pick(phrases.COUNTER[language], seed, "counter", creator.number).format(amount=f"{amount:.2f}")
    sentence = (
        phrases.DECLINE_LOW[language] if low else pick(phrases.DECLINE[language], seed, "decline", creator.number)
    )
    return f"{sentence}\n{phrases.NO_MORE_MAIL[language]}" if no_more else sentence


def draft_sentence(seed: int, creator: Creator, post: PostText, *, revised: bool) -> str:
    """The draft as it stands in a mail."""
    language = creator.language
    title, description = phrases.LABELS[language]
    introduction = (
        phrases.REVISED_INTRODUCTION[language]
        if revised
        else pick(phrases.DRAFT_INTRODUCTION[language], seed, "draft", creator.number)
    )
    colon = "：" if language == "ja" else ":"
    return f"{introduction}\n\n{title}{colon} {post.title}\n\n{description}{colon}\n{post.description}"


def post_text(
    seed: int, creator: Creator, format_: str, points: tuple[str, ...], url: str, code: str, disclosure: str
) -> PostText:
    """Title and description of the sponsored video; an empty part is left out."""
    language, key = creator.language, (creator.number, url, code)
    titles = phrases.SPONSORED_TITLE.get(format_, phrases.SPONSORED_TITLE["dedicated_video"])[language]
    topic = pick(creator.topics, seed, "sponsored-topic", *key)
    lines = [disclosure] if disclosure else []
    lines.append(pick(phrases.PROMOTION[language], seed, "promotion", creator.number).format(brand=BRAND))
    lines += [point for point in points if "http" not in point and code not in point.split()]
    if url:
        lines.append(phrases.LINK_LINE[language].format(link=url))
    if code:
        lines.append(phrases.CODE_LINE[language].format(code=code))
    lines.append(" ".join("#" + topic.replace(" ", "").replace("'", "") for topic in creator.topics[:3]))
    return PostText(titles.format(brand=BRAND, topic=topic), "\n".join(lines), url, code, bool(disclosure))


def _quotation(language: str, mail: ReadMail, at: datetime) -> str:
    name = mail.reply_address.split("@")[0].title()
    header = phrases.WROTE[language].format(
        year=at.year,
        month=at.month,
        day=at.day,
        hour=at.hour,
        minute=at.minute,
        name=name,
        address=mail.reply_address,
        weekday=WEEKDAYS[at.weekday()],
        month_name=MONTHS[at.month - 1],
        weekday_ja=WEEKDAYS_JA[at.weekday()],
    )
    lines = mail.text.strip().splitlines()[:QUOTED_LINES]
    return "\n".join([header, *(f"> {line}".rstrip() for line in lines)])

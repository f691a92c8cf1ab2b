"""What an answer means: yes, no, another price, a question. Free text in German, English, Portuguese, Japanese.

Rules, not a model: each reading can be explained by the sentence it was read from, and a doubtful one says so, because
a person then decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mardev.briefs import reply_words as words
from mardev.briefs.amounts import Amount, find_amounts
from mardev.briefs.rules import links_in

LOOK_BELOW = 0.6
"""A person should look at answers read with less confidence than this."""


class AnswerKind(StrEnum):
    """What a creator answered to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COUNTER = "counter"
    QUESTION = "question"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Answer:
    """How an answer was read.

    Attributes
    ----------
    amount, currency : what they ask for instead; None unless `kind` is counter
    confidence : share in [0, 1]; below 0.6 a person should look
    quote : the sentence it was read from
    """

    kind: AnswerKind
    amount: Decimal | None
    currency: str | None
    confidence: float
    quote: str

    @property
    def needs_a_person(self) -> bool:
        return self.confidence < LOOK_BELOW or self.kind in (AnswerKind.QUESTION, AnswerKind.UNCLEAR)


@dataclass(frozen=True)
class DraftText:
    """A draft as found in a mail.

    Attributes
    ----------
    body : the text without quoted mail
    links : web addresses in it, as written
    is_draft : whether it looks like a draft at all: it has a link, or says that it is one
    """

    body: str
    links: tuple[str, ...]
    is_draft: bool


def read_answer(
    text: str,
    language: str | None = None,  # noqa: ARG001  part of the interface; today every language is tried on every text
    *,
    offered: Decimal | None = None,
    currency: str = "EUR",
) -> Answer:
    """Read an answer to an offer.

    Parameters
    ----------
    text : the mail's text; quoted mail below it is ignored
    language : of the creator; all languages are tried anyway, because many answer in another one
    offered : our fee; naming it again is no counter-offer
    currency : of the offer; for a sum without one

    Returns
    -------
    Answer
        An unclear text is read as unclear, with low confidence; never as a yes.

    Examples
    --------
    >>> read_answer("Gerne, ich bin dabei.").kind
    <AnswerKind.ACCEPT: 'accept'>
    >>> answer = read_answer("Leider nicht für 250 EUR, für 320,00 EUR mache ich es.", offered=Decimal(250))
    >>> answer.kind, answer.amount, answer.currency
    (<AnswerKind.COUNTER: 'counter'>, Decimal('320.00'), 'EUR')
    """
    own = without_quote(text)
    if words.AUTOMATIC.search(_normal(own)):
        return Answer(AnswerKind.UNCLEAR, None, None, 0.2, _first(own))
    sentences = _sentences(own)
    asked = [
        (sentence, amount)
        for sentence in sentences
        for amount in find_amounts(sentence, default_currency=currency)
        if not (amount.value == offered and amount.currency == currency) and not amount.is_rejected
    ]
    found = _Signs(sentences)
    if asked:
        return _counter(found, *asked[-1])
    return _without_amount(found, own)


def read_draft(text: str) -> DraftText:
    r"""Find the draft in a mail.

    Examples
    --------
    >>> read_draft("Hier mein Entwurf:\nAnzeige. https://go.example/x7k\n> old mail").links
    ('https://go.example/x7k',)
    """
    body = without_quote(text)
    links = tuple(links_in(body))
    says_so = re.search(r"\bdraft\b|\bentwurf\b|\brascunho\b|\broteiro\b|下書き|原稿|構成案", _normal(body))
    return DraftText(body, links, bool(links or says_so))


def without_quote(text: str) -> str:
    """The text a person wrote, without the mail they answered."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").splitlines():
        if words.QUOTE_STARTS.match(line.strip()):
            break
        if not line.lstrip().startswith(">"):
            lines.append(line)
    return "\n".join(lines).strip()


class _Signs:
    """Sentences in which each sign was seen first."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.accept = self.decline = self.leaning = self.question = self.too_low = self.hedge = ""
        for sentence in sentences:
            plain = words.IDIOMS.sub(" ", _normal(sentence))
            self.decline = self.decline or (sentence if words.DECLINE.search(plain) else "")
            self.accept = self.accept or (sentence if _stands(words.ACCEPT, plain) else "")
            self.leaning = self.leaning or (sentence if _stands(words.LEANING_YES, plain) else "")
            self.too_low = self.too_low or (sentence if words.TOO_LOW.search(plain) else "")
            self.hedge = self.hedge or (sentence if words.HEDGE.search(plain) else "")
            asks = plain.rstrip().endswith("?") or words.QUESTION_WORDS.search(plain)
            self.question = self.question or (sentence if asks else "")


def _counter(found: _Signs, sentence: str, amount: Amount) -> Answer:
    has_cue = bool(words.COUNTER_CUE.search(_normal(sentence)))
    confidence = 0.9 if has_cue else 0.7
    if found.decline and not has_cue:
        confidence = 0.5
    if not amount.has_currency:
        confidence -= 0.25
    return Answer(AnswerKind.COUNTER, amount.value, amount.currency, round(confidence, 2), sentence.strip())


def _without_amount(found: _Signs, own: str) -> Answer:
    def answer(kind: AnswerKind, confidence: float, sentence: str) -> Answer:
        return Answer(kind, None, None, confidence, sentence.strip())

    if found.decline and found.accept:
        return answer(AnswerKind.UNCLEAR, 0.4, found.decline)
    if found.decline:
        return answer(AnswerKind.DECLINE, 0.8 if found.leaning else 0.9, found.decline)
    if found.too_low or found.hedge:
        return answer(AnswerKind.UNCLEAR, 0.4, found.too_low or found.hedge)
    if found.accept:
        return answer(AnswerKind.ACCEPT, 0.7 if found.question else 0.9, found.accept)
    if found.question:
        return answer(AnswerKind.QUESTION, 0.8, found.question)
    if found.leaning:
        return answer(AnswerKind.ACCEPT, 0.55, found.leaning)
    return answer(AnswerKind.UNCLEAR, 0.2, _first(own))


def _stands(pattern: re.Pattern[str], plain: str) -> bool:
    """Whether the pattern occurs without a negation beside it."""
    return any(
        not words.NEGATION_BEFORE.search(plain[: found.start()])
        and not words.NEGATION_AFTER.search(plain[found.end() :])
        for found in pattern.finditer(plain)
    )


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?])\s+|(?<=[。！？])|\n+", text)
    return [part.strip() for part in parts if part.strip()]


def _first(text: str) -> str:
    return next(iter(_sentences(text)), "")

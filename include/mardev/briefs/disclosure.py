"""Which words make a paid placement recognisable, per market.

These are rules of thumb for planning and checking, not legal advice; the source of each stands beside it.
"""

import re
import unicodedata
from dataclasses import dataclass

YOUTUBE_SWITCH = {
    "en": 'Please also tick "My video contains paid promotion" in YouTube Studio; the switch alone is not enough.',
    "de": "Bitte setze in YouTube Studio auch das Häkchen „enthält bezahlte Werbung“; das Häkchen allein reicht nicht.",
    "pt": 'Marque também a opção "contém promoção paga" no YouTube Studio; só a opção não basta.',
    "ja": "あわせてYouTube Studioの「有料プロモーション」にもチェックを入れてください。",
}
"""The platform's own switch, in the creator's language."""


@dataclass(frozen=True)
class Disclosure:
    """How a paid placement must be marked in one market.

    Attributes
    ----------
    wording : what we ask for, to be copied as it stands
    also_accepted : other wordings that satisfy the rule
    source : the rule behind it
    """

    market: str
    wording: str
    also_accepted: tuple[str, ...]
    source: str

    @property
    def accepted(self) -> tuple[str, ...]:
        return (self.wording, *self.also_accepted)


_GERMAN = ("#anzeige", "Werbung", "#werbung", "Bezahlte Werbung", "Bezahlte Partnerschaft")
_ENGLISH = ("Ad", "Advertisement", "Paid partnership", "#paidpartnership", "Sponsored", "#sponsored", "Paid promotion")
_PORTUGUESE = ("#publi", "#publicidade", "Publi", "Parceria paga", "#parceriapaga", "#anúncio", "Anúncio")
_JAPANESE = ("#PR", "PR", "#広告", "広告", "プロモーション", "#プロモーション", "提供", "タイアップ")

DISCLOSURES: dict[str, Disclosure] = {
    record.market: record
    for record in (
        Disclosure("DE", "Anzeige", _GERMAN, "UWG section 5a(4)"),
        Disclosure("AT", "Anzeige", _GERMAN, "UWG (Austria) and ECG section 6"),
        Disclosure("CH", "Anzeige", _GERMAN, "UWG (Switzerland) article 3"),
        Disclosure("US", "#ad", _ENGLISH, "16 CFR 255: hard to miss, plain words, before the fold"),
        Disclosure("GB", "#ad", _ENGLISH, "CAP and CMA influencers' guide, 2023"),
        Disclosure("BR", "Publicidade", _PORTUGUESE, "CONAR guide for digital influencers, 2021"),
        Disclosure("PT", "Publicidade", _PORTUGUESE, "Código da Publicidade, article 8"),
        Disclosure("JP", "PR（広告）", _JAPANESE, "Consumer Affairs Agency notice on stealth marketing, October 2023"),
    )
}
DEFAULT = Disclosure("", "#ad", _ENGLISH, "The common rule of all markets we know: plain words, before the fold")

_DENIED_BEFORE = re.compile(
    r"(?:\b(?:keine?|nicht|ohne|no|not|non|não|nao|sem|isn't|un)(?:[\s-]+(?:an?|eine?|uma?))?[\s-]*)$", re.I
)
_DENIED_AFTER = re.compile(r"^(?:[\s-]*(?:free|frei)\b|\s*(?:では|じゃ)(?:ない|ありません)|\s*なし)", re.I)
_WORD_CHARACTER = r"[^\W_]"


def disclosure_for(market: str) -> Disclosure:
    """The rule of a market (country code); the common one where we have none of its own.

    Examples
    --------
    >>> disclosure_for("de").wording
    'Anzeige'
    """
    return DISCLOSURES.get(market.upper(), DEFAULT)


def switch_hint(language: str | None) -> str:
    """How to use the platform's own switch, in the creator's language."""
    return YOUTUBE_SWITCH.get((language or "").split("-")[0].lower(), YOUTUBE_SWITCH["en"])


def find_disclosure(text: str, market: str) -> str | None:
    """The accepted wording that stands in `text`; None when there is none or when it is only denied.

    Whole words, whatever their case and width; a denial beside it ("keine Werbung", "ad-free") does not count.

    Examples
    --------
    >>> find_disclosure("Anzeige | Meine liebsten Apps", "DE")
    'Anzeige'
    >>> find_disclosure("An ad-free app, added to my list", "US") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    for wording in disclosure_for(market).accepted:
        wanted = re.escape(unicodedata.normalize("NFKC", wording))
        is_latin = wording[-1].isascii()
        ascii_edge = r"(?<![A-Za-z0-9])(?<!#)" if not wording.startswith("#") else ""
        before = ascii_edge if market.upper() == "JP" else rf"(?<!{_WORD_CHARACTER})"
        after = (r"(?![A-Za-z0-9])" if market.upper() == "JP" else rf"(?!{_WORD_CHARACTER})") if is_latin else ""
        for found in re.finditer(before + wanted + after, plain, re.I):
            head, tail = plain[: found.start()], plain[found.end() :]
            if not _DENIED_BEFORE.search(head) and not _DENIED_AFTER.search(tail):
                return wording
    return None

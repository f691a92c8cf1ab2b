"""Which language a text is written in, told from the text alone."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "ta", "th", "tl", "tr",
    "uk", "ur", "vi", "zh",
)  # fmt: skip
"""What is told apart: the languages markets are planned in. Rare relatives of large ones would only cost accuracy."""
LEAST_LETTERS = 12
"""Below this a text in Latin letters is a name more often than a sentence."""
LEAST_CONFIDENCE = 0.6
LONGEST_READ = 2_000
_NOISE = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|[#@＃＠][\w.·-]+|\S*[\w-]\.(?:com|net|org|tv|example)\S*")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")


def detected_languages(texts: Sequence[str]) -> list[str | None]:
    """The language of each text.

    Parameters
    ----------
    texts : n texts in any script; addresses, handles, hashtags, digits and emoji are not looked at

    Returns
    -------
    list of n ISO 639-1 codes ("de", "ja"), None where the text is too short or fits several languages alike

    Notes
    -----
    Naive Bayes over byte n-grams [1]_, a model of 4.6 MB that is part of the package and needs no network. A text
    with Japanese syllables or Korean letters needs no model. 139 languages would be known; those of `LANGUAGES` are
    told apart.

    References
    ----------
    .. [1] Lui, Baldwin, "langid.py: An off-the-shelf language identification tool", ACL 2012 system demonstrations.

    Examples
    --------
    >>> detected_languages(["Jede Woche neue Videos über Handyspiele", "毎週ゲームの動画", "🎮🎮 #1"])
    ['de', 'ja', None]
    """
    return [_language_of(_readable(text)) for text in texts]


def language_shares(texts: Iterable[str]) -> dict[str, float]:
    """How much of a channel's words is in which language, the largest share first.

    Parameters
    ----------
    texts : description, titles and other texts of one channel

    Returns
    -------
    dict of ISO 639-1 code to share in (0, 1], sum 1; empty when no text tells its language

    Notes
    -----
    Each text counts by its letters, a letter of a script without spaces for three. What is too short to tell its
    language alone is read together with the others that are.

    Examples
    --------
    >>> language_shares(["Willkommen auf meinem Kanal, hier geht es um Technik", "Android"])
    {'de': 1.0}
    """
    letters: dict[str, float] = defaultdict(float)
    unclear: list[str] = []
    for text in texts:
        plain = _readable(text)
        if not plain:
            continue
        language = _language_of(plain)
        if language:
            letters[language] += _letter_count(plain)
        else:
            unclear.append(plain)
    together = " ".join(unclear)
    if not letters and (language := _language_of(together)):
        letters[language] = 1.0
    total = sum(letters.values())
    return {one: letters[one] / total for one in sorted(letters, key=lambda one: (-letters[one], one))}


def _readable(text: str) -> str:
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST_READ]))
    plain = "".join(letter if unicodedata.category(letter)[0] in "LM" or letter in "'’" else " " for letter in plain)
    return " ".join(plain.split())


def _letter_count(plain: str) -> int:
    return len(plain) + 2 * len(_WIDE.findall(plain))


def _language_of(plain: str) -> str | None:
    if len(_KANA.findall(plain)) * 10 >= len(plain) > 0:
        return "ja"
    if len(_HANGUL.findall(plain)) * 4 >= len(plain) > 0:
        return "ko"
    if _letter_count(plain) < LEAST_LETTERS:
        return None
    language, confidence = _identifier().classify(plain)
    return str(language) if confidence >= LEAST_CONFIDENCE else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    identifier.set_languages([code for code in LANGUAGES if code in known])
    return identifier

"""Cells as people fill them: missing ones, spreadsheet errors, texts from strangers, countries, languages, dates."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache

from mardev.errors import RecordMalformed
from mardev.imports.header_words import HIDDEN, MISSING, SPREADSHEET_ERRORS

LONGEST_TITLE = 1_000
LONGEST_TEXT = 10_000
LONGEST_EMPTY = 24
_SAYS_NOTHING = MISSING | SPREADSHEET_ERRORS
KEPT_ANSWERS = 4_096
"""A file says the same few countries again and again."""
NAME_LANGUAGES = ("en", "de", "pt", "ja", "es", "fr", "zh")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
# They turn the writing direction of whatever stands behind them, on our pages too; the letters themselves need none.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_OTHER_COUNTRIES = {"uk": "GB", "england": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US", "america": "US",
                    "eua": "US", "brd": "DE", "holland": "NL", "korea": "KR", "russia": "RU",
                    "米国": "US", "英国": "GB"}  # fmt: skip
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%Y.%m.%d", "%Y年%m月%d日")


def is_missing(text: str) -> bool:
    """Whether the cell says nothing; a spreadsheet's error says nothing either."""
    return len(text) <= LONGEST_EMPTY and text.strip().lower() in _SAYS_NOTHING


def is_spreadsheet_error(text: str) -> bool:
    """Whether a formula of the spreadsheet failed in this cell."""
    return text.strip().lower() in SPREADSHEET_ERRORS


def is_hidden(text: str) -> bool:
    """Whether the cell says that the figure is hidden: that is neither missing nor zero."""
    return text.strip().lower() in HIDDEN


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text from outside as it may be kept: no control characters, no turned direction, of bounded length.

    Formulas and HTML stay as they are; whoever shows or writes them escapes them. The ``'`` that our own export puts
    before a formula is taken off.
    """
    cleaned = _OVERRIDES.sub("", _CONTROLS.sub("", text)).strip()
    if cleaned[:1] == "'" and cleaned[1:2] in ("=", "+", "-", "@"):
        cleaned = cleaned[1:]
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1].rstrip() + "…"


@lru_cache(KEPT_ANSWERS)
def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a code or a name. Raises RecordMalformed for neither."""
    word = text.strip()
    if re.fullmatch("[A-Za-z]{2}", word) and word.upper() in _territories().values():
        return word.upper()
    found = _OTHER_COUNTRIES.get(word.lower()) or _territories().get(_folded(word))
    if found is None:
        raise RecordMalformed(f"“{word[:60]}” is no country")
    return found


@lru_cache(KEPT_ANSWERS)
def language_tag(text: str) -> str:
    """A language tag (``de``, ``pt-BR``) of a tag or a name. Raises RecordMalformed for neither."""
    word = text.strip()
    if found := _languages().get(_folded(word)):
        return found
    parts = word.replace("_", "-").split("-")
    if parts[0].lower() in _languages().values() and re.fullmatch("[A-Za-z]{2,3}", parts[0]):
        tail = [part.upper() if len(part) == 2 else part.title() for part in parts[1:]]
        if len(tail) < 2 and all(re.fullmatch("[A-Z]{2}|[A-Z][a-z]{3}|[0-9]{3}", part) for part in tail):
            return "-".join([parts[0].lower(), *tail])
    raise RecordMalformed(f"“{word[:60]}” is no language")


def email_address(text: str) -> str:
    """The first address in the cell. Raises RecordMalformed where there is none."""
    if found := _ADDRESS.search(text):
        return found.group().strip(".'-")
    raise RecordMalformed(f"“{text[:60]}” holds no mail address")


def instant(text: str) -> datetime:
    """An instant in UTC; a day is its first instant. Raises RecordMalformed where day and month may be swapped."""
    word = text.strip()
    try:
        found = datetime.fromisoformat(word)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    for pattern in _FORMATS:
        try:
            return datetime.strptime(word, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", word):
        first, second, year = map(int, slashed.groups())
        if first == second or max(first, second) > 12:
            month, day = (second, first) if first > 12 else (first, second)
            try:
                return datetime.combine(date(year, month, day), datetime.min.time(), UTC)
            except ValueError:
                pass
        else:
            raise RecordMalformed(f"“{word}” may be day or month first; write it as {year}-MM-DD")
    raise RecordMalformed(f"“{word[:60]}” is no date")


def folded(text: str) -> str:
    """A word as headers are compared: lower case, without accents, blanks and signs; scripts keep their letters."""
    return _folded(text)


def _folded(text: str) -> str:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter) or letter in "\u3099\u309a"
    )
    return "".join(letter for letter in unicodedata.normalize("NFKC", plain) if letter.isalnum())


@cache
def _territories() -> Mapping[str, str]:
    """Folded name in one of the languages, or the code, to the code."""
    from babel import Locale

    names: dict[str, str] = {}
    for language in NAME_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in ("ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"):
                names.setdefault(_folded(name), code)
    return names


@cache
def _languages() -> Mapping[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for language in NAME_LANGUAGES:
        for code, name in Locale(language).languages.items():
            if re.fullmatch("[a-z]{2,3}", code):
                names.setdefault(_folded(name), code)
    return names

"""Sums of money in free text: ``320.00 EUR``, ``1.200,50 €``, ``R$ 900``, ``3万円``, ``１２０ユーロ``."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_CURRENCIES = {
    "eur": "EUR", "€": "EUR", "euro": "EUR", "euros": "EUR", "ユーロ": "EUR",
    "usd": "USD", "us$": "USD", "$": "USD", "dollar": "USD", "dollars": "USD", "dólares": "USD", "ドル": "USD",
    "brl": "BRL", "r$": "BRL", "reais": "BRL", "real": "BRL", "レアル": "BRL",
    "jpy": "JPY", "¥": "JPY", "yen": "JPY", "円": "JPY", "gbp": "GBP", "£": "GBP", "pounds": "GBP", "chf": "CHF",
}  # fmt: skip
_CURRENCY = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'\s]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_WITH_CURRENCY = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*(?P<first>{_NUMBER})\s*(?P<first_unit>k\b|万)?"
    rf"|(?P<second>{_NUMBER})\s*(?P<second_unit>k\b|万)?\s*(?P<after>{_CURRENCY})(?![^\W\d_a-z]*[a-z]))"
)
_BARE = re.compile(
    r"\b(?:for|für|por|rate is|fee is|preis ist|honorar ist|valor é|cachê é)\s+"
    rf"(?P<number>{_NUMBER})(?=\s*(?:[.,!?]|$))"
)
_REJECTED = re.compile(
    r"(?:instead of|rather than|not for|can'?t do|statt|nicht für|anstelle von|em vez de|não por|ao invés de)"
    r"\s*(?:the |den |die |dos |os )?$"
)
_UNITS = {"k": Decimal(1000), "万": Decimal(10_000)}


@dataclass(frozen=True)
class Amount:
    """A sum found in a text.

    Attributes
    ----------
    has_currency : whether a currency stood beside it
    is_rejected : named as what is not wanted ("instead of 250 EUR")
    """

    value: Decimal
    currency: str
    has_currency: bool = True
    is_rejected: bool = False


def find_amounts(text: str, *, default_currency: str = "EUR") -> list[Amount]:
    """Every sum of money in `text`, in order.

    Parameters
    ----------
    default_currency : for a sum without one, which is taken only after "for", "my rate is" and the like

    Examples
    --------
    >>> [(str(found.value), found.currency) for found in find_amounts("statt 250 EUR lieber 1.200,50 €, oder 3万円")]
    [('250', 'EUR'), ('1200.50', 'EUR'), ('30000', 'JPY')]
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = []
    for match in _WITH_CURRENCY.finditer(plain):
        number = match["first"] or match["second"]
        unit = _UNITS.get(match["first_unit"] or match["second_unit"] or "", Decimal(1))
        currency = _CURRENCIES[match["before"] or match["after"]]
        found.append(Amount(_value(number) * unit, currency, True, _is_rejected(plain, match.start())))
    if not found:
        found = [
            Amount(_value(match["number"]), default_currency, False, _is_rejected(plain, match.start()))
            for match in _BARE.finditer(plain)
        ]
    return found


def _is_rejected(plain: str, start: int) -> bool:
    return bool(_REJECTED.search(plain[:start].rstrip() + " ") or _REJECTED.search(plain[:start]))


def _value(number: str) -> Decimal:
    """A last separator with one or two digits behind it is the decimal one; all others group thousands."""
    plain = re.sub(r"['\s]", "", number)
    decimals = re.search(r"[.,](\d{1,2})$", plain)
    digits = re.sub(r"[.,]", "", plain[: decimals.start()] if decimals else plain)
    return Decimal(f"{digits}.{decimals[1]}" if decimals else digits)

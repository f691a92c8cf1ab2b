"""Money: an exact amount with its currency. Two currencies never meet in a sum."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from mardev.errors import FixFirst

CURRENCIES_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "XAF", "XOF"})
"""Written without decimals in trade (ISO 4217 lists most with 0 digits, HUF by custom)."""


class CurrenciesMixed(FixFirst):
    """Amounts of two currencies were added or compared; convert with a dated rate first."""


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217 code).

    Raises
    ------
    ValueError
        The currency is not three capital letters, or the amount is not a finite number.

    Examples
    --------
    >>> Money(Decimal("1.10"), "EUR") + Money(Decimal("2.20"), "EUR")
    Money(amount=Decimal('3.30'), currency='EUR')
    >>> str(Money(Decimal("1250"), "EUR"))
    '1,250.00 EUR'
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(f"{self.currency!r} is not a currency code of three capital letters")
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError(f"{self.amount!r} is not a finite decimal amount")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read ``"1,250.00 EUR"`` as `str` writes it. Raises ValueError when it is written otherwise."""
        amount, _, currency = text.strip().rpartition(" ")
        try:
            return cls(Decimal(amount.replace(",", "")), currency)
        except InvalidOperation:
            raise ValueError(f"{text!r} is not an amount with a currency") from None

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Sum of `amounts`, which must all be in `currency`; zero of it when there are none."""
        return sum(amounts, cls.zero(currency))

    def rounded(self) -> "Money":
        """To the smallest unit people pay in, half to even."""
        digits = Decimal(1) if self.currency in CURRENCIES_WITHOUT_CENTS else Decimal("0.01")
        return Money(self.amount.quantize(digits, rounding=ROUND_HALF_EVEN), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.rounded().amount:,} {self.currency}"

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise CurrenciesMixed(f"{self.currency} met {other.currency}; convert one of them with a dated rate first")
        return other.amount

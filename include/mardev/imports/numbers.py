"""Numbers as people write them: which sign stands before the decimals is decided once for a column, from all of it."""

import re
from dataclasses import dataclass, field
from typing import Literal

Sign = Literal[".", ","]
_UNITS = {
    "k": 1e3, "tsd": 1e3, "mil": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "mi": 1e6, "mln": 1e6, "million": 1e6,
    "millionen": 1e6, "milhoes": 1e6, "milhões": 1e6, "millones": 1e6, "millions": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9,
    "万": 1e4, "萬": 1e4, "億": 1e8, "亿": 1e8, "千": 1e3,
}  # fmt: skip
_SHAPE = re.compile(r"([+-]?)([0-9][0-9.,'’ \u00a0\u202f]*)(e[+-]?[0-9]+)?\s*([^\W\d_]*)\.?", re.IGNORECASE)
_SPACES = str.maketrans("", "", "'’ \u00a0\u202f_")
_DIGITS = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


@dataclass
class Evidence:
    """What the values of one column say about its decimal sign; add all, then ask."""

    comma: int = 0
    point: int = 0
    either: int = 0
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take one value into account; what is no number says nothing."""
        if not (shape := _SHAPE.fullmatch(text.translate(_DIGITS).strip())):
            return
        sign = _decimal_sign(shape.group(2).translate(_SPACES), has_unit=bool(shape.group(4) or shape.group(3)))
        if sign == ",":
            self.comma += 1
            self.examples.setdefault(",", text)
        elif sign == ".":
            self.point += 1
            self.examples.setdefault(".", text)
        elif sign == "either":
            self.either += 1
            self.examples.setdefault("either", text)

    def decide(self, *, is_whole: bool, elsewhere: Sign | None) -> "Convention":
        """The column's decimal sign.

        Parameters
        ----------
        is_whole : counters, which have no decimals
        elsewhere : what the other columns of the file say, None when they say nothing
        """
        if self.comma or self.point:
            sign: Sign = "," if self.comma > self.point else "."
            told = f"“{self.examples[sign]}” has its decimals behind a {'comma' if sign == ',' else 'point'}"
            if is_whole:
                told = f"“{self.examples[sign]}” groups thousands with a {'point' if sign == ',' else 'comma'}"
            other = min(self.comma, self.point)
            return Convention(
                sign, told + (f"; {other} values say the opposite" if other else ""), is_certain=not other
            )
        if self.either and is_whole:
            return Convention(None, f"“{self.examples['either']}”: whole numbers, so the sign groups thousands")
        if self.either and elsewhere:
            words = "comma" if elsewhere == "," else "point"
            return Convention(
                elsewhere, f"“{self.examples['either']}” could be both; other columns use a decimal {words}"
            )
        if self.either:
            return Convention(
                ".", f"“{self.examples['either']}” could be both; read with a decimal point", is_certain=False
            )
        return Convention(elsewhere or ".", "no sign in any number")


@dataclass(frozen=True)
class Convention:
    """How a column's numbers are read.

    Attributes
    ----------
    decimal : the sign before the decimals; None where every sign groups thousands
    evidence : why, with an example
    is_certain : False where it is an assumption that a person should look at
    """

    decimal: Sign | None
    evidence: str
    is_certain: bool = True

    def read(self, text: str) -> float:
        """The number that a text says.

        Raises
        ------
        ValueError
            It is none, or its signs contradict the column.
        """
        shape = _SHAPE.fullmatch(text.translate(_DIGITS).strip())
        if shape is None:
            raise ValueError("is no number")
        sign, digits, exponent, unit = shape.groups()
        if unit and unit.lower() not in _UNITS:
            raise ValueError("is no number")
        value = float(sign + self._plain(digits.translate(_SPACES), has_unit=bool(unit or exponent)) + (exponent or ""))
        return value * _UNITS[unit.lower()] if unit else value

    def _plain(self, digits: str, *, has_unit: bool) -> str:
        own = _decimal_sign(digits, has_unit=has_unit)
        if own in (".", ",") and self.decimal is not None and own != self.decimal and not has_unit:
            raise ValueError("has its signs the other way round than the rest of the column")
        decimal = own if own in (".", ",") else self.decimal
        if decimal is None:
            return digits.replace(",", "").replace(".", "")
        return digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")


def _decimal_sign(digits: str, *, has_unit: bool = False) -> Sign | Literal["either", "none"]:
    """Which sign stands before the decimals: one of them, either is possible, or there is none.

    Groups of three digits behind several equal signs are thousands, so the other one is the decimal sign.
    """
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return "none"
    if points and commas:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    sign: Sign = "." if points else ","
    other: Sign = "," if points else "."
    if points + commas > 1:
        return other
    before, _, after = digits.partition(sign)
    # 1.5 Mio and 1.234e5 have decimals; 0.123 and 1234.567 too, as nobody groups thousands like that.
    if len(after) != 3 or has_unit or before in ("", "0") or len(before) > 3:
        return sign
    return "either"

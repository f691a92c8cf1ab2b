"""Python values as PostgreSQL reads them, a column at a time, and as lines of its COPY text format.

A value that has no reading in its column's type is not judged here: it goes through as it is written, PostgreSQL
refuses it, and the caller finds out which one it was.

Source: PostgreSQL documentation, COPY, "Text Format"; Arrays, "Array Input and Output Syntax".
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
ARRAY_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})

Texts = Sequence[str | None]


def column_texts(values: Sequence[Any], kind: sa.types.TypeEngine[Any]) -> Texts:
    """The values of one column as PostgreSQL's input texts, None for a missing one.

    `values` is a list, or a pandas Series; a long Series of few distinct values costs little.
    Missing is None, NaN, NaT or pandas.NA.

    Raises:
        ValueError: a datetime has no time zone.
    """
    if hasattr(values, "factorize") and not isinstance(kind, sa.Integer | sa.Double):
        codes, distinct = values.factorize()
        texts = [*column_texts(distinct.tolist(), kind), None]  # a missing value has code -1: the last text
        return [texts[code] for code in codes.tolist()]
    listed: list[Any] = values.tolist() if hasattr(values, "tolist") else list(values)
    types = set(map(type, listed))
    if types == {int}:
        return list(map(str, listed))
    if types == {str} and not isinstance(kind, JSONB):
        return listed
    write = _writer(kind)
    return [None if _is_missing(value) else write(value) for value in listed]


def lines(columns: Iterable[Texts]) -> str:
    """The columns as lines of COPY text, all of the same length."""
    return "\n".join(map("\t".join, zip(*map(_fields, columns), strict=True))) + "\n"


def _fields(texts: Texts) -> Sequence[str]:
    if None in texts:
        return [NULL if text is None else text.translate(ESCAPES) for text in texts]
    complete: Sequence[str] = texts  # type: ignore[assignment]  # there is no None in it
    together = "".join(complete)
    if any(mark in together for mark in "\\\t\n\r"):
        return [text.translate(ESCAPES) for text in complete]
    return complete


def _is_missing(value: Any) -> bool:
    # NaN and NaT do not equal themselves; pandas.NA answers the question with itself, which has no truth.
    if value is None:
        return True
    if isinstance(value, str | list | tuple | dict):
        return False
    try:
        return bool(value != value)  # that is how a NaN is told
    except TypeError:
        return True


def _writer(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], str]:
    if isinstance(kind, JSONB):
        return lambda value: json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(kind, ARRAY):
        return _array_text
    if isinstance(kind, sa.DateTime):
        return _instant_text
    if isinstance(kind, sa.Integer):
        return _integer_text
    return str


def _array_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "{" + ",".join(f'"{str(item).translate(ARRAY_ESCAPES)}"' for item in value) + "}"


def _instant_text(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"The instant {value} has no time zone.")
        return value.isoformat()
    return str(value)


def _integer_text(value: Any) -> str:
    # A column of counters with a missing one arrives from pandas as floats.
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    return str(value)

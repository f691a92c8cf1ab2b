"""Reads fields out of payloads from outside: exact types, or an error that names the field and not its value."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from mardev.errors import ContractBroken, RecordMalformed

Record = TypeVar("Record")
Item = Mapping[str, Any]
OnMalformed = Callable[[Any, str], None]
"""Gets a record that cannot be read, and why. The record is from outside: show it escaped or not at all."""

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")
_logger = logging.getLogger("mardev.connectors")


class FieldMissing(RecordMalformed):
    """A documented field is not there."""


def log_malformed(_record: Any, reason: str) -> None:
    """What happens to a malformed record when nobody asked for it: one warning, without the record."""
    _logger.warning("A malformed record was skipped: %s", reason)


def find(item: Any, path: str) -> Any:
    """Value at a dotted path; None when any part of it is missing or null.

    Examples:
        >>> find({"snippet": {"title": "Ada"}}, "snippet.title")
        'Ada'
        >>> find({"snippet": None}, "snippet.title") is None
        True
    """
    value = item
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def text(item: Item, path: str) -> str:
    """Text that the documentation promises.

    Raises:
        FieldMissing: not there.
        RecordMalformed: not a text, or an empty one.
    """
    value = optional_text(item, path)
    if value is None:
        raise FieldMissing(f"{path} is missing" if find(item, path) is None else f"{path} is empty")
    return value


def optional_text(item: Item, path: str) -> str | None:
    """Text, None when it is not there or empty.

    Raises:
        RecordMalformed: something else than a text.
    """
    value = find(item, path)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RecordMalformed(f"{path} is not a text")
    return value.replace("\x00", "")  # PostgreSQL keeps no NUL in a text


def counter(item: Item, path: str) -> int | None:
    """Non-negative whole number, written as one or as a text; None when the service does not tell it.

    Raises:
        RecordMalformed: something else.
    """
    value = find(item, path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RecordMalformed(f"{path} is not a whole number")
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise RecordMalformed(f"{path} is not a whole number")
    if (number := int(value)) < 0:
        raise RecordMalformed(f"{path} is negative")
    return number


def flag(item: Item, path: str) -> bool | None:
    """True or false; None when not told.

    Raises:
        RecordMalformed: something else.
    """
    value = find(item, path)
    if value is None or isinstance(value, bool):
        return value
    raise RecordMalformed(f"{path} is neither true nor false")


def optional_instant(item: Item, path: str) -> datetime | None:
    """Instant in ISO 8601, in UTC; None when not told.

    Raises:
        RecordMalformed: not an instant, or one without an offset.
    """
    value = optional_text(item, path)
    if value is None:
        return None
    return parse_instant(value, path)


def instant(item: Item, path: str) -> datetime:
    """Instant that the documentation promises.

    Raises:
        FieldMissing: not there.
        RecordMalformed: not an instant, or one without an offset.
    """
    return parse_instant(text(item, path), path)


def parse_instant(value: str, name: str) -> datetime:
    """`value` as an instant in UTC.

    Raises:
        RecordMalformed: not ISO 8601, or without an offset.
    """
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RecordMalformed(f"{name} is not an instant") from None
    if moment.tzinfo is None:
        raise RecordMalformed(f"{name} has no offset from UTC")
    return moment.astimezone(UTC)


def texts(item: Item, path: str) -> tuple[str, ...]:
    """List of texts, empty when not told.

    Raises:
        RecordMalformed: not a list of texts.
    """
    value = find(item, path)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RecordMalformed(f"{path} is not a list of texts")
    return tuple(one.replace("\x00", "") for one in value)


def addresses_in(words: str) -> tuple[str, ...]:
    """Web addresses in a text, each once, without the punctuation behind them.

    Examples:
        >>> addresses_in("See https://ada.example, or (https://ada.example/shop).")
        ('https://ada.example', 'https://ada.example/shop')
    """
    return tuple(dict.fromkeys(_ADDRESS.findall(words)))


def read_each(
    items: Iterable[Any], read: Callable[[Item], Record], on_malformed: OnMalformed, what: str
) -> Iterator[Record]:
    """Read every item, hand those that cannot be read to `on_malformed` and go on.

    Raises:
        ContractBroken: every single item lacks a documented field; that is no bad record, that is a changed service.
    """
    records: list[Record] = []
    failures: list[RecordMalformed] = []
    for item in items:
        try:
            if not isinstance(item, Mapping):
                raise RecordMalformed("not an object")
            records.append(read(item))
        except RecordMalformed as error:
            failures.append(error)
            on_malformed(item, f"{what}: {error}")
    if failures and not records and all(isinstance(failure, FieldMissing) for failure in failures):
        raise ContractBroken(f"{what}: {failures[0]} in every item, though it is documented. The service has changed.")
    yield from records

"""What analytics tells, as exact types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mardev.connectors.reading import FieldMissing
from mardev.errors import RecordMalformed

DIMENSIONS = ("date", "sessionSource", "sessionMedium", "sessionCampaignName", "sessionManualAdContent")
METRICS = ("sessions", "keyEvents")
NOT_SET = frozenset({"(not set)", "(none)", ""})
"""How analytics writes that a session had no such parameter."""


@dataclass(frozen=True)
class SessionRecord:
    """Sessions of one day with one set of UTM parameters; None where a session had no such parameter."""

    day_on: date
    utm_source: str | None
    utm_medium: str | None
    utm_campaign: str | None
    utm_content: str | None
    sessions: int
    key_events: int


def read_session(row: Mapping[str, Any]) -> SessionRecord:
    """One row of a report with `DIMENSIONS` and `METRICS` in this order.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    day, *utm = _values(row, "dimensionValues", len(DIMENSIONS))
    sessions, key_events = (_whole(value) for value in _values(row, "metricValues", len(METRICS)))
    source, medium, campaign, content = (None if value in NOT_SET else value for value in utm)
    return SessionRecord(_day(day), source, medium, campaign, content, sessions, key_events)


def _values(row: Mapping[str, Any], field: str, wanted: int) -> Sequence[str]:
    cells = row.get(field)
    if not isinstance(cells, list):
        raise FieldMissing(f"{field} is missing")
    values = [value for cell in cells if isinstance(cell, Mapping) and isinstance(value := cell.get("value", ""), str)]
    if len(values) != wanted or len(cells) != wanted:
        raise RecordMalformed(f"{field} does not hold {wanted} texts")
    return values


def _whole(value: str) -> int:
    # Key events are a float in the API ("3" or "3.0"), whole in what they count.
    try:
        number = float(value or 0)
    except ValueError:
        raise RecordMalformed("a metric is not a number") from None
    if number < 0 or not number.is_integer():
        raise RecordMalformed("a metric is not a whole number")
    return int(number)


def _day(value: str) -> date:
    if len(value) != 8 or not value.isdigit():  # YYYYMMDD
        raise RecordMalformed("date is not a day")
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise RecordMalformed("date is not a day") from None

"""Quotas as data: which bucket holds how many units for how long."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")

Window = Callable[[datetime], tuple[datetime, datetime]]
"""Instant to the quota window around it: start (included) and end (excluded), aware, UTC."""


def pacific_day(at: datetime) -> tuple[datetime, datetime]:
    """The day of Google's quotas: midnight to midnight Pacific time, 23 or 25 hours when the clocks change.

    Examples:
        >>> pacific_day(datetime(2026, 7, 1, 12, tzinfo=UTC))[1]
        datetime.datetime(2026, 7, 2, 7, 0, tzinfo=datetime.timezone.utc)
    """
    day = at.astimezone(PACIFIC).date()
    return _pacific_midnight(day.year, day.month, day.day), _pacific_midnight(
        *(day + timedelta(days=1)).timetuple()[:3]
    )


def _pacific_midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=PACIFIC).astimezone(UTC)


@dataclass(frozen=True)
class BucketLimit:
    """`unit_limit` units for each window. `source` says where the number comes from."""

    unit_limit: int
    window: Window
    source: str


BucketLimits = Mapping[tuple[str, str], BucketLimit]
"""(api, bucket) to its limit. What is not in it is not limited."""


def every(span: timedelta) -> Window:
    """Windows of one length after another, the first at the beginning of 1970.

    Examples:
        >>> every(timedelta(minutes=5))(datetime(2026, 7, 1, 12, 7, tzinfo=UTC))[1]
        datetime.datetime(2026, 7, 1, 12, 10, tzinfo=datetime.timezone.utc)
    """
    beginning = datetime(1970, 1, 1, tzinfo=UTC)

    def window(at: datetime) -> tuple[datetime, datetime]:
        start = beginning + (at - beginning) // span * span
        return start, start + span

    return window

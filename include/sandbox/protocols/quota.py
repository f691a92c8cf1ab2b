"""Quota buckets for each key and Pacific day, on the world's clock.

The buckets and limits are those in force since June 2026: searches and batch statistics have their own.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
LIMITS: Mapping[str, int] = {"default": 10_000, "search": 100, "batchGetStats": 10_000}
BUCKET_OF_METHOD: Mapping[str, str] = {"search.list": "search", "videos.batchGetStats": "batchGetStats"}
"""Methods that do not spend from the bucket `default`. Every method here costs one unit a call."""


class QuotaBook:
    """Counts units; a day begins at midnight Pacific. In memory only: a restart of the server begins anew."""

    def __init__(self, now: Callable[[], datetime], limits: Mapping[str, int] = LIMITS) -> None:
        self._now = now
        self._limits = limits
        self._day = ""
        self._spent: Counter[tuple[str, str]] = Counter()

    def charge(self, key: str, bucket: str, units: int = 1) -> bool:
        """Take `units` from the bucket; False, and nothing taken, when fewer are left."""
        self._turn_page()
        if self._spent[key, bucket] + units > self._limits[bucket]:
            return False
        self._spent[key, bucket] += units
        return True

    def spent(self, bucket: str) -> int:
        """Units spent today by all keys together."""
        self._turn_page()
        return sum(units for (_, name), units in self._spent.items() if name == bucket)

    def summary(self) -> dict[str, dict[str, int]]:
        """Bucket to limit and units spent today. Names no key."""
        return {bucket: {"limit": limit, "spent": self.spent(bucket)} for bucket, limit in self._limits.items()}

    def _turn_page(self) -> None:
        day = self._now().astimezone(PACIFIC).date().isoformat()
        if day != self._day:
            self._day = day
            self._spent.clear()

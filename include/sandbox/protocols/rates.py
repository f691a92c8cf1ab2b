"""Request limits in fixed windows, on the world's clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests (or points) in so many seconds."""

    requests: int
    seconds: int


DOCUMENTED: Mapping[str, RateLimit] = {
    "bluesky": RateLimit(3000, 300),
    "mastodon": RateLimit(300, 300),
    "twitch": RateLimit(800, 60),
}
"""As the platforms document them: per address, per account and address, per client id."""
ROOMY_FACTOR = 25
"""The clock of the world stands still while it is crawled, so that a window does not end by itself."""


def roomy(factor: int = ROOMY_FACTOR) -> Mapping[str, RateLimit]:
    """The documented windows with more room in each."""
    return {name: RateLimit(limit.requests * factor, limit.seconds) for name, limit in DOCUMENTED.items()}


@dataclass(frozen=True, slots=True)
class Charge:
    """What a caller is told after a request."""

    limit: int
    remaining: int
    resets_at: datetime
    seconds: int
    is_granted: bool


class RateBook:
    """Counts requests of each caller. In memory only: a restart of the server begins anew."""

    def __init__(self, limit: RateLimit, now: Callable[[], datetime]) -> None:
        self._limit, self._now = limit, now
        self._windows: dict[str, tuple[datetime, int]] = {}

    def charge(self, caller: str, *, is_spent: bool = False) -> Charge:
        """Count one request; `is_spent` treats the window as used up, as an incident may want it."""
        now, window = self._now(), timedelta(seconds=self._limit.seconds)
        begun, count = self._windows.get(caller, (now, 0))
        if now >= begun + window:
            begun, count = now, 0
        granted = count < self._limit.requests and not is_spent
        count += granted
        self._windows[caller] = begun, count
        remaining = 0 if is_spent else self._limit.requests - count
        return Charge(self._limit.requests, remaining, begun + window, self._limit.seconds, granted)

"""Time comes in as an argument. Business code asks a `Clock`, never the operating system.

The source is the Airflow connection `mardev_clock`: empty means the wall clock, a host means a
simulated world that tells its own time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

import httpx

from mardev.errors import TransportFailed

CLOCK_TIMEOUT_SECONDS = 10.0


class Clock(Protocol):
    """Tells the instant of the world that an iteration lives in."""

    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...

    def until(self, instant: datetime) -> timedelta:
        """Time left until `instant`, zero when it has passed."""
        ...


class _Until:
    def now(self) -> datetime:
        raise NotImplementedError

    def until(self, instant: datetime) -> timedelta:
        return max(instant - self.now(), timedelta(0))


class WallClock(_Until):
    """The clock of the real world."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock(_Until):
    """A clock that stands still until it is set: for tests and for replaying a run."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class RemoteClock(_Until):
    """Asks `url` (``GET`` -> ``{"now": "2026-10-05T08:00:00Z"}``) each time."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self._url = url
        self._http = http

    def now(self) -> datetime:
        """Raises: TransportFailed: the world does not answer with its time."""
        try:
            answer = self._ask()
            answer.raise_for_status()
            return datetime.fromisoformat(answer.json()["now"]).astimezone(UTC)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            raise TransportFailed("The world's clock does not answer; is `mardev up` running?") from error

    def _ask(self) -> httpx.Response:
        # A pooled connection may be closed under a reader: by the server, and by httpcore when another thread takes
        # the answer that is just coming in for the end of an idle connection. A new one has neither trouble.
        try:
            return self._http.get(self._url, timeout=CLOCK_TIMEOUT_SECONDS)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return self._http.get(self._url, timeout=CLOCK_TIMEOUT_SECONDS)


def asked_rarely(clock: Clock, seconds: float = 1.0) -> Callable[[], datetime]:
    """The clock's instant, asked for at most once in `seconds` of wall time.

    For the hundreds of requests of one step: their quota windows and breakers do not need to know better, and a
    clock that is asked over HTTP would triple their number.
    """
    asked_at, instant = 0.0, None

    def now() -> datetime:
        nonlocal asked_at, instant
        if instant is None or monotonic() - asked_at >= seconds:
            instant, asked_at = clock.now(), monotonic()
        return instant

    return now


def clock_of(host: str) -> Clock:
    """The clock that the connection `mardev_clock` names: its host is the address of a world's time, or empty."""
    # Reading the trusted certificates takes longer than the question; only an encrypted host needs them.
    return RemoteClock(host, httpx.Client(verify=host.startswith("https:"))) if host else WallClock()

"""Not faster than allowed: a token bucket for one process.

Across processes the quota ledger and Airflow's pools count.
"""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets `per_second` units through on average, `burst` at once.

    Args:
        per_second: units a second, > 0.
        burst: units that may go at once after a rest, >= 1.
        monotonic: seconds of a clock that never goes back.
        sleep: waits; replaced in tests.
    """

    def __init__(
        self,
        per_second: float,
        burst: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = burst
        self._seen = monotonic()

    def wait(self, units: float = 1.0) -> float:
        """Take `units`, waiting until they are there. Returns the seconds waited."""
        with self._lock:
            now = self._monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._per_second)
            self._seen = now
            self._tokens -= units
            seconds = max(0.0, -self._tokens / self._per_second)
        if seconds:
            self._sleep(seconds)
        return seconds

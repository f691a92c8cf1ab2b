"""Ledger, breaker and archive for one process that has no warehouse: tests, benches, a first look."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mardev.connectors.protocols import Reservation
from mardev.connectors.quota import BucketLimit, BucketLimits
from mardev.errors import QuotaExhausted, TransportFailed

FAILURES_TO_OPEN = 5
COOL_DOWN = timedelta(seconds=60)


def quota_spent(api: str, bucket: str, resets_at: datetime) -> QuotaExhausted:
    """The error of a ledger that has no units left."""
    return QuotaExhausted(
        f"{api}: the quota of bucket {bucket} is spent; it resets at {resets_at:%Y-%m-%d %H:%M} UTC.",
        resets_at=resets_at,
    )


def service_down(api: str, retry_at: datetime) -> TransportFailed:
    """The error of an open breaker."""
    return TransportFailed(
        f"{api} failed several times in a row and is left alone until {retry_at:%Y-%m-%d %H:%M} UTC.",
        not_before=retry_at,
    )


class InMemoryQuota:
    """Counts units in this process."""

    def __init__(self, limits: BucketLimits | None = None) -> None:
        self._limits = limits or {}
        self._lock = threading.Lock()
        self.spent: Counter[tuple[str, str, str, datetime]] = Counter()

    def reserve(self, api: str, bucket: str, credential_digest: str, units: int, at: datetime) -> Reservation:
        limit = self._limits.get((api, bucket))
        if limit is None:
            return Reservation(api, bucket, credential_digest, units, None)
        start, end = limit.window(at)
        with self._lock:
            if self.spent[api, bucket, credential_digest, start] + units > limit.unit_limit:
                raise quota_spent(api, bucket, end)
            self.spent[api, bucket, credential_digest, start] += units
        return Reservation(api, bucket, credential_digest, units, start)

    def settle(self, reservation: Reservation, spent_units: int) -> None:
        if reservation.window_start is None:
            return
        key = (reservation.api, reservation.bucket, reservation.credential_digest, reservation.window_start)
        with self._lock:
            self.spent[key] = max(0, self.spent[key] - reservation.units + spent_units)

    def exhaust(self, api: str, bucket: str, credential_digest: str, at: datetime) -> datetime:
        limit = self._limits.get((api, bucket))
        if limit is None:
            return at + timedelta(days=1)
        start, end = limit.window(at)
        with self._lock:
            self.spent[api, bucket, credential_digest, start] = limit.unit_limit
        return end

    def remaining(self, api: str, bucket: str, credential_digest: str, at: datetime) -> int | None:
        limit: BucketLimit | None = self._limits.get((api, bucket))
        if limit is None:
            return None
        return limit.unit_limit - self.spent[api, bucket, credential_digest, limit.window(at)[0]]

    def limit(self, api: str, bucket: str) -> int | None:
        limit = self._limits.get((api, bucket))
        return None if limit is None else limit.unit_limit

    def share(self, api: str, bucket: str) -> int | None:
        return self.limit(api, bucket)  # nobody else asks


class InMemoryBreaker:
    """Counts failures in a row in this process."""

    def __init__(self, failures_to_open: int = FAILURES_TO_OPEN, cool_down: timedelta = COOL_DOWN) -> None:
        self._failures_to_open = failures_to_open
        self._cool_down = cool_down
        self._lock = threading.Lock()
        self._failures: Counter[str] = Counter()
        self._retry_at: dict[str, datetime] = {}

    def check(self, api: str, at: datetime) -> None:
        with self._lock:
            retry_at = self._retry_at.get(api)
            if retry_at is None:
                return
            if at < retry_at:
                raise service_down(api, retry_at)
            self._retry_at[api] = at + self._cool_down  # this caller tries; the others wait for what it finds

    def succeeded(self, api: str, at: datetime) -> None:  # noqa: ARG002  # the protocol's shape
        with self._lock:
            self._failures.pop(api, None)
            self._retry_at.pop(api, None)

    def failed(self, api: str, at: datetime, reason: str) -> None:  # noqa: ARG002  # kept by the warehouse's breaker
        with self._lock:
            self._failures[api] += 1
            if self._failures[api] >= self._failures_to_open:
                self._retry_at[api] = at + self._cool_down


@dataclass(frozen=True)
class KeptAnswer:
    """One archived answer."""

    api: str
    request_digest: str
    fetched_at: datetime
    expires_at: datetime
    status_code: int
    body: bytes = field(repr=False)


class InMemoryArchive:
    """Keeps the last `capacity` answers of this process."""

    def __init__(self, capacity: int = 1000) -> None:
        self._capacity = capacity
        self.answers: list[KeptAnswer] = []

    def keep(
        self, api: str, request_digest: str, fetched_at: datetime, expires_at: datetime, status_code: int, body: bytes
    ) -> None:
        self.answers.append(KeptAnswer(api, request_digest, fetched_at, expires_at, status_code, body))
        del self.answers[: -self._capacity]

    def flush(self) -> None:
        """Nothing is held back."""

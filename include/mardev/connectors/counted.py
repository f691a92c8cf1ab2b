"""Counts what was really asked: calls and units, by the step of the work they were asked for."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from mardev.connectors.calls import Call
from mardev.connectors.protocols import QuotaLedger, Reservation


@dataclass
class CallCount:
    """Calls and units by (step, bucket). `step` is what the work is at; set it before asking.

    `repeated` counts those of the calls that were asked again, because the platform gave no useful answer.
    """

    step: str = ""
    repeated: int = 0
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, bucket: str, units: int) -> None:
        with self._lock:
            self.calls[self.step, bucket] += 1
            self.units[self.step, bucket] += units

    def repeat(self, _call: Call) -> None:
        """One call is asked again."""
        with self._lock:
            self.repeated += 1

    def take(self) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        """Calls and units since the last time; begins anew."""
        with self._lock:
            taken = self.calls, self.units
            self.calls, self.units = Counter(), Counter()
        return taken


class CountedQuota:
    """A ledger that tells `count` of every request that was sent; one that never left counts nothing."""

    def __init__(self, ledger: QuotaLedger, count: CallCount) -> None:
        self._ledger = ledger
        self._count = count

    def reserve(self, api: str, bucket: str, credential_digest: str, units: int, at: datetime) -> Reservation:
        return self._ledger.reserve(api, bucket, credential_digest, units, at)

    def settle(self, reservation: Reservation, spent_units: int) -> None:
        if spent_units:
            self._count.add(reservation.bucket, spent_units)
        self._ledger.settle(reservation, spent_units)

    def exhaust(self, api: str, bucket: str, credential_digest: str, at: datetime) -> datetime:
        return self._ledger.exhaust(api, bucket, credential_digest, at)

    def remaining(self, api: str, bucket: str, credential_digest: str, at: datetime) -> int | None:
        return self._ledger.remaining(api, bucket, credential_digest, at)

    def limit(self, api: str, bucket: str) -> int | None:
        return self._ledger.limit(api, bucket)

    def share(self, api: str, bucket: str) -> int | None:
        return self._ledger.share(api, bucket)

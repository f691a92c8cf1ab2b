"""What the request pipeline needs from outside: a ledger of quotas, a breaker, an archive of raw answers.

The warehouse implements them for the stages, `connectors.in_memory` for a single process without one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Reservation:
    """Units set aside for one request. `window_start` is None where no quota is kept."""

    api: str
    bucket: str
    credential_digest: str
    units: int
    window_start: datetime | None


class QuotaLedger(Protocol):
    """Units spent, for each API, bucket, credential and window; shared by every process that asks."""

    def reserve(self, api: str, bucket: str, credential_digest: str, units: int, at: datetime) -> Reservation:
        """Set `units` aside, all or nothing.

        Raises:
            QuotaExhausted: fewer units are left in the window around `at`; carries when it ends.
        """
        ...

    def settle(self, reservation: Reservation, spent_units: int) -> None:
        """Give back what was reserved and not spent (a request that never left costs nothing)."""
        ...

    def exhaust(self, api: str, bucket: str, credential_digest: str, at: datetime) -> datetime:
        """The service says that nothing is left: believe it. Returns when the window ends."""
        ...

    def remaining(self, api: str, bucket: str, credential_digest: str, at: datetime) -> int | None:
        """Units left in the window around `at`; None where no quota is kept."""
        ...

    def limit(self, api: str, bucket: str) -> int | None:
        """Units of a whole window; None where no quota is kept."""
        ...

    def share(self, api: str, bucket: str) -> int | None:
        """Units of a whole window that the asker can have when everybody else takes theirs; None without a quota."""
        ...


class Breaker(Protocol):
    """Stops asking a service that is down, so that it can recover and nobody waits for nothing."""

    def check(self, api: str, at: datetime) -> None:
        """Go on, unless the service is known to be down.

        After the cool-down one caller at a time may try again.

        Raises:
            TransportFailed: the service is down; carries when to try again.
        """
        ...

    def succeeded(self, api: str, at: datetime) -> None:
        """The service answered: forget its failures."""
        ...

    def failed(self, api: str, at: datetime, reason: str) -> None:
        """The service failed; enough failures in a row open the breaker."""
        ...


class RawArchive(Protocol):
    """Keeps raw answers for a while, so that a doubtful row can be explained."""

    def keep(
        self, api: str, request_digest: str, fetched_at: datetime, expires_at: datetime, status_code: int, body: bytes
    ) -> None:
        """Keep one answer until `expires_at`. Keeping the same answer twice keeps it once."""
        ...

    def flush(self) -> None:
        """Write what is still held back."""
        ...

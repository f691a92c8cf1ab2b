"""The request pipeline's quota in the warehouse: every process sees the same, and nobody takes another's share."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.in_memory import quota_spent
from mardev.connectors.protocols import Reservation
from mardev.connectors.quota import BucketLimits
from mardev.stages.call_records import SideConnection
from mardev.warehouse import tables

MOST_TAKEN_AT_ONCE = 32
"""Units of quota; a crawl asks thousands of times, and each statement costs as much as half a request."""


SHARES: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("youtube", "default"): {"plan": 0.5, "refresh_creators": 0.1, "watch_posts": 0.15, "check_systems": 0.01},
    ("youtube", "batchGetStats"): {"plan": 0.4, "refresh_metrics": 0.4, "watch_posts": 0.05},
}
"""What each pipeline can count on, as a share of a bucket. What is left is for whoever comes first; what stands here
stays untouched by the others until its owner took it. A bucket that is not named here is nobody's."""


class Account(NamedTuple):
    """One bucket of one credential in one window."""

    api: str
    bucket: str
    credential: str
    window_start: datetime
    window_end: datetime
    unit_limit: int


class WarehouseQuota:
    """Units in `ops.quota_bucket`, one row for each API, bucket, credential and window.

    Who asks often takes more at once and hands them out itself: 1, 2, 4 and so on up to `MOST_TAKEN_AT_ONCE`. What
    was taken counts as spent for everybody else until `close` gives the rest back, so no unit is ever spent twice; a
    process that dies wastes at most what it held.

    Args:
        connection: beside the step's own transaction.
        limits: of each bucket; what is not in it is not limited.
        consumer: the pipeline on whose behalf the units are spent (its DAG); empty for none, which shares nothing.
        shares: of each bucket, pipeline to the share it can count on.
    """

    def __init__(
        self,
        connection: SideConnection,
        limits: BucketLimits,
        consumer: str = "",
        shares: Mapping[tuple[str, str], Mapping[str, float]] = SHARES,
    ) -> None:
        self._connection = connection
        self._limits = limits
        self._consumer = consumer
        self._shares = shares
        self._lock = threading.Lock()
        self._held: dict[Account, int] = {}
        self._taken_before: dict[Account, int] = {}

    def reserve(self, api: str, bucket: str, credential_digest: str, units: int, at: datetime) -> Reservation:
        """Take `units` in a statement that PostgreSQL runs for one caller after the other.

        Raises:
            QuotaExhausted: fewer units are left for this pipeline.
        """
        limit = self._limits.get((api, bucket))
        if limit is None:
            return Reservation(api, bucket, credential_digest, units, None)
        start, end = limit.window(at)
        account = Account(api, bucket, credential_digest, start, end, limit.unit_limit)
        with self._lock:
            if self._held.get(account, 0) < units:
                self._take_more(account, units)
            self._held[account] -= units
        return Reservation(api, bucket, credential_digest, units, start)

    def close(self) -> None:
        """Give back what was taken and not used."""
        with self._lock:
            held, self._held = self._held, {}
            for account, units in held.items():
                if units:
                    self._give_back(Reservation(*account[:3], units, account.window_start), units)

    def _take_more(self, account: Account, units: int) -> None:
        missing = units - self._held.get(account, 0)
        wanted = max(missing, min(2 * self._taken_before.get(account, 0), MOST_TAKEN_AT_ONCE))
        for amount in dict.fromkeys((wanted, missing)):
            if self._is_granted(account, amount):
                self._held[account] = self._held.get(account, 0) + amount
                self._taken_before[account] = amount
                return
        raise quota_spent(account.api, account.bucket, account.window_end)

    def _is_granted(self, account: Account, units: int) -> bool:
        kept = self._kept_for_others(account.api, account.bucket, account.unit_limit)
        if units + sum(kept.values()) > account.unit_limit:
            return False
        table = tables.quota_bucket
        insert = postgresql.insert(table).values(
            api=account.api, bucket=account.bucket, credential=account.credential, window_start=account.window_start,
            window_end=account.window_end, unit_limit=account.unit_limit, spent_units=units,
            spent_by={self._consumer: units},
        )  # fmt: skip
        not_taken_yet = [sa.func.greatest(0, units_kept - _spent_by(name)) for name, units_kept in kept.items()]
        granted = self._connection.run(
            insert.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={
                    "spent_units": table.c.spent_units + units,
                    "spent_by": self._booked(units),
                    "unit_limit": insert.excluded.unit_limit,
                },
                # One row holds everything, so whoever waited for it sees what the one before took.
                where=sum(not_taken_yet, table.c.spent_units + units) <= insert.excluded.unit_limit,
            ).returning(table.c.spent_units)
        )
        return bool(granted)

    def _kept_for_others(self, api: str, bucket: str, unit_limit: int) -> dict[str, int]:
        """Units that other pipelines can count on in a whole window."""
        shares = self._shares.get((api, bucket), {}) if self._consumer else {}
        return {name: int(share * unit_limit) for name, share in shares.items() if name != self._consumer}

    def _booked(self, units: int) -> sa.ColumnElement[Any]:
        """`spent_by` with `units` more on this pipeline's account."""
        table = tables.quota_bucket
        mine = sa.func.greatest(0, _spent_by(self._consumer) + units)
        return table.c.spent_by.op("||")(sa.func.jsonb_build_object(self._consumer, mine))

    def settle(self, reservation: Reservation, spent_units: int) -> None:
        """Give back what was not spent."""
        unspent = reservation.units - spent_units
        if reservation.window_start is not None and unspent:
            self._give_back(reservation, unspent)

    def _give_back(self, reservation: Reservation, unspent: int) -> None:
        table = tables.quota_bucket
        self._connection.run(
            sa.update(table)
            .where(
                table.c.api == reservation.api,
                table.c.bucket == reservation.bucket,
                table.c.credential == reservation.credential_digest,
                table.c.window_start == reservation.window_start,
            )
            .values(spent_units=sa.func.greatest(0, table.c.spent_units - unspent), spent_by=self._booked(-unspent))
        )

    def exhaust(self, api: str, bucket: str, credential_digest: str, at: datetime) -> datetime:
        """Mark the window as spent. Returns when it ends; a day later where no quota is kept."""
        limit = self._limits.get((api, bucket))
        if limit is None:
            return at + timedelta(days=1)
        start, end = limit.window(at)
        with self._lock:  # the service knows better what is left
            self._held.pop(Account(api, bucket, credential_digest, start, end, limit.unit_limit), None)
        table = tables.quota_bucket
        insert = postgresql.insert(table).values(
            api=api, bucket=bucket, credential=credential_digest, window_start=start, window_end=end,
            unit_limit=limit.unit_limit, spent_units=limit.unit_limit,
        )  # fmt: skip
        self._connection.run(
            insert.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={"spent_units": insert.excluded.spent_units, "unit_limit": insert.excluded.unit_limit},
            )
        )
        return end

    def remaining(self, api: str, bucket: str, credential_digest: str, at: datetime) -> int | None:
        """Units left for this pipeline: what others can still count on is not counted."""
        limit = self._limits.get((api, bucket))
        if limit is None:
            return None
        start, end = limit.window(at)
        held = self._held.get(Account(api, bucket, credential_digest, start, end, limit.unit_limit), 0)
        table = tables.quota_bucket
        rows = self._connection.run(
            sa.select(table.c.spent_units, table.c.spent_by).where(
                table.c.api == api,
                table.c.bucket == bucket,
                table.c.credential == credential_digest,
                table.c.window_start == start,
            )
        )
        spent, spent_by = (rows[0].spent_units, rows[0].spent_by) if rows else (0, {})
        kept = self._kept_for_others(api, bucket, limit.unit_limit)
        not_taken_yet = sum(max(0, units - int(spent_by.get(name, 0))) for name, units in kept.items())
        return max(0, limit.unit_limit - spent - not_taken_yet) + held

    def share(self, api: str, bucket: str) -> int | None:
        """Units that this pipeline can have of a whole window when all others take theirs; None without a limit."""
        limit = self._limits.get((api, bucket))
        if limit is None:
            return None
        return limit.unit_limit - sum(self._kept_for_others(api, bucket, limit.unit_limit).values())

    def limit(self, api: str, bucket: str) -> int | None:
        """Units of a whole window."""
        limit = self._limits.get((api, bucket))
        return None if limit is None else limit.unit_limit


def _spent_by(consumer: str) -> sa.ColumnElement[Any]:
    """Units that a pipeline spent of the bucket, by the row itself."""
    return sa.func.coalesce(sa.cast(tables.quota_bucket.c.spent_by[consumer].astext, sa.BigInteger), 0)

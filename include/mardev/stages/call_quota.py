"""The request pipeline's quota in the warehouse: every process sees the same."""

import threading
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.in_memory import quota_spent
from mardev.connectors.protocols import Reservation
from mardev.connectors.quota import BucketLimits
from mardev.stages.call_records import SideConnection
from mardev.warehouse import tables

MOST_TAKEN_AT_ONCE = 32
"""Units of quota; a crawl asks thousands of times, and each statement costs as much as half a request."""


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
    """

    def __init__(self, connection: SideConnection, limits: BucketLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._lock = threading.Lock()
        self._held: dict[Account, int] = {}
        self._taken_before: dict[Account, int] = {}

    def reserve(self, api: str, bucket: str, credential_digest: str, units: int, at: datetime) -> Reservation:
        """Take `units` in a statement that PostgreSQL runs for one caller after the other.

        Raises:
            QuotaExhausted: fewer units are left.
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
        if units > account.unit_limit:
            return False
        table = tables.quota_bucket
        insert = postgresql.insert(table).values(
            api=account.api, bucket=account.bucket, credential=account.credential, window_start=account.window_start,
            window_end=account.window_end, unit_limit=account.unit_limit, spent_units=units,
        )  # fmt: skip
        granted = self._connection.run(
            insert.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={"spent_units": table.c.spent_units + units, "unit_limit": insert.excluded.unit_limit},
                where=table.c.spent_units + units <= insert.excluded.unit_limit,
            ).returning(table.c.spent_units)
        )
        return bool(granted)

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
            .values(spent_units=sa.func.greatest(0, table.c.spent_units - unspent))
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
        """Units left, for whoever asks."""
        limit = self._limits.get((api, bucket))
        if limit is None:
            return None
        start, end = limit.window(at)
        held = self._held.get(Account(api, bucket, credential_digest, start, end, limit.unit_limit), 0)
        table = tables.quota_bucket
        spent = self._connection.run(
            sa.select(table.c.spent_units).where(
                table.c.api == api,
                table.c.bucket == bucket,
                table.c.credential == credential_digest,
                table.c.window_start == start,
            )
        )
        return max(0, limit.unit_limit - (spent[0].spent_units if spent else 0)) + held

    def limit(self, api: str, bucket: str) -> int | None:
        """Units of a whole window."""
        limit = self._limits.get((api, bucket))
        return None if limit is None else limit.unit_limit

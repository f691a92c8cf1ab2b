"""Breaker and raw archive of the request pipeline, in the warehouse: every process sees the same."""

import threading
import time
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.in_memory import COOL_DOWN, FAILURES_TO_OPEN, service_down
from mardev.domain.words import World
from mardev.errors import TransportFailed
from mardev.warehouse import tables

ANSWERS_HELD_BACK = 100
BYTES_HELD_BACK = 2_000_000
STATE_LIVES_SECONDS = 1.0
COMPRESSION_LEVEL = 1  # a third of the time of the default, a tenth more bytes


class SideConnection:
    """One open connection beside the step's own transaction; each statement commits by itself.

    What is written here counts requests that were sent: it must stay when the step rolls back.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.Lock()
        self._connection: sa.Connection | None = None

    def run(self, statement: sa.Executable, rows: list[dict[str, Any]] | None = None) -> list[sa.Row[Any]]:
        """Execute one statement and commit it.

        Raises:
            TransportFailed: the warehouse does not answer.
        """
        with self._lock:
            try:
                result = self._open().execute(statement, rows) if rows else self._open().execute(statement)
                return list(result.all()) if result.returns_rows else []
            except sa.exc.OperationalError:
                self._close()
                raise TransportFailed("The warehouse does not answer; is `mardev up` running?") from None

    def close(self) -> None:
        with self._lock:
            self._close()

    def _open(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.detach()  # what is set below must not go back into a pool
            # A crash of the database may forget the last half second of counting: the service's own count stands.
            self._connection.execute(sa.text("SET synchronous_commit = off"))
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class WarehouseBreaker:
    """State in `ops.breaker`, one row for each world and API (``sandbox/youtube``).

    A process looks the state up at most once a second and writes only when something failed or came back.
    """

    def __init__(
        self,
        connection: SideConnection,
        world: World,
        *,
        failures_to_open: int = FAILURES_TO_OPEN,
        cool_down: timedelta = COOL_DOWN,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._world = world
        self._failures_to_open = failures_to_open
        self._cool_down = cool_down
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, int, datetime | None]] = {}

    def check(self, api: str, at: datetime) -> None:
        """Go on, unless the service is known to be down; one caller at a time tries again after the cool-down.

        Raises:
            TransportFailed: the service is down; carries when to try again.
        """
        _, retry_at = self._state(api)
        if retry_at is None:
            return
        if at >= retry_at and self._takes_the_try(api, at):
            return
        _, retry_at = self._state(api, fresh=True)
        if retry_at is not None:
            raise service_down(api, retry_at)

    def succeeded(self, api: str, at: datetime) -> None:  # noqa: ARG002  # the protocol's shape
        """Forget failures; costs nothing when there were none."""
        failure_count, retry_at = self._state(api)
        if failure_count or retry_at:
            table = tables.breaker
            self._connection.run(
                sa.update(table)
                .where(table.c.api == self._key(api))
                .values(failure_count=0, opened_at=None, retry_at=None, last_error=None)
            )
            self._known.pop(api, None)

    def failed(self, api: str, at: datetime, reason: str) -> None:
        """Count a failure; enough of them in a row open the breaker."""
        table = tables.breaker
        opens_at_once = self._failures_to_open <= 1
        insert = postgresql.insert(table).values(
            api=self._key(api), failure_count=1, last_error=reason,
            opened_at=at if opens_at_once else None, retry_at=at + self._cool_down if opens_at_once else None,
        )  # fmt: skip
        is_enough = table.c.failure_count + 1 >= self._failures_to_open
        self._connection.run(
            insert.on_conflict_do_update(
                index_elements=[table.c.api],
                set_={
                    "failure_count": table.c.failure_count + 1,
                    "last_error": reason,
                    "opened_at": sa.case((is_enough, sa.func.coalesce(table.c.opened_at, at)), else_=None),
                    "retry_at": sa.case((is_enough, at + self._cool_down), else_=None),
                },
            )
        )
        self._known.pop(api, None)

    def _takes_the_try(self, api: str, at: datetime) -> bool:
        table = tables.breaker
        taken = self._connection.run(
            sa.update(table)
            .where(table.c.api == self._key(api), table.c.retry_at <= at)
            .values(retry_at=at + self._cool_down)
            .returning(table.c.api)
        )
        self._known.pop(api, None)
        return bool(taken)

    def _state(self, api: str, *, fresh: bool = False) -> tuple[int, datetime | None]:
        looked_up = self._known.get(api)
        if looked_up is None or fresh or self._monotonic() - looked_up[0] > STATE_LIVES_SECONDS:
            table = tables.breaker
            rows = self._connection.run(
                sa.select(table.c.failure_count, table.c.retry_at).where(table.c.api == self._key(api))
            )
            failure_count, retry_at = (rows[0].failure_count, rows[0].retry_at) if rows else (0, None)
            looked_up = self._known[api] = (self._monotonic(), failure_count, retry_at)
        return looked_up[1], looked_up[2]

    def _key(self, api: str) -> str:
        return f"{self._world}/{api}"


class WarehouseArchive:
    """Raw answers in `ops.raw_payload`, compressed, written a hundred at a time."""

    def __init__(self, connection: SideConnection, world: World) -> None:
        self._connection = connection
        self._world = world
        self._lock = threading.Lock()
        self._held_back: list[dict[str, Any]] = []
        self._bytes = 0

    def keep(
        self, api: str, request_digest: str, fetched_at: datetime, expires_at: datetime, status_code: int, body: bytes
    ) -> None:
        """Hold one answer back until there are enough to write."""
        row = {
            "api": api,
            "request_digest": request_digest,
            "fetched_at": fetched_at,
            "expires_at": expires_at,
            "world": str(self._world),
            "status_code": status_code,
            "body": zlib.compress(body, COMPRESSION_LEVEL),
        }
        with self._lock:
            self._held_back.append(row)
            self._bytes += len(row["body"])  # type: ignore[arg-type]  # it is bytes
            is_full = len(self._held_back) >= ANSWERS_HELD_BACK or self._bytes >= BYTES_HELD_BACK
        if is_full:
            self.flush()

    def flush(self) -> None:
        """Write what is held back."""
        with self._lock:
            rows, self._held_back, self._bytes = self._held_back, [], 0
        if rows:
            self._connection.run(postgresql.insert(tables.raw_payload).on_conflict_do_nothing(), rows)

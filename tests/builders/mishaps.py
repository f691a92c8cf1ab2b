"""Mishaps at an exact moment: something happens when a step executes its n-th statement of a kind."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import psycopg
import sqlalchemy as sa

from mardev.connectors.mail import MailTransport
from mardev.warehouse.embedded import EmbeddedPostgres


@contextmanager
def at_statement(
    engine: sa.Engine, happens: Callable[[sa.Connection], None], *, number: int | None = 1, containing: str = ""
) -> Iterator[list[str]]:
    """`happens` just before the `number`-th statement that contains a text is sent; yields the statements seen.

    A number of 0 only counts, None means each of them.
    """
    seen: list[str] = []
    lock = threading.Lock()

    def look(connection: sa.Connection, _cursor, statement: str, *_rest: object) -> None:
        with lock:
            if containing not in statement:
                return
            seen.append(statement)
            is_now = number is None or len(seen) == number
        if is_now:
            happens(connection)

    sa.event.listen(engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", look)


def killing(postgres: EmbeddedPostgres) -> Callable[[sa.Connection], None]:
    """Ends the connection's server process, as an administrator or a crash does."""

    def kill(connection: sa.Connection) -> None:
        pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as administrator:
            administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    return kill


class ProcessKilled(BaseException):
    """Stands for a process that ends on the spot: no handler of the product may catch it."""


class DyingSender:
    """Hands messages on and dies after some of them, before anybody could write down that they left."""

    def __init__(self, transport: MailTransport, dies_after: int) -> None:
        self._transport = transport
        self._left = dies_after

    def send(self, message: EmailMessage) -> None:
        self._transport.send(message)
        self._left -= 1
        if self._left == 0:
            raise ProcessKilled


class KeptAndSent:
    """Hands messages on and keeps their subjects and addresses."""

    def __init__(self, transport: MailTransport) -> None:
        self._transport = transport
        self.sent: list[str] = []

    def send(self, message: EmailMessage) -> None:
        self._transport.send(message)
        self.sent.append(str(message["Message-ID"]))


class RefusedSender:
    """A mail server that refuses what it is given, with the error given."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, _message: EmailMessage) -> None:
        raise self.error

"""The SMTP server: takes mail for `.example` addresses and hands it to the world."""

import logging
from typing import Any, Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sandbox.model import SystemDown

LARGEST_MAIL_BYTES = 10_000_000
GOES_AWAY = "421 4.3.2 The mail system is down, try again later"
TRY_LATER = "451 4.3.2 The mail system is down, try again later"
_log = logging.getLogger(__name__)


class TakesMail(Protocol):
    """The part of the world that the server needs."""

    def receive(self, envelope_from: str, recipients: list[str], raw: bytes) -> None: ...

    def incident_active(self, system: str) -> bool: ...


class MailHandler:
    """What aiosmtpd asks at each step. Addresses outside `.example` are refused: nothing leaves the world."""

    def __init__(self, world: TakesMail) -> None:
        self._world = world

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd finds its handlers by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        if self._world.incident_active("mail"):
            return [GOES_AWAY]
        session.host_name = hostname
        return responses

    async def handle_HELO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        del envelope
        if self._world.incident_active("mail"):
            return GOES_AWAY
        session.host_name = hostname
        return f"250 {server.hostname}"

    async def handle_NOOP(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, argument: str
    ) -> str:
        del server, session, envelope, argument
        return GOES_AWAY if self._world.incident_active("mail") else "250 2.0.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        if self._world.incident_active("mail"):
            return TRY_LATER
        if not address.rstrip(">").lower().endswith(".example"):
            return "550 5.7.1 This world delivers to .example addresses only"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        try:
            self._world.receive(envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        except SystemDown:
            return TRY_LATER
        except Exception:
            _log.exception("A mail could not be taken")
            return "554 5.3.0 The mail could not be processed"
        return "250 2.0.0 Delivered"


def _anybody(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
    """Clients that want to log in may: the server listens on the loopback only."""
    del server, session, envelope, mechanism, auth_data
    return AuthResult(success=True)


def mail_server(world: TakesMail, port: int, host: str = "127.0.0.1") -> Controller:
    """A server that runs in a thread of its own between `start()` and `stop()`."""
    return Controller(
        MailHandler(world),
        hostname=host,
        port=port,
        data_size_limit=LARGEST_MAIL_BYTES,
        authenticator=_anybody,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )

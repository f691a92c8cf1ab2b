"""The SMTP transport against a real server that refuses, hangs up and asks to come back."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from mardev.connectors.errors import AddressRefused, DeliveryUncertain
from mardev.connectors.mail import SmtplibTransport, compose
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.errors import CredentialRejected, FixFirst, TransportFailed


class Server:
    """Answers as the recipient's name says, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_MAIL(self, server, session, envelope, address, mail_options):  # noqa: N802  # aiosmtpd finds it by this name
        if address.startswith("refused"):
            return "550 5.7.1 not you"
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd finds it by this name
        if address.startswith("gone"):
            return f"550 5.1.1 {address} unknown"
        if address.startswith("busy"):
            return f"451 4.7.1 {address} later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd finds it by this name
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("spam"):
            return "554 5.7.1 no"
        if recipient.startswith("lost"):
            server.transport.abort()
            return "250 never heard"
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 queued"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server()
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        authenticator=lambda _s, _e, _n, _m, data: AuthResult(success=data.password == b"right", handled=False),
        auth_require_tls=False,
    )
    controller.start()
    yield server, port
    controller.stop()


def transport(port: int, login: str = "", password: str = "", **extra) -> SmtplibTransport:
    options = {"disable_ssl": True, "disable_tls": True, "timeout": 5, **extra}
    return SmtplibTransport(
        ConnectionRecord("mardev_mail", World.SANDBOX, "127.0.0.1", port, login, password, extra=options)
    )


def letter(recipient: str) -> EmailMessage:
    return compose(
        sender="team@aptovia.example",
        recipient=recipient,
        subject="Olá",
        body="Olá",
        message_id="<m@aptovia.example>",
        sent_at=datetime(2026, 10, 5, 8, tzinfo=UTC),
    )


def test_a_letter_is_sent_once_with_its_message_id(running):
    server, port = running
    server.taken.clear()
    transport(port, from_email="bounce@aptovia.example").send(letter("ada@creators.example"))
    ((sender, recipients, content),) = server.taken
    assert (sender, recipients) == ("bounce@aptovia.example", ["ada@creators.example"])
    assert b"Message-ID: <m@aptovia.example>" in content


@pytest.mark.parametrize(
    ("recipient", "error"),
    [
        ("gone@creators.example", AddressRefused),
        ("busy@creators.example", TransportFailed),
        ("spam@creators.example", TransportFailed),
        ("lost@creators.example", DeliveryUncertain),
    ],
)
def test_a_refusal_is_told_by_what_to_do_and_names_nobody(running, recipient, error):
    with pytest.raises(error) as caught:
        transport(running[1]).send(letter(recipient))
    assert "@" not in str(caught.value)


def test_a_refused_sender_is_no_fault_of_the_recipient(running):
    with pytest.raises(TransportFailed):
        transport(running[1], from_email="refused@aptovia.example").send(letter("ada@creators.example"))


def test_a_login_is_used(running):
    transport(running[1], "team", "right").check()
    with pytest.raises(CredentialRejected):
        transport(running[1], "team", "SECRET-CANARY").check()


def test_a_server_without_encryption_is_not_used_when_encryption_is_asked_for(running):
    with pytest.raises(FixFirst):
        transport(running[1], disable_tls=False).check()
    with pytest.raises(TransportFailed):
        transport(running[1], disable_ssl="false").check()


def test_a_server_that_is_not_there_is_asked_later():
    with pytest.raises(TransportFailed, match="ConnectionRefusedError"):
        transport(9).send(letter("ada@creators.example"))

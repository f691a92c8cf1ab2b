"""Mail through Airflow's SMTP hook, to a real server."""

import json
import os
import socket
import tempfile
from email.message import EmailMessage

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="mardev-mail-"))

import pytest
from aiosmtpd.controller import Controller

from mardev.connectors.errors import AddressRefused
from mardev.errors import TransportFailed
from mardev.orchestration.mail_transport import SmtpHookTransport


class Postbox:
    """Keeps what it gets; refuses `gone@` for good and is busy for `busy@`."""

    def __init__(self):
        self.kept = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # the library's name
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.kept.append(envelope.content.decode())
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def transport_to(monkeypatch, port):
    record = {"conn_type": "smtp", "host": "127.0.0.1", "port": port,
              "extra": {"disable_ssl": True, "disable_tls": True, "retry_limit": 0, "timeout": 5}}  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_MARDEV_MAIL", json.dumps(record))
    return SmtpHookTransport("mardev_mail")


@pytest.fixture
def postbox():
    handler = Postbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def mail_to(address):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "mia@aptovia.example", address, "An offer"
    message["Message-ID"] = "<one@aptovia.example>"
    message.set_content("Fee: 250.00 EUR")
    return message


def test_a_message_leaves_as_it_was_composed(postbox, monkeypatch):
    transport_to(monkeypatch, postbox.port).send(mail_to("ann@creators.example"))
    assert "Message-ID: <one@aptovia.example>" in postbox.kept[0]
    assert "Fee: 250.00 EUR" in postbox.kept[0]


def test_a_recipient_refused_for_good_is_a_bad_record(postbox, monkeypatch):
    with pytest.raises(AddressRefused) as caught:
        transport_to(monkeypatch, postbox.port).send(mail_to("gone@creators.example"))
    assert caught.value.code == 550


def test_a_busy_server_is_tried_later(postbox, monkeypatch):
    with pytest.raises(TransportFailed):
        transport_to(monkeypatch, postbox.port).send(mail_to("busy@creators.example"))


def test_no_server_is_tried_later(monkeypatch):
    with pytest.raises(TransportFailed, match="does not answer"):
        transport_to(monkeypatch, free_port()).send(mail_to("ann@creators.example"))

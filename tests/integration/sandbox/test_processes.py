"""The world in processes of its own: the same everywhere, mail by SMTP, orders by webhook."""

import hashlib
import http.server
import json
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from queue import Queue

import pytest
from tests.builders.sandbox_world import BRAND, reachable, run, small_world

from sandbox.mail.server import mail_server
from sandbox.webhooks import SIGNATURE_HEADER, signature
from sandbox.world import World

INCLUDE = str(Path(__file__).parents[3] / "include")
FINGERPRINT = """
import hashlib, sys, tempfile
from datetime import timedelta
from pathlib import Path
from sandbox.world import World
world = World(Path(tempfile.mkdtemp()), 7, "demo", 60)
world.advance_to(world.now + timedelta(days=9))
seen = repr([
    (c, world.videos(c.channel_id, 3), world.subscriptions(c.channel_id), world.total_views(c.channel_id))
    for c in world.creators
] + world.orders(world.start) + world.search_channels("games"))
print(hashlib.sha256(seen.encode()).hexdigest())
"""


def test_two_processes_see_the_same_world():
    fingerprints = {
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT], capture_output=True, text=True, check=True, timeout=120,
            env={"PYTHONPATH": INCLUDE, "PYTHONHASHSEED": hash_seed, "PATH": "/usr/bin:/bin"},
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }  # fmt: skip
    assert len(fingerprints) == 1
    assert len(fingerprints.pop()) == hashlib.sha256().digest_size * 2


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, smtplib.SMTP]]:
    """A world behind a real SMTP server, and a client on it."""
    world = small_world(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = mail_server(world, port)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            yield world, client
    finally:
        server.stop()


def mail_to(address: str, body: str = "x") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = BRAND, address, "Collab"
    message.set_content(body)
    return message


def test_an_offer_by_smtp_is_answered(served: tuple[World, smtplib.SMTP]):
    world, client = served
    for creator in reachable(world)[:6]:
        fee = creator.traits.reservation_price_eur * Decimal(2)
        client.send_message(mail_to(creator.address or "", f"Fee: {fee:.2f} EUR\nReference: a-1/{creator.channel_id}"))
    run(world, world.now + timedelta(days=3))
    assert len(world.mailbox(BRAND)) >= 3


def test_mail_to_the_real_internet_is_refused(served: tuple[World, smtplib.SMTP]):
    _, client = served
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.send_message(mail_to("someone@gmail.com"))
    assert refused.value.recipients["someone@gmail.com"][0] == 550


def test_an_outage_of_mail_is_temporary_for_the_sender(served: tuple[World, smtplib.SMTP]):
    world, client = served
    client.ehlo()
    world.start_incident("mail")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.send_message(mail_to(BRAND))
    assert refused.value.recipients[BRAND][0] == 451
    assert client.noop()[0] == 421
    with smtplib.SMTP("127.0.0.1", client.sock.getpeername()[1]) as newcomer, pytest.raises(smtplib.SMTPHeloError):
        newcomer.ehlo_or_helo_if_needed()
    world.end_incident("mail")
    client.send_message(mail_to(BRAND))
    assert len(world.mailbox(BRAND)) == 1


def test_an_order_of_a_person_reaches_the_webhook_signed(tmp_path: Path):
    heard: Queue[tuple[str, bytes]] = Queue()

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put((self.headers[SIGNATURE_HEADER], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        world = small_world(tmp_path)
        world.register_webhook(f"http://127.0.0.1:{server.server_port}/orders", "secret")
        world.convert("DE", "install", is_test=True)
        order = world.convert("DE", "install", utm={"utm_content": "c-01"})
        sent_signature, body = heard.get(timeout=10)
        server.shutdown()
    assert sent_signature == signature("secret", body)
    told = json.loads(body)
    assert (told["order_id"], told["utm_content"], told["is_test"]) == (order.order_id, "c-01", False)
    assert heard.empty()

"""Mails as bytes; nothing in them depends on the machine or the wall clock."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sandbox.hashing import hexadecimal
from sandbox.model import Creator
from sandbox.people.phrases import BOUNCE
from sandbox.people.reading import ReadMail

TEXT_POLICY = SMTP.clone(max_line_length=200)


def reply(seed: int, creator: Creator, address: str, to: ReadMail, text: str, at: datetime, number: int) -> bytes:
    """A creator's answer in the conversation of `to`; `number` counts the creator's mails and makes the Message-ID."""
    message = EmailMessage(policy=TEXT_POLICY)
    local, _, domain = address.partition("@")
    message["From"] = Address(creator.person, local, domain)
    message["To"] = to.reply_address
    message["Subject"] = to.subject if to.subject.lower().startswith("re:") else f"Re: {to.subject}"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{hexadecimal(24, seed, 'message-id', creator.number, number)}@{domain}>"
    if to.message_id:
        message["In-Reply-To"] = to.message_id
        message["References"] = f"{to.references or to.in_reply_to} {to.message_id}".strip()
    message.set_content(text, charset="utf-8", cte="base64")
    return message.as_bytes()


def bounce(
    seed: int, address: str, envelope_from: str, original: bytes, message_id: str, at: datetime, number: int
) -> bytes:
    """A delivery status notification (RFC 3464) for an address that does not exist."""
    domain = address.rpartition("@")[2] or "mail.example"
    boundary = hexadecimal(24, seed, "boundary", number)
    headers = original.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].decode("utf-8", "replace")
    lines = [
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>",
        f"To: {envelope_from}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{hexadecimal(24, seed, 'bounce', number)}@{domain}>",
        *([f"In-Reply-To: {message_id}", f"References: {message_id}"] if message_id else []),
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        BOUNCE.format(address=address),
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{domain}",
        "",
        f"Final-Recipient: rfc822; {address}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here",
        "",
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
        headers,
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join("\r\n".join(lines).splitlines()).encode() + b"\r\n"

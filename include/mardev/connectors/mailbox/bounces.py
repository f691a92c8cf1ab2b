"""Tells a bounce from a letter (RFC 3464), with what the standard library parses."""

import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

_POSTMASTERS = ("mailer-daemon", "postmaster")
_FAILED = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """A report that mail of ours did not arrive.

    Attributes:
        addresses: recipients that failed for good; empty when the report does not say.
        message_id: our message that came back; None when the report does not hold it.
        is_permanent: False for a delay that the server goes on with.
        status: enhanced status code of RFC 3463, such as ``5.1.1``; empty when not told.
    """

    addresses: tuple[str, ...]
    message_id: str | None
    is_permanent: bool
    status: str


def read_bounce(message: Message) -> Bounce | None:
    """The bounce that `message` reports, or None when it is a letter.

    A report is recognised by its delivery-status part; mail of a postmaster with an empty return path counts too.
    """
    statuses = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    if statuses:
        return _read_report(message, statuses[0])
    sender = parseaddr(str(message.get("From", "")))[1].partition("@")[0].lower()
    empty_return_path = str(message.get("Return-Path", "-")).strip() == "<>"
    if sender in _POSTMASTERS or (empty_return_path and message.get("X-Failed-Recipients")):
        failed = tuple(
            address.strip() for address in str(message.get("X-Failed-Recipients", "")).split(",") if address.strip()
        )
        return Bounce(failed, _original_message_id(message), True, "")
    return None


def _read_report(message: Message, status_part: Message) -> Bounce:
    blocks = status_part.get_payload()
    fields = [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []
    actions = [
        (str(block.get("Action", "")).strip().lower(), block) for block in fields if block.get("Final-Recipient")
    ]
    failed = [block for action, block in actions if action == "failed"]
    codes = [code for block in failed or [one for _, one in actions] if (code := _status(block))]
    permanent = bool(failed) and not (codes and not any(_FAILED.fullmatch(code) for code in codes))
    return Bounce(
        addresses=tuple(address for block in failed if (address := _recipient(block))),
        message_id=_original_message_id(message),
        is_permanent=permanent,
        status=codes[0] if codes else "",
    )


def _status(block: Message) -> str:
    return str(block.get("Status", "")).strip().partition(" ")[0]


def _recipient(block: Message) -> str:
    # "rfc822; someone@domain.example"
    return str(block.get("Original-Recipient") or block["Final-Recipient"]).partition(";")[2].strip().strip("<>")


def _original_message_id(message: Message) -> str | None:
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(payload := part.get_payload(), list) and payload:
            return _clean(payload[0].get("Message-ID")) if isinstance(payload[0], Message) else None
        if kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            match = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]+>)", text if isinstance(text, bytes) else b"")
            if match:
                return match[1].decode("ascii", "replace")
    return _clean(message.get("In-Reply-To"))


def _clean(value: object) -> str | None:
    return str(value).strip() or None if value else None

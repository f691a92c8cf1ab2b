"""A mail of the world as the resource `Message` of the Gmail API."""

import base64
from collections.abc import Collection
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from sandbox.model import StoredMail

SNIPPET_CHARACTERS = 120
FORMATS_WITH_PAYLOAD = frozenset({"full", "metadata"})


def labels(mail: StoredMail) -> list[str]:
    """System labels of a mail."""
    if mail.folder == "sent":
        return ["SENT"]
    return ["UNREAD", "INBOX"] if mail.unread else ["INBOX"]


def message(mail: StoredMail, form: str, wanted_headers: Collection[str] = ()) -> dict[str, Any]:
    """The resource in one of the forms `minimal`, `metadata`, `full`, `raw`.

    Args:
        mail: the stored mail.
        form: how much of it.
        wanted_headers: with `metadata`, the headers to show; all when empty.
    """
    parsed = parse(mail.raw)
    body: dict[str, Any] = {
        "id": mail.id,
        "threadId": mail.thread_id,
        "labelIds": labels(mail),
        "snippet": snippet(parsed),
        "sizeEstimate": len(mail.raw),
        "historyId": str(mail.sequence),
        "internalDate": str(int(mail.sent_at.timestamp() * 1000)),
    }
    if form == "raw":
        body["raw"] = encoded(mail.raw)
    elif form == "metadata":
        shown = {name.lower() for name in wanted_headers}
        headers = [one for one in _headers(parsed) if not shown or one["name"].lower() in shown]
        body["payload"] = {"mimeType": parsed.get_content_type(), "headers": headers}
    elif form == "full":
        body["payload"] = _part(parsed, "")
    return body


def parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def snippet(parsed: EmailMessage) -> str:
    """The first words of the text."""
    return " ".join(text_of(parsed).split())[:SNIPPET_CHARACTERS]


def text_of(parsed: EmailMessage) -> str:
    """The plain text, empty when there is none or it cannot be decoded."""
    part = parsed.get_body(("plain",))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def encoded(raw: bytes) -> str:
    """Base64 for addresses, as the API sends bytes."""
    return base64.urlsafe_b64encode(raw).decode()


def _headers(part: EmailMessage) -> list[dict[str, str]]:
    return [{"name": name, "value": str(value)} for name, value in part.items()]


def _part(part: EmailMessage, number: str) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "partId": number,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": _headers(part),
    }
    if part.is_multipart():
        prefix = f"{number}." if number else ""
        children = [cast(EmailMessage, child) for child in part.iter_parts()]
        return drawn | {
            "body": {"size": 0},
            "parts": [_part(child, f"{prefix}{index}") for index, child in enumerate(children)],
        }
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    return drawn | {"body": {"size": len(data), "data": encoded(data)}}

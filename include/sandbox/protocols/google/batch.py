"""``multipart/mixed`` batches: many inner requests in one outer one, each answered and charged by itself."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, Parser
from http import HTTPStatus

from sandbox.protocols.google.refusals import GoogleRefusal, WireAnswer

MAX_PARTS = 1000
"""The client library's own cap."""


@dataclass(frozen=True)
class InnerRequest:
    """One request of a batch."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    body: bytes


async def answer_batch(
    content_type: str, raw: bytes, handle: Callable[[InnerRequest], Awaitable[WireAnswer]]
) -> WireAnswer:
    """Answer every part with `handle`, in the order they came.

    Raises:
        GoogleRefusal: the body is not a batch.
    """
    envelope = BytesParser().parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + raw)
    if not envelope.is_multipart():
        raise GoogleRefusal(400, "badRequest", "Failed to parse batch request.", status="INVALID_ARGUMENT")
    parts = [part for part in envelope.walk() if part is not envelope]
    if len(parts) > MAX_PARTS:
        raise GoogleRefusal(400, "badRequest", f"The batch request exceeds {MAX_PARTS} calls.")
    boundary = f"batch_{secrets.token_urlsafe(16)}"
    chunks = []
    for part in parts:
        answer = await handle(_inner(part))
        chunks.append(_render(boundary, str(part.get("Content-ID", "")).strip("<> "), answer))
    closing = f"--{boundary}--\r\n".encode()
    return WireAnswer(200, b"".join(chunks) + closing, media_type=f"multipart/mixed; boundary={boundary}")


def _inner(part: Message) -> InnerRequest:
    text = part.get_payload()
    line, _, rest = str(text).partition("\n")
    words = line.strip().split(" ")
    if len(words) != 3:
        raise GoogleRefusal(400, "badRequest", "Failed to parse batch request.", status="INVALID_ARGUMENT")
    message = Parser().parsestr(rest)
    headers = {name.lower(): str(value) for name, value in message.items()}
    return InnerRequest(words[0], words[1], headers, str(message.get_payload()).encode())


def _render(boundary: str, content_id: str, answer: WireAnswer) -> bytes:
    reason = HTTPStatus(answer.status).phrase
    headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    head = (
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-ID: <response-{content_id}>\r\n\r\n"
        f"HTTP/1.1 {answer.status} {reason}\r\nContent-Type: {answer.media_type}\r\n{headers}"
        f"Content-Length: {len(answer.body)}\r\n\r\n"
    )
    return head.encode() + answer.body + b"\r\n"

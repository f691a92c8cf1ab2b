"""Reading mails without the standard library's newer header parser: it is slow and trips over broken headers."""

from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser


def parse(raw: bytes) -> Message:
    """The whole mail; never fails, a damaged mail has few parts."""
    return BytesParser(policy=policy.compat32).parsebytes(raw)


def parse_headers(raw: bytes) -> Message:
    """Only the headers."""
    return BytesHeaderParser(policy=policy.compat32).parsebytes(raw)


def header(message: Message, name: str) -> str:
    """A header as people read it, in one line; empty when it is missing."""
    value = str(message.get(name, ""))
    if "=?" in value:
        try:
            value = str(make_header(decode_header(value)))
        except (LookupError, ValueError):  # an unknown character set, or bytes that are none of it
            return " ".join(value.split())
    return " ".join(value.split())


def text_of(part: Message) -> str:
    """The text of a text part in whatever character set it says, best effort."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = payload.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")

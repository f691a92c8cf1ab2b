"""Pages and their opaque tokens.

A token carries the position and a mark of the query it belongs to, so a token that was made up, cut or taken from
another query is refused as the platform refuses it.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sandbox.protocols.google.refusals import GoogleRefusal

T = TypeVar("T")
MARK_BYTES = 6


@dataclass(frozen=True)
class Page(Generic[T]):
    """A window on the items of one query."""

    items: Sequence[T]
    total: int
    size: int
    start: int
    next_token: str | None
    previous_token: str | None

    def envelope(self) -> dict[str, Any]:
        """The paging fields of a YouTube answer."""
        fields: dict[str, Any] = {}
        if self.next_token:
            fields["nextPageToken"] = self.next_token
        if self.previous_token:
            fields["prevPageToken"] = self.previous_token
        return fields | {"pageInfo": {"totalResults": self.total, "resultsPerPage": self.size}}


def window(items: Sequence[T], *, query: str, token: str | None, size: int, repeats: bool = False) -> Page[T]:
    """Cut one page out of `items`.

    Args:
        items: everything the query finds.
        query: names the query; a token is valid for one query only.
        token: what the client sent, None for the first page.
        size: items on a page; 0 is allowed and finds no further page.
        repeats: the injected fault of a page whose `nextPageToken` leads to itself.

    Raises:
        GoogleRefusal: `invalidPageToken`.
    """
    start = decode(query, token) if token else 0
    end = min(len(items), start + size)
    following = end if size and end < len(items) else None
    if repeats and following is not None:
        following = start
    return Page(
        items=items[start:end],
        total=len(items),
        size=size,
        start=start,
        next_token=None if following is None else encode(query, following),
        previous_token=encode(query, max(0, start - size)) if start else None,
    )


def encode(query: str, position: int) -> str:
    """The token that leads to `position`."""
    return base64.urlsafe_b64encode(struct.pack(">I", position) + _mark(query, position)).decode().rstrip("=")


def decode(query: str, token: str) -> int:
    """The position that `token` leads to.

    Raises:
        GoogleRefusal: `invalidPageToken`.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        (position,) = struct.unpack(">I", raw[:4])
    except (binascii.Error, struct.error, ValueError):
        raise _refused() from None
    if raw[4:] != _mark(query, position):
        raise _refused()
    return int(position)


def _mark(query: str, position: int) -> bytes:
    return hashlib.blake2b(f"{query}\x00{position}".encode(), digest_size=MARK_BYTES).digest()


def _refused() -> GoogleRefusal:
    return GoogleRefusal(
        400,
        "invalidPageToken",
        "The request specifies an invalid page token.",
        domain="youtube.parameter",
        location="pageToken",
    )

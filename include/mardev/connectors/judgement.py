"""Reads an answer's status, or the lack of an answer, into what it means for the one who asked."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

import httpx

from mardev.errors import FixFirst, MarDevError, TransportFailed


class Judgement(Enum):
    """What an answer means."""

    FINE = "an answer"
    BUSY = "asked too fast, or the service needs a moment"
    TROUBLE = "the service is in trouble"
    QUOTA_SPENT = "the quota is spent"
    CREDENTIAL = "the credential is refused"
    ABSENT = "not there"
    HIDDEN = "hidden by its owner"
    REFUSED = "the request is wrong"


Judge = Callable[[int, str], Judgement]
"""Status and the service's own word for the reason (may be empty) to what it means."""

NOT_MODIFIED = 304
TIMEOUT, TOO_MANY_REQUESTS = 408, 429
FIRST_SERVER_ERROR = 500
_BY_STATUS = {
    401: Judgement.CREDENTIAL,
    403: Judgement.CREDENTIAL,
    404: Judgement.ABSENT,
    410: Judgement.ABSENT,
    TIMEOUT: Judgement.BUSY,
    425: Judgement.BUSY,
    TOO_MANY_REQUESTS: Judgement.BUSY,
}


def judge_by_status(status_code: int, _reason: str = "") -> Judgement:
    """What a status means when the service gives no better word (RFC 9110)."""
    if 200 <= status_code < 300 or status_code == NOT_MODIFIED:  # the success class of RFC 9110
        return Judgement.FINE
    if status_code >= FIRST_SERVER_ERROR:
        return Judgement.TROUBLE
    return _BY_STATUS.get(status_code, Judgement.REFUSED)


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks to wait (RFC 9110, 10.2.3); None without a readable one."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


RESET_HEADERS = ("ratelimit-reset", "x-ratelimit-reset")
SMALLEST_EPOCH = 1_000_000_000
"""Seconds since 1970 of a year long past: what is smaller is a number of seconds to wait."""


def reset_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until a rate limit's window ends, by the headers that platforms write; None without a readable one.

    They write an instant (Mastodon), seconds since 1970 (Bluesky, Twitch) or seconds to wait (the IETF's draft).

    Examples:
        >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
        >>> reset_after_seconds({"x-ratelimit-reset": "2026-07-01T12:05:00.000000Z"}, noon)
        300.0
    """
    written = next((value.strip() for name, value in headers.items() if name.lower() in RESET_HEADERS), "")
    if written.isascii() and written.isdigit():
        number = float(written[:12])
        return number if number < SMALLEST_EPOCH else max(0.0, number - now.timestamp())
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp())


_WRONG_ADDRESS = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    httpx.TooManyRedirects,
    httpx.CookieConflict,
    httpx.StreamError,
)
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The request did not leave: it cost nothing and may be repeated whatever it was."""


def error_without_answer(error: Exception, api: str, operation: str) -> MarDevError:
    """Our error for an exception of httpx. Names its kind, never its text: that may hold an address."""
    kind = type(error).__name__
    if isinstance(error, _WRONG_ADDRESS):
        return FixFirst(f"{api}: {operation} cannot be asked ({kind}). Check the host of the connection.")
    return TransportFailed(f"{api}: no answer to {operation} ({kind}).")

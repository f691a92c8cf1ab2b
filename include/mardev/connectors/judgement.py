"""Reads an answer's status, or the lack of an answer, into what it means for the one who asked."""

from collections.abc import Callable
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

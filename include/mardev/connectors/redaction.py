"""Keeps secrets and personal data out of logs and messages."""

import hashlib
import logging
import re

import httpx

DIGEST_LENGTH = 16
_REASON = re.compile(r"[A-Za-z][A-Za-z_\-]{0,47}")


def credential_digest(secret: str) -> str:
    """Names a credential without telling it: the ledger keeps one account for each. Empty for none."""
    return hashlib.sha256(secret.encode()).hexdigest()[:DIGEST_LENGTH] if secret else "none"


def safe_reason(reason: object) -> str:
    """`reason` when it is a plain machine word (``quotaExceeded``), else empty.

    Services put free text into their errors, and free text may repeat a key or an address back.
    """
    text = str(reason) if isinstance(reason, str) else ""
    return text if _REASON.fullmatch(text) else ""


class WithoutQuery(logging.Filter):
    """Cuts the query off every URL in a log record: keys and addresses live there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(argument) for argument in record.args)
        return True


def _without_query(argument: object) -> object:
    if isinstance(argument, httpx.URL):
        return str(argument.copy_with(query=None, fragment=None, username=None, password=None))
    return argument


def guard_http_logs() -> None:
    """Make httpx log no query. httpx writes every request's URL at level INFO; safe to call twice."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(one, WithoutQuery) for one in logger.filters):
        logger.addFilter(WithoutQuery())

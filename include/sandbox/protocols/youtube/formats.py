"""How the YouTube Data API writes times, durations, counts and identifiers."""

import base64
import hashlib
import html
from datetime import datetime

SHOWN_SUBSCRIBER_DIGITS = 3


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rounded_subscribers(count: int) -> int:
    """Rounded down to three significant digits, as the platform shows it.

    Examples:
        >>> rounded_subscribers(987_654), rounded_subscribers(999)
        (987000, 999)
    """
    unit = int(10 ** max(0, len(str(count)) - SHOWN_SUBSCRIBER_DIGITS))
    return count // unit * unit


def iso_duration(seconds: int) -> str:
    """ISO 8601.

    Examples:
        >>> iso_duration(601), iso_duration(3600), iso_duration(0)
        ('PT10M1S', 'PT1H', 'P0D')
    """
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    time = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if value)
    day = f"{days}D" if days else ""
    return f"P{day}T{time}" if time else f"P{day or '0D'}"


def entities(text: str) -> str:
    """Text as search results carry it: with HTML entities."""
    return html.escape(text, quote=True).replace("&#x27;", "&#39;")


def opaque(text: str, characters: int) -> str:
    """An identifier that tells nothing and is always the same for the same text."""
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=32).digest())[:characters].decode()

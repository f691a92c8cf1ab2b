"""What Gmail allows, each number with its source."""

API = "gmail"
SCOPES = ("https://www.googleapis.com/auth/gmail.readonly",)

UNITS_PER_MINUTE = 6_000
"""Source: Gmail API usage limits as of 2026-05-01, for each minute and user of a project made since."""
UNITS_PER_CALL = 5
"""Source: Gmail API usage limits, `messages.list` and `messages.get`."""
PAGE_SIZE = 500
"""Source: discovery document, `messages.list`, `maxResults` (500 at most)."""
MESSAGES_PER_READING = 500
"""Ours: one reading takes the oldest ones first and leaves the rest to the next."""


def cost_of(_method: str, _path: str) -> tuple[str, int]:
    """Bucket and units of a request."""
    return "default", UNITS_PER_CALL


def operation_of(_method: str, path: str) -> str:
    """Name of a request for people.

    Examples:
        >>> operation_of("GET", "/gmail/v1/users/me/messages"), operation_of("GET", "/gmail/v1/users/me/messages/18c")
        ('messages.list', 'messages.get')
    """
    return "messages.list" if path.endswith("/messages") else "messages.get"

"""What clients show to be let in. All are compared in constant time and none is ever logged."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tokens:
    """The credentials of one sandbox."""

    youtube_key: str = field(default="SANDBOX-KEY", repr=False)
    google_bearer: str = field(default="SANDBOX-TOKEN", repr=False)
    """For the mailbox and for analytics."""
    shlink_key: str = field(default="SANDBOX-KEY", repr=False)
    shop_bearer: str = field(default="SANDBOX-TOKEN", repr=False)
    mastodon_token: str = field(default="SANDBOX-TOKEN", repr=False)
    """Public reading works without it."""
    control: str = field(default="SANDBOX-CONTROL", repr=False)
    """Moves the clock, causes outages and reads the truth."""


def same(given: str | None, expected: str) -> bool:
    """Constant-time comparison; an empty expectation lets nobody in."""
    return bool(expected) and hmac.compare_digest((given or "").encode(), expected.encode())


def bearer(authorization: str | None) -> str | None:
    """The token of an ``Authorization: Bearer`` header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None

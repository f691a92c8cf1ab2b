"""What a Mastodon server allows, each number with its source."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mardev.connectors.quota import BucketLimit, BucketLimits, every

API = "mastodon"
BUCKET = "default"

RATE_PAGE = "Mastodon documentation, Rate limits: 300 requests in 5 minutes for an account, and for an address"
CALLS_PER_WINDOW = 300
WINDOW = timedelta(minutes=5)

MAX_IDS_PER_CALL = 40
"""Source: Mastodon documentation, `GET /api/v1/accounts` (4.3): as many as a page of accounts may have."""
MAX_FOLLOWS_PER_PAGE = 80
"""Source: Mastodon documentation, `GET /api/v1/accounts/:id/following`."""
MAX_PAGE_SIZE = 40
"""Source: Mastodon documentation, `GET /api/v1/accounts/search` and `/api/v1/accounts/:id/statuses`."""
PAGES_PER_FOLLOW_LIST = 2.0
"""An estimate; the first crawls replace it."""


def bucket_limits(extra: Mapping[str, Any] | None = None) -> BucketLimits:
    """The limit; a connection to a server that allows more says so in its extra field `quota_limits`."""
    granted: Mapping[str, Any] = (extra or {}).get("quota_limits") or {}
    return {(API, BUCKET): BucketLimit(int(granted.get(BUCKET, CALLS_PER_WINDOW)), every(WINDOW), RATE_PAGE)}

"""What Bluesky allows, each number with its source."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mardev.connectors.quota import BucketLimit, BucketLimits, every

API = "bluesky"
PUBLIC_HOST = "https://public.api.bsky.app/xrpc"
BUCKET = "default"

RATE_PAGE = "Bluesky documentation, Rate Limits: 3,000 requests in 5 minutes from one address"
CALLS_PER_WINDOW = 3_000
WINDOW = timedelta(minutes=5)
"""Source: rate page. It speaks of the servers that host accounts; the public one tells no number and answers 429."""

MAX_PROFILES_PER_CALL = 25
"""Source: lexicon `app.bsky.actor.getProfiles`."""
MAX_PAGE_SIZE = 100
"""Source: lexicons `app.bsky.graph.getFollows`, `app.bsky.feed.getAuthorFeed`, `app.bsky.actor.searchActors`."""
PAGES_PER_FOLLOW_LIST = 2.0
"""An estimate: an account that publishes follows some hundreds; the first crawls replace it."""


def bucket_limits(extra: Mapping[str, Any] | None = None) -> BucketLimits:
    """The limit; a connection to a server that allows more says so in its extra field `quota_limits`."""
    granted: Mapping[str, Any] = (extra or {}).get("quota_limits") or {}
    return {(API, BUCKET): BucketLimit(int(granted.get(BUCKET, CALLS_PER_WINDOW)), every(WINDOW), RATE_PAGE)}

"""What Twitch allows, each number with its source."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mardev.connectors.quota import BucketLimit, BucketLimits, every

API = "twitch"
HOST = "https://api.twitch.tv/helix/"
AUTHORISATION_HOST = "https://id.twitch.tv/oauth2/"
BUCKET = "default"

RATE_PAGE = (
    "Twitch documentation, Twitch Rate Limits: 800 points a minute for an application; what is asked here costs 1"
)
POINTS_PER_WINDOW = 800
WINDOW = timedelta(minutes=1)

MAX_IDS_PER_CALL = 100
"""Source: Twitch API reference, Get Users, Get Channel Information."""
MAX_PAGE_SIZE = 100
"""Source: Twitch API reference, Search Channels, Get Videos."""
CALLS_PER_ACCOUNT = 1.02
"""One for the number of followers; what people and channels say of themselves comes a hundred at a time."""

VIEW_DEFINITION = "twitch:recording_views"
"""Views of a recording, of the time after its broadcast; how many watched live is another number."""


def bucket_limits(extra: Mapping[str, Any] | None = None) -> BucketLimits:
    """The limit; a connection whose application got more says so in its extra field `quota_limits`."""
    granted: Mapping[str, Any] = (extra or {}).get("quota_limits") or {}
    return {(API, BUCKET): BucketLimit(int(granted.get(BUCKET, POINTS_PER_WINDOW)), every(WINDOW), RATE_PAGE)}

"""What YouTube allows and what it counts, each number with its source."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any

from mardev.connectors.quota import BucketLimit, BucketLimits, pacific_day

API = "youtube"

DEFAULT_BUCKET = "default"
SEARCH_BUCKET = "search"
STATISTICS_BUCKET = "batchGetStats"

QUOTA_PAGE = "YouTube Data API, Quota Calculator and revision history of June 2026"
DEFAULT_UNITS_PER_DAY = 10_000
"""Source: quota page; every list call costs 1 unit for each page, a refused one too."""
SEARCH_CALLS_PER_DAY = 100
"""Source: quota page; `search.list` has a bucket of its own since June 2026, 1 unit a call."""
STATISTICS_UNITS_PER_DAY = 10_000
"""Source: quota page; `videos.batchGetStats` (2026-06-03) has a bucket of its own."""

MAX_IDS_PER_CALL = 50
"""Source: discovery document, `videos.batchGetStats`; `channels.list` and `videos.list` take as many."""
MAX_PAGE_SIZE = 50
"""Source: discovery document, `maxResults` of channels, playlistItems, search, subscriptions."""

REQUESTS_PER_SECOND = 1_000.0
"""Below the 180,000 queries a minute and user that the API console shows for new projects."""
BURST_REQUESTS = 1_000.0

PAGES_PER_SUBSCRIPTION_LIST = 1.318
"""Source: own crawl of 500 simulated channels, 56 % of lists hidden, up to 120 subscriptions each."""

VIEW_DEFINITION_CHANGES = (
    (datetime(1970, 1, 1, tzinfo=UTC), "youtube:watched"),
    (datetime(2026, 8, 27, tzinfo=UTC), "youtube:started"),
)
"""From when on a view is counted how. Source: revision history of 2026-08-27 (a view counts when playback starts)."""


def view_definition_at(observed_at: datetime) -> str:
    """How YouTube counted views when they were read; series of two definitions are not comparable.

    Examples:
        >>> view_definition_at(datetime(2026, 8, 26, tzinfo=UTC)), view_definition_at(datetime(2026, 10, 5, tzinfo=UTC))
        ('youtube:watched', 'youtube:started')
    """
    return [name for start, name in VIEW_DEFINITION_CHANGES if start <= observed_at][-1]


def bucket_limits(extra: Mapping[str, Any] | None = None) -> BucketLimits:
    """Limits of each bucket; a connection whose project got more says so in its extra field `quota_limits`."""
    granted: Mapping[str, Any] = (extra or {}).get("quota_limits") or {}
    defaults = {
        DEFAULT_BUCKET: DEFAULT_UNITS_PER_DAY,
        SEARCH_BUCKET: SEARCH_CALLS_PER_DAY,
        STATISTICS_BUCKET: STATISTICS_UNITS_PER_DAY,
    }
    return {
        (API, bucket): BucketLimit(int(granted.get(bucket, units)), pacific_day, QUOTA_PAGE)
        for bucket, units in defaults.items()
    }


def cost_of(_method: str, path: str) -> tuple[str, int]:
    """Bucket and units of a request, by its path. Every read costs 1 unit of its bucket."""
    if path.endswith("/videos:batchGetStats"):
        return STATISTICS_BUCKET, 1
    if path.endswith("/search"):
        return SEARCH_BUCKET, 1
    return DEFAULT_BUCKET, 1


def operation_of(_method: str, path: str) -> str:
    """Name of a request for people, such as ``channels.list``.

    Examples:
        >>> operation_of("GET", "/youtube/v3/channels"), operation_of("GET", "/youtube/v3/videos:batchGetStats")
        ('channels.list', 'videos.batchGetStats')
    """
    resource, _, verb = path.rsplit("/", 1)[-1].partition(":")
    return f"{resource}.{verb or 'list'}"


def forecast_units(
    *,
    channels: int = 0,
    handles: int = 0,
    uploads_per_channel: int = 0,
    videos: int = 0,
    statistics: int = 0,
    subscriptions: int = 0,
    sections: int = 0,
    searches: int = 0,
    pages_per_search: int = 1,
) -> dict[str, int]:
    """Units of each bucket that a crawl will cost.

    Args:
        channels: channels whose public data is read, by id.
        handles: channels that are known by their handle only; each is asked for alone.
        uploads_per_channel: newest videos listed for each of `channels`; 0 for none.
        videos: videos whose details (duration, tags, paid promotion) are read.
        statistics: videos whose counters are read.
        subscriptions: channels whose subscription list is read; a hidden list costs 1 unit too.
        sections: channels whose featured channels are read.
        searches: searches for channels.
        pages_per_search: pages of 50 results read of each.

    Returns:
        Bucket to units, every bucket named, 0 included.

    Examples:
        >>> forecast_units(channels=1000, uploads_per_channel=50, statistics=50_000, subscriptions=1000, sections=1000)
        {'default': 3338, 'search': 0, 'batchGetStats': 1000}
    """
    default = (
        ceil(channels / MAX_IDS_PER_CALL)
        + handles
        + channels * ceil(uploads_per_channel / MAX_PAGE_SIZE)
        + ceil(videos / MAX_IDS_PER_CALL)
        + ceil(round(subscriptions * PAGES_PER_SUBSCRIPTION_LIST, 6))
        + sections
    )
    return {
        DEFAULT_BUCKET: default,
        SEARCH_BUCKET: searches * pages_per_search,
        STATISTICS_BUCKET: ceil(statistics / MAX_IDS_PER_CALL),
    }

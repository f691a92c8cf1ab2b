"""What Google Analytics 4 allows, each number with its source."""

from mardev.connectors.quota import BucketLimit, BucketLimits, pacific_day

API = "analytics"
SCOPES = ("https://www.googleapis.com/auth/analytics.readonly",)

CORE_TOKENS_PER_DAY = 200_000
"""Source: Analytics Data API, quotas of a standard property."""
TOKENS_PER_REPORT = 10
"""Source: the same page: most requests cost fewer than 10 tokens."""
ROWS_PER_PAGE = 10_000
"""Source: discovery document, `limit` (10,000 when none is given, 250,000 at most)."""
SETTLING_DAYS = 3
"""Reports change for up to two days: read the last three days again each time."""


def bucket_limits() -> BucketLimits:
    """Limit of each bucket."""
    source = "Analytics Data API quotas, standard property, core tokens a day"
    return {(API, "default"): BucketLimit(CORE_TOKENS_PER_DAY, pacific_day, source)}


def cost_of(_method: str, _path: str) -> tuple[str, int]:
    """Bucket and tokens of a request."""
    return "default", TOKENS_PER_REPORT


def operation_of(_method: str, _path: str) -> str:
    """Name of a request for people."""
    return "properties.runReport"

"""Counters of channels: what is hidden is null, what is counted is not negative, and the channel is known."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import (
    is_fresh,
    is_known,
    is_not_in_the_future,
    is_not_negative,
    is_platform_key,
    suite,
)

SUITE = suite(
    "channel_snapshot",
    row_rules=(
        is_platform_key("channel_key"),
        *is_not_in_the_future("snapshot_at", "observed_at"),
        *is_not_negative("subscribers", "total_views", "post_count", "average_daily_views", "views_per_post"),
        RowRule("hidden_subscribers_are_null", "NOT (subscribers_hidden AND subscribers IS NOT NULL)"),
        RowRule("open_subscribers_are_counted", "subscribers_hidden OR subscribers IS NOT NULL", severity="warning"),
        is_known("channel_key", "channel"),
    ),
    set_rules=(is_fresh("observed_at"),),
)

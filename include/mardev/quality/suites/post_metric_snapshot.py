"""Counters of posts: not negative, not from the future, of a post that is known; more likes than views is odd."""

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
    "post_metric_snapshot",
    row_rules=(
        is_platform_key("post_key"),
        *is_not_in_the_future("snapshot_at", "observed_at"),
        *is_not_negative("views", "likes", "comments"),
        RowRule("likes_are_fewer_than_views", "likes IS NULL OR views IS NULL OR likes <= views", severity="warning"),
        RowRule("views_are_counted", "views IS NOT NULL", severity="warning"),
        is_known("post_key", "post"),
    ),
    set_rules=(is_fresh("observed_at"),),
)

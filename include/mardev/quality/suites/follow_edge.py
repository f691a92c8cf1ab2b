"""Endorsements between channels: evidence of a known kind, seen first before last, never of oneself."""

from mardev.domain.words import EdgeKind
from mardev.quality.rules import RowRule
from mardev.quality.suites.common import is_fresh, is_not_in_the_future, is_one_of, is_platform_key, suite

SUITE = suite(
    "follow_edge",
    row_rules=(
        is_platform_key("source_channel_key"),
        is_platform_key("target_channel_key"),
        is_one_of("kind", EdgeKind),
        RowRule("nobody_follows_itself", "source_channel_key <> target_channel_key"),
        RowRule("weight_is_positive", "weight > 0"),
        RowRule("seen_first_before_last", "first_seen_at <= last_seen_at"),
        *is_not_in_the_future("first_seen_at", "last_seen_at"),
    ),
    set_rules=(is_fresh("last_seen_at"),),
)

"""Channels: the key is the platform's own id, codes are codes, and no world writes into the other."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import (
    is_country,
    is_fresh,
    is_locale,
    is_made_of_platform_and_id,
    is_not_in_the_future,
    is_of_no_other_world,
    suite,
)

SUITE = suite(
    "channel",
    row_rules=(
        is_made_of_platform_and_id("channel_key"),
        is_country("country"),
        is_locale("language"),
        *is_not_in_the_future("created_at", "first_seen_at", "refreshed_at"),
        is_of_no_other_world("channel_key", "channel"),
        RowRule("title_is_not_blank", "title ~ '[^[:space:]]'", severity="warning"),
        RowRule("expiry_is_after_reading", "expires_at IS NULL OR expires_at > refreshed_at", severity="warning"),
        RowRule("first_seen_before_reading", "first_seen_at <= refreshed_at", severity="warning"),
    ),
    set_rules=(is_fresh("refreshed_at"),),
)

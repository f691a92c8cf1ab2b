"""Posts: the key is the platform's own id, the channel is known, and a match says what it was made by."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import (
    is_fresh,
    is_known,
    is_made_of_platform_and_id,
    is_not_in_the_future,
    is_of_no_other_world,
    is_one_of,
    suite,
)

SUITE = suite(
    "post",
    row_rules=(
        is_made_of_platform_and_id("post_key"),
        is_one_of("matched_by", ("link", "code", "person")),
        *is_not_in_the_future("published_at", "refreshed_at"),
        is_known("channel_key", "channel"),
        is_known("placement_key", "placement"),
        is_of_no_other_world("post_key", "post"),
        RowRule("match_has_a_reason", "(placement_key IS NULL) = (matched_by IS NULL)", severity="warning"),
        RowRule("url_is_an_address", "url ~ '^https?://'", severity="warning"),
        RowRule("published_before_reading", "published_at <= refreshed_at", severity="warning"),
    ),
    set_rules=(is_fresh("refreshed_at"),),
)

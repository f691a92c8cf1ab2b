"""Which lists of endorsements could be read, and which are hidden."""

from mardev.domain.words import EdgeKind
from mardev.quality.suites.common import is_fresh, is_not_in_the_future, is_one_of, is_platform_key, suite

SUITE = suite(
    "follow_list",
    row_rules=(
        is_platform_key("channel_key"),
        is_one_of("kind", EdgeKind),
        is_one_of("state", ("read", "hidden", "absent")),
        *is_not_in_the_future("observed_at"),
    ),
    set_rules=(is_fresh("observed_at"),),
)

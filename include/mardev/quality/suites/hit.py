"""Requests on tracking links: one is a click or it says why not."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import is_country, is_known, is_not_in_the_future, suite

SUITE = suite(
    "hit",
    row_rules=(
        RowRule("hit_key_is_not_blank", "hit_key <> ''"),
        RowRule("click_or_reason", "is_click = (exclusion IS NULL)"),
        is_country("country"),
        *is_not_in_the_future("hit_at"),
        is_known("placement_key", "placement"),
    ),
)

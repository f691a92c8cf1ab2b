"""Sessions by day and placement as the web analytics counts them."""

from mardev.quality.suites.common import is_not_in_the_future, is_not_negative, suite

SUITE = suite(
    "session_report",
    row_rules=(
        *is_not_in_the_future("day_on"),
        *is_not_negative("sessions", "key_events"),
    ),
)

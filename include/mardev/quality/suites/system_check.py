"""Health of systems: of a system that is known, in a market or everywhere."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import is_fresh, is_not_in_the_future, is_not_negative, suite

SUITE = suite(
    "system_check",
    row_rules=(
        RowRule("market_is_country_or_everywhere", "market = '' OR market ~ '^[A-Z]{2}$'"),
        RowRule(
            "system_key_is_known", "system_key IN (SELECT known.system_key FROM core.system AS known)", at_publish=True
        ),
        *is_not_in_the_future("checked_at"),
        *is_not_negative("latency_ms"),
    ),
    set_rules=(is_fresh("checked_at"),),
)

"""Conversions: of a known kind, in a market, and money never without its currency."""

from mardev.domain.words import ConversionKind
from mardev.quality.rules import RowRule
from mardev.quality.suites.common import (
    is_country,
    is_not_in_the_future,
    is_of_no_other_world,
    is_one_of,
    suite,
)

SUITE = suite(
    "conversion",
    row_rules=(
        RowRule("conversion_key_is_not_blank", "conversion_key <> ''"),
        is_one_of("kind", ConversionKind),
        is_country("market"),
        RowRule("money_has_a_currency", "(revenue_amount IS NULL) = (revenue_currency IS NULL)"),
        RowRule("revenue_currency_is_currency", "revenue_currency IS NULL OR revenue_currency ~ '^[A-Z]{3}$'"),
        *is_not_in_the_future("converted_at"),
        is_of_no_other_world("conversion_key", "conversion"),
        RowRule("revenue_is_not_negative", "revenue_amount IS NULL OR revenue_amount >= 0", severity="warning"),
        RowRule("purchase_has_revenue", "kind <> 'purchase' OR revenue_amount IS NOT NULL", severity="warning"),
    ),
)

"""What our shop's exchange files look like. Source: the shop's own description of its CSV exchange."""

API = "shop"
ORDER_COLUMNS = (
    "order_id",
    "ordered_at",
    "kind",
    "market",
    "promo_code",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "amount",
    "currency",
    "is_test",
)
CODE_COLUMNS = ("code", "utm_content", "valid_from", "valid_to", "discount_percent")
MAX_FIELD_CHARACTERS = 2_000
"""Ours: a longer cell is a broken file, not an order."""

CHECK_USER_AGENT = "MarDev-link-check/1 (bot; checks our own links)"
"""Says that it is a bot, so that no shortener counts the check as a person."""
MAX_REDIRECTS = 5
"""Ours: a tracking link needs one."""

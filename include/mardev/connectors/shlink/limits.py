"""What our link shortener allows, each number with its source."""

API = "shlink"
VISITS_PER_PAGE = 1_000
"""Ours; the API names no maximum and answers with everything when none is given."""
NOT_UNIQUE = "non-unique-slug"
"""Source: OpenAPI document of Shlink, answer 400 of `createShortUrl`."""

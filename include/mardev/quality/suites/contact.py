"""Ways to reach a creator: a person's address needs a channel, a source and a legal basis."""

from mardev.quality.rules import RowRule
from mardev.quality.suites.common import is_known, is_locale, is_not_in_the_future, is_one_of, suite

SUITE = suite(
    "contact",
    row_rules=(
        is_one_of("kind", ("creator", "manager", "agency")),
        RowRule("email_is_an_address", "email ~ '^[^@[:space:]]+@[^@[:space:]]+$'"),
        RowRule("sandbox_mails_nobody_real", "CAST(:world AS text) <> 'sandbox' OR email LIKE '%.example'"),
        RowRule("legal_basis_is_said", "legal_basis <> '' AND source <> ''"),
        is_locale("language"),
        *is_not_in_the_future("found_at"),
        is_known("channel_key", "channel"),
    ),
)

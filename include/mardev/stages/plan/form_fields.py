"""The fields of the form that starts an iteration, one line each. Light: the DAG file of `plan` reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mardev.connectors.platforms import DEFAULT_PLATFORMS, platforms
from mardev.domain.words import ConversionKind, IntegrationType, Objective

LONGEST_CAMPAIGN_NAME = 50
MOST_CREATORS = 200
LONGEST_FLIGHT_DAYS = 366

KPI_NAMES = {
    "unique_reach": "Different people reached",
    "views": "Views",
    "engagements": "Likes and comments",
    "clicks": "Clicks",
    "conversions": "Conversions",
}
KPI_OF_OBJECTIVE = {
    Objective.POSITIONING: "unique_reach",
    Objective.AWARENESS: "views",
    Objective.ENGAGEMENT: "engagements",
    Objective.GROWTH: "conversions",
    Objective.ACQUISITION: "conversions",
}
PLATFORM_TITLES = {name: kind.capabilities.title for name, kind in platforms().items()}
PROPOSED_MARKETS = (
    "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "HU", "ID",
    "IE", "IN", "IT", "JP", "KR", "MX", "MY", "NL", "NO", "NZ", "PE", "PH", "PL", "PT", "RO", "SE", "SG", "TH", "TR",
    "TW", "UA", "US", "VN", "ZA",
)  # fmt: skip
PROPOSED_LANGUAGES = (
    "cs", "da", "de", "el", "en", "es", "fi", "fr", "hu", "id", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "sv",
    "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
PROPOSED_CURRENCIES = ("EUR", "USD", "BRL", "JPY", "GBP", "CHF", "PLN", "SEK")

Kind = Literal["text", "long_text", "number", "whole_number", "day", "choice", "texts", "choices"]


@dataclass(frozen=True)
class FormField:
    """One field as people see it. `default` None means that it may stay empty, unless the field is required."""

    name: str
    kind: Kind
    title: str
    help: str
    default: Any = None
    choices: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False
    least: int | None = None
    most: int | None = None


def _named(words: Sequence[str]) -> dict[str, str]:
    return {word: word.replace("_", " ").capitalize() for word in words}


FIELDS: tuple[FormField, ...] = (
    FormField("campaign", "text", "Campaign", "Its name, as your team says it. The only field you have to fill in.",
              is_required=True),
    FormField("objective", "choice", "Objective", "What this iteration is for.", "positioning",
              _named([*Objective])),
    FormField("kpi", "choice", "Measured by", "Empty: the number that fits the objective.", None, KPI_NAMES),
    FormField("target", "number", "Target", "The number to reach. Empty: what the plan expects becomes the target."),
    FormField("conversion_kind", "choice", "What counts as a conversion", "", "install",
              _named([*ConversionKind])),
    FormField("difference", "long_text", "What makes us different", "One sentence. Creators read it.",
              "The app store that shows you games the big stores hide."),
    FormField("markets", "choices", "Markets", "Countries the creators' audiences live in.", ["DE", "US"],
              {code: code for code in PROPOSED_MARKETS}),
    FormField("languages", "choices", "Languages", "Empty: the languages of the markets.", [],
              {code: code for code in PROPOSED_LANGUAGES}),
    FormField("topics", "texts", "Topics", "In plain words, one a line.", ["mobile games", "android"]),
    FormField("starting_points", "texts", "Starting points",
              "Channels (address, handle or id) or words to begin the search with, one a line.", []),
    FormField("must_have", "texts", "Creators who must be on the list",
              "Channels (address, handle or channel key), one a line. They come first, as long as the budget allows.",
              []),
    FormField("never", "texts", "Creators who must not be on the list",
              "Channels (address, handle or channel key), one a line. Neither chosen nor in reserve.", []),
    FormField("competitors", "texts", "Competitors", "Names; who advertises for them is marked. One a line.", []),
    FormField("budget_amount", "number", "Budget", "For everything this iteration pays creators.", 5000),
    FormField("budget_currency", "choice", "Currency", "", "EUR", {code: code for code in PROPOSED_CURRENCIES}),
    FormField("flight_from", "day", "First day of the flight", "Empty: as soon as everything can be ready (10 days)."),
    FormField("flight_days", "whole_number", "Days of the flight", "", 14, least=1, most=LONGEST_FLIGHT_DAYS),
    FormField("integration_types", "choices", "Integration types", "What we may ask a creator for.",
              ["dedicated_video", "integrated_mention"], _named([*IntegrationType])),
    FormField("head_count", "whole_number", "Creators at most", "", 20, least=1, most=MOST_CREATORS),
    FormField("tolerance_percent", "whole_number", "Tolerance in percent",
              "How far creators and money may differ from the signed plan before you are asked again.",
              15, least=0, most=100),
    FormField("platforms", "choices", "Platforms", "Where to look for creators.", [*DEFAULT_PLATFORMS],
              PLATFORM_TITLES),
    FormField("channel_limit", "whole_number", "Channels to look at, at most", "More cost more quota of the platform.",
              1500, least=20, most=20000),
    FormField("crawl_days", "whole_number", "Days the search for creators may take",
              "A platform answers so many questions a day and no more. A search that would take longer is not begun.",
              1, least=1, most=30),
    FormField("owner", "text", "Owner", "Login of the person who looks after it. Empty: you."),
    FormField("signed_by_marketing", "text", "Who signs for marketing", "A login. Empty: anybody of marketing."),
    FormField("signed_by_technology", "text", "Who signs for technology", "A login. Empty: anybody of technology."),
)  # fmt: skip

"""The words of the trade as types: one word per idea, the same in table, file, task and page."""

from enum import StrEnum


class World(StrEnum):
    """Where an iteration lives. Rows of two worlds never meet."""

    SANDBOX = "sandbox"
    LIVE = "live"


class Stage(StrEnum):
    """One pass through these is an iteration."""

    PLAN = "plan"
    CREATE = "create"
    VERIFY = "verify"
    PUBLISH = "publish"
    MONITOR = "monitor"
    RETROSPECT = "retrospect"


class Lane(StrEnum):
    """The two sub-toolchains."""

    MARKETING = "marketing"
    TECHNOLOGY = "technology"


class Role(StrEnum):
    """What a person may decide. A person may hold several."""

    MARKETING = "marketing"
    TECHNOLOGY = "technology"
    HEAD = "head"


class Objective(StrEnum):
    """What an iteration is for."""

    POSITIONING = "positioning"
    AWARENESS = "awareness"
    ENGAGEMENT = "engagement"
    GROWTH = "growth"
    ACQUISITION = "acquisition"


class IntegrationType(StrEnum):
    """How a creator carries the message."""

    DEDICATED_VIDEO = "dedicated_video"
    INTEGRATED_MENTION = "integrated_mention"
    SHORT = "short"
    LIVE_STREAM = "live_stream"
    GIVEAWAY = "giveaway"
    POST = "post"


class ConversionKind(StrEnum):
    """What counts as a conversion."""

    INSTALL = "install"
    SIGN_UP = "sign_up"
    PURCHASE = "purchase"
    OTHER = "other"


class EdgeKind(StrEnum):
    """The evidence behind a follow edge."""

    SUBSCRIBES = "subscribes"
    FOLLOWS = "follows"
    FEATURES = "features"
    MENTIONS = "mentions"
    COLLABORATES = "collaborates"
    SHARED_LINK = "shared_link"


class Verdict(StrEnum):
    """What a lane's checks say of one placement."""

    READY = "ready"
    HELD = "held"
    DROPPED = "dropped"


class Tier(StrEnum):
    """Size of a channel by subscribers; borders in `tier_of`."""

    NANO = "nano"
    MICRO = "micro"
    MID = "mid"
    MACRO = "macro"
    MEGA = "mega"


TIER_BORDERS = ((10_000, Tier.NANO), (100_000, Tier.MICRO), (500_000, Tier.MID), (1_000_000, Tier.MACRO))


def tier_of(subscribers: int) -> Tier:
    """Tier of a channel; vendors differ in the borders, these are ours: 10,000, 100,000, 500,000, 1,000,000."""
    return next((tier for border, tier in TIER_BORDERS if subscribers < border), Tier.MEGA)

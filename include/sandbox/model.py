"""What the world shows of itself: plain frozen records, times aware and UTC, money as `Decimal` in EUR."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

MARKETS: tuple[str, ...] = ("DE", "US", "BR", "JP")
LANGUAGE_OF_MARKET: dict[str, str] = {"DE": "de", "US": "en", "BR": "pt", "JP": "ja"}
SYSTEMS: tuple[str, ...] = ("landing", "redirector", "analytics", "shop", "youtube", "mail", "bluesky", "mastodon")
CONVERSION_KINDS: tuple[str, ...] = ("install", "sign_up", "purchase", "other")
CURRENCY = "EUR"
BRAND_DOMAIN = "aptovia.example"
BRAND_MAILBOX = f"team@{BRAND_DOMAIN}"


class SandboxError(Exception):
    """The world refuses an input; the message says why in one sentence."""


class UnknownCreator(SandboxError, KeyError):
    """No creator has this channel id, handle or address."""


class UnknownVideo(SandboxError, KeyError):
    """No published video has this id."""


class UnknownLink(SandboxError, KeyError):
    """No tracking link has this slug."""


class SlugTaken(SandboxError):
    """Another link already has this slug."""


class SystemDown(SandboxError):
    """The asked system is in an outage: landing page of the market, redirector, shop, analytics, mail."""

    def __init__(self, system: str, market: str | None = None) -> None:
        super().__init__(f"{system} is down" + (f" in {market}" if market else ""))
        self.system = system
        self.market = market


@dataclass(frozen=True, slots=True)
class HiddenTraits:
    """What nobody can see from outside; only `World.truth()` shows it."""

    reservation_price_eur: Decimal
    average_views: float
    fit: float
    """How well an app store suits the audience, 0 to 1."""
    influence: float
    """Weight in the follow graph; hubs are above 3."""
    is_hub: bool
    is_bridge: bool
    community: str
    """`vertical:language`."""
    answers_mail: float
    """Probability that a mail is answered at all."""
    is_careless: bool
    """Forgets something in the first draft (only with the script `demo`)."""
    mailbox_works: bool
    """False: mails to the published address bounce."""


@dataclass(frozen=True, slots=True)
class Creator:
    """One person with one YouTube channel. Counters that move with time are asked from `World`."""

    number: int
    name: str
    """Channel title as people read it; Japanese ones in kanji or kana."""
    person: str
    """The person's own name, as signed under a mail."""
    handle: str
    """Latin, lower case, without the @."""
    channel_id: str
    uploads_playlist: str
    country: str | None
    """Market as the channel shows it (ISO 3166-1 alpha-2), None when the creator does not tell."""
    market: str
    """Market the creator really works in."""
    language: str
    vertical: str
    tier: str
    topics: tuple[str, ...]
    """Words of the trade in the creator's language, also the channel's keywords."""
    topic_categories: tuple[str, ...]
    """Wikipedia addresses, as `topicDetails.topicCategories` lists them."""
    description: str
    created_at: datetime
    subscribers_hidden: bool
    subscriptions_hidden: bool
    address: str | None
    """Business address that stands in the description; None for those who publish none."""
    picture: str
    """Generated SVG, square, safe to embed."""
    traits: HiddenTraits = field(repr=False)


class Subscription(NamedTuple):
    """`channel_id` is subscribed to since `since`."""

    channel_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Video:
    """A published video as it reads at the asked instant (creators do edit descriptions)."""

    video_id: str
    channel_id: str
    title: str
    description: str
    published_at: datetime
    updated_at: datetime
    duration_seconds: int
    is_short: bool
    is_live: bool
    language: str
    tags: tuple[str, ...]
    category_id: str
    """YouTube's numeric category: 20 gaming, 28 technology, 24 entertainment ..."""
    declares_paid_promotion: bool
    """`paidProductPlacementDetails.hasPaidProductPlacement`."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Public counters of a video."""

    views: int
    likes: int
    comments: int


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail in one mailbox."""

    id: str
    """16 hexadecimal digits, as Gmail's."""
    thread_id: str
    sequence: int
    """Rises by one for each mail stored anywhere in the world."""
    mailbox: str
    folder: str
    """`inbox` or `sent`."""
    sender: str
    """The From header, decoded."""
    recipient: str
    """The To header, decoded."""
    subject: str
    sent_at: datetime
    """Instant of the world at which it reached the mailbox."""
    raw: bytes
    unread: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A tracking link of the redirector."""

    slug: str
    long_url: str
    title: str
    tags: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that the redirector answered."""

    id: str
    slug: str
    date: datetime
    user_agent: str
    referer: str
    country: str
    potential_bot: bool
    visited_url: str
    """Path of the short link, to be prefixed by the redirector's own address."""
    redirect_url: str
    is_real: bool
    """True for a request that came over HTTP, False for the simulated audience."""


@dataclass(frozen=True, slots=True)
class PromoCode:
    """A code known to the shop."""

    code: str
    utm_content: str
    valid_from: datetime | None
    valid_to: datetime | None
    discount_percent: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """An install, a sign-up or a purchase as the shop exports it."""

    order_id: str
    ordered_at: datetime
    kind: str
    market: str
    promo_code: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_content: str
    amount: Decimal
    currency: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class Webhook:
    """Who wants to hear of new orders; the secret signs the body."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Sessions of one day and source, as the analytics property counted them."""

    date: str
    """ISO date."""
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_content: str
    sessions: int
    key_events: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Incident:
    """An outage. `market` None means everywhere; `ended_at` None means until somebody ends it."""

    number: int
    system: str
    market: str | None
    kind: str
    started_at: datetime
    ended_at: datetime | None
    scripted: bool

    def covers(self, system: str, market: str | None, at: datetime) -> bool:
        """Whether `system` in `market` is out at `at`; asking without a market means anywhere at all."""
        same_place = self.market is None or market is None or self.market == market
        started_and_open = self.started_at <= at and (self.ended_at is None or at < self.ended_at)
        return self.system == system and same_place and started_and_open

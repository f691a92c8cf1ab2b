"""What a creator remembers of an agreement, from the first offer to the post."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sandbox.economy.growth import GrowthCurve
from sandbox.people.deciding import Decision
from sandbox.people.reading import ReadMail
from sandbox.people.writing import PostText

OPEN_STATES = ("offered", "countered", "accepted", "drafted", "cleared", "published")


@dataclass(frozen=True, slots=True)
class Revision:
    """How the post reads from an instant on."""

    since: datetime
    text: PostText
    slug: str
    """Last part of the address in the text; empty when there is none."""


@dataclass(slots=True)
class Publication:
    """A sponsored video that is out, or will be."""

    video_id: str
    creator: int
    position: int
    """Counts the sponsored videos of the world."""
    published_at: datetime
    duration_seconds: int
    is_short: bool
    is_live: bool
    curve: GrowthCurve
    click_rate: float
    """Clicks per view while a link is in the description."""
    install_rate: float
    """Installs per human click."""
    market: str
    revisions: list[Revision]
    reference: str

    def reading_at(self, instant: datetime) -> Revision:
        """The text at the instant; the first one for an instant before publication."""
        current = self.revisions[0]
        for revision in self.revisions[1:]:
            if revision.since <= instant:
                current = revision
        return current


@dataclass(slots=True)
class Deal:
    """One creator's side of one agreement."""

    number: int
    creator: int
    reference: str
    address: str
    """The creator's mailbox the mail came to."""
    state: str
    """offered, silent, countered, declined, accepted, drafted, cleared, published."""
    received_at: datetime
    decisions: list[Decision] = field(default_factory=list)
    offered_eur: Decimal | None = None
    asked_eur: Decimal | None = None
    agreed_eur: Decimal | None = None
    acceptance_rank: int | None = None
    """1 for the first acceptance in the campaign, then 2 ..."""
    message_ids: set[str] = field(default_factory=set)
    url: str = ""
    code: str = ""
    disclosure: str = ""
    points: tuple[str, ...] = ()
    format: str = ""
    window: tuple[datetime, datetime] | None = None
    drafts: int = 0
    fault: str = ""
    """Planted: late, undisclosed, wrong_link or nothing."""
    publication: Publication | None = None
    publish_at: datetime | None = None
    corrections_asked: int = 0
    corrections_made: int = 0

    @property
    def campaign(self) -> str:
        """Key of the campaign, as far as a creator can tell it: the beginning of the reference."""
        return campaign_of(self.reference)

    def learn(self, mail: ReadMail) -> None:
        """Take over what the mail says of link, code, wording, format and window."""
        self.url = mail.link or self.url
        self.code = mail.code or self.code
        self.disclosure = mail.disclosure or self.disclosure
        self.format = self.format or mail.format
        self.window = mail.window or self.window


def campaign_of(reference: str) -> str:
    """The reference without its last part: `spring-1/UC123` and `spring-1/UC456` belong together."""
    return reference.rpartition("/")[0] or reference.rpartition("-")[0]

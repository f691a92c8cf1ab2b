"""A world of four channels, written out, behind the interface of the sandbox's `World`.

The protocols' tests need exact content (a hostile title, a hidden list, 60 videos); the simulated world decides its
own. What is not written out here raises NotImplementedError like the interface itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from sandbox.model import (
    BRAND_MAILBOX,
    CONVERSION_KINDS,
    Creator,
    HiddenTraits,
    Incident,
    Link,
    Order,
    PromoCode,
    SandboxError,
    SessionRow,
    SlugTaken,
    Statistics,
    StoredMail,
    Subscription,
    SystemDown,
    UnknownCreator,
    UnknownLink,
    UnknownVideo,
    Video,
    Visit,
    Webhook,
)
from sandbox.world import World

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
HOSTILE_TITLE = "<script>alert('x')</script> & \"friends\""
OPEN, HIDDEN, HOSTILE, EMPTY = range(4)
"""Numbers of the four channels."""
FILLERS = 120
VIDEOS = 60
TRAITS = HiddenTraits(Decimal(100), 1000.0, 0.5, 1.0, False, False, "gamers:en", 0.9, False, True)


def channel_id(number: int) -> str:
    return f"UC{number:022d}"


def video_id(number: int, index: int) -> str:
    return f"v{number:04d}-{index:05d}"


def creator(number: int) -> Creator:
    names = {OPEN: "Open Games", HIDDEN: "Hidden Numbers", HOSTILE: HOSTILE_TITLE, EMPTY: "Empty"}
    name = names.get(number, f"Filler {number}")
    address = f"creator{number}@channels.example"
    return Creator(
        number=number,
        name=name,
        person=f"Person {number}",
        handle=f"channel{number}",
        channel_id=channel_id(number),
        uploads_playlist="UU" + channel_id(number)[2:],
        country="US" if number != HIDDEN else None,
        market="US",
        language="en",
        vertical="gamers",
        tier="mid",
        topics=("games", "mobile games"),
        topic_categories=("https://en.wikipedia.org/wiki/Video_game_culture",),
        description=f"{name} plays games. Business: {address}",
        created_at=START - timedelta(days=900),
        subscribers_hidden=number == HIDDEN,
        subscriptions_hidden=number == HIDDEN,
        address=address,
        picture='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>',
        traits=TRAITS,
    )


class SmallWorld(World):
    """Four written channels and fillers that the first one follows."""

    def __init__(self) -> None:
        self.seed = 1
        self._now = START
        self._creators = {one.channel_id: one for one in (creator(number) for number in range(4 + FILLERS))}
        self._links: dict[str, Link] = {}
        self._visits: list[Visit] = []
        self._orders: list[Order] = []
        self._codes: dict[str, PromoCode] = {}
        self._incidents: list[Incident] = []
        self._mails: dict[str, StoredMail] = {}
        self.broken_views: int | None = None
        """What `statistics` answers instead of the truth, to break the protocol's contract."""
        self.description = "Thanks for watching."
        """Description of every video."""
        self.day_sessions = 8

    # ---- time
    @property
    def script(self) -> str:
        return "none"

    @property
    def now(self) -> datetime:
        return self._now

    def advance_to(self, instant: datetime) -> None:
        if instant.tzinfo is None or instant < self._now:
            raise ValueError("the clock only moves forward")
        self._now = instant

    def next_event_at(self) -> datetime | None:
        return None

    # ---- creators and channels
    @property
    def creators(self) -> Sequence[Creator]:
        return list(self._creators.values())

    def creator(self, channel_id: str) -> Creator:
        if channel_id not in self._creators:
            raise UnknownCreator(channel_id)
        return self._creators[channel_id]

    def creator_by_handle(self, handle: str) -> Creator:
        return self._one(lambda one: one.handle == handle.lstrip("@").lower())

    def creator_by_address(self, address: str) -> Creator:
        return self._one(lambda one: one.address == address)

    def _one(self, matches: Any) -> Creator:
        found = next((one for one in self._creators.values() if matches(one)), None)
        if found is None:
            raise UnknownCreator("nobody")
        return found

    def subscribers(self, channel_id: str) -> int:
        return 987_654

    def total_views(self, channel_id: str) -> int:
        return 12_345_678_901

    def video_count(self, channel_id: str) -> int:
        return len(self.videos(channel_id))

    def subscriptions(self, channel_id: str) -> list[Subscription]:
        followed = [one for one in self._creators if one != channel_id]
        return [Subscription(one, START - timedelta(days=index)) for index, one in enumerate(followed)]

    def featured_channels(self, channel_id: str) -> list[str]:
        return [one for one in list(self._creators)[1:4] if one != channel_id]

    def search_channels(self, query: str, region: str | None = None, language: str | None = None) -> list[Creator]:
        return [one for one in self._creators.values() if query.casefold() in one.name.casefold()]

    # ---- videos
    def videos(self, channel_id: str, limit: int | None = None) -> list[Video]:
        number = self.creator(channel_id).number
        count = VIDEOS if number in (OPEN, HIDDEN) else (0 if number == EMPTY else 1)
        return [self._video(number, index) for index in range(count)][:limit]

    def video(self, video_id: str) -> Video:
        number, _, index = video_id.removeprefix("v").partition("-")
        if not (video_id.startswith("v") and number.isdigit() and index.isdigit()) or int(number) not in (
            one.number for one in self.creators
        ):
            raise UnknownVideo(video_id)
        return self._video(int(number), int(index))

    def _video(self, number: int, index: int) -> Video:
        return Video(
            video_id=video_id(number, index),
            channel_id=channel_id(number),
            title=HOSTILE_TITLE if number == HOSTILE else f"Episode {index} of channel {number}",
            description=self.description,
            published_at=START - timedelta(days=2 * index + 1),
            updated_at=START - timedelta(days=2 * index + 1),
            duration_seconds=601,
            is_short=False,
            is_live=False,
            language="en",
            tags=("games", "<b>bold</b>"),
            category_id="20",
            declares_paid_promotion=index % 10 == 3,
        )

    def statistics(self, video_id: str) -> Statistics:
        return Statistics(views=12_345 if self.broken_views is None else self.broken_views, likes=678, comments=90)

    # ---- mail
    def put_mail(
        self, mailbox: str, folder: str, subject: str, text: str, *, at: datetime, thread: str = ""
    ) -> StoredMail:
        number = len(self._mails) + 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Creator <creator0@channels.example>", mailbox, subject
        mail["Message-ID"] = f"<mail-{number}@channels.example>"
        mail.set_content(text)
        mail.add_attachment(
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261012\r\nDTEND;VALUE=DATE:20261019\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            maintype="text",
            subtype="calendar",
        ) if "calendar" in text else None
        stored = StoredMail(
            id=f"{number:016x}",
            thread_id=thread or f"{number:016x}",
            sequence=number,
            mailbox=mailbox,
            folder=folder,
            sender=str(mail["From"]),
            recipient=mailbox,
            subject=subject,
            sent_at=at,
            raw=mail.as_bytes(),
            unread=folder == "inbox",
        )
        self._mails[stored.id] = stored
        return stored

    def mailbox(self, address: str, folder: str = "inbox") -> list[StoredMail]:
        return [mail for mail in self._mails.values() if (mail.mailbox, mail.folder) == (address, folder)]

    def addresses(self) -> list[str]:
        found = {mail.mailbox for mail in self._mails.values()}
        return sorted(found, key=lambda address: (address != BRAND_MAILBOX, address))

    def mail(self, mail_id: str) -> StoredMail:
        return self._mails[mail_id]

    def mark_mail(self, mail_id: str, *, unread: bool) -> StoredMail:
        self._mails[mail_id] = replace(self._mails[mail_id], unread=unread)
        return self._mails[mail_id]

    # ---- tracking links
    def create_link(self, long_url: str, slug: str | None = None, title: str = "", tags: Sequence[str] = ()) -> Link:
        slug = slug or f"auto{len(self._links)}"
        if slug in self._links:
            raise SlugTaken(slug)
        self._links[slug] = Link(slug, long_url, title, tuple(tags), self._now)
        return self._links[slug]

    def link(self, slug: str) -> Link:
        if slug not in self._links:
            raise UnknownLink(slug)
        return self._links[slug]

    def links(self) -> list[Link]:
        return list(self._links.values())

    def edit_link(
        self, slug: str, *, long_url: str | None = None, title: str | None = None, tags: Sequence[str] | None = None
    ) -> Link:
        known = self.link(slug)
        self._links[slug] = replace(
            known,
            long_url=known.long_url if long_url is None else long_url,
            title=known.title if title is None else title,
            tags=known.tags if tags is None else tuple(tags),
        )
        return self._links[slug]

    def resolve(
        self, slug: str, user_agent: str, at: datetime | None = None, *, referer: str = "", country: str = "",
        record: bool = True,
    ) -> str:  # fmt: skip
        link = self.link(slug)
        if self.incident_active("redirector"):
            raise SystemDown("redirector")
        if record:
            bot = "bot" in user_agent.lower()
            self._visits.append(
                Visit(str(len(self._visits)), slug, self._now, user_agent, referer, country, bot, f"/shlink/{slug}",
                      link.long_url, True)
            )  # fmt: skip
        return link.long_url

    def visits(self, slug: str, since: datetime | None = None) -> list[Visit]:
        self.link(slug)
        return [one for one in self._visits if one.slug == slug and (since is None or one.date >= since)]

    # ---- shop
    def upload_codes(self, rows: Iterable[Mapping[str, str]]) -> int:
        codes = [
            PromoCode(row["code"], row["utm_content"], None, None, Decimal(row["discount_percent"])) for row in rows
        ]
        if not all(code.code for code in codes):
            raise SandboxError("A code is empty.")
        self._codes |= {code.code: code for code in codes}
        return len(codes)

    def codes(self) -> list[PromoCode]:
        return list(self._codes.values())

    def orders(self, since: datetime | None = None) -> list[Order]:
        return [one for one in self._orders if since is None or one.ordered_at >= since]

    def convert(
        self, market: str, kind: str, code: str = "", utm: Mapping[str, str] | None = None, *, is_test: bool = False
    ) -> Order:
        if self.incident_active("landing", market):
            raise SystemDown("landing", market)
        if kind not in CONVERSION_KINDS or (code and code not in self._codes):
            raise SandboxError("Unknown kind or code.")
        given = {name.removeprefix("utm_"): value for name, value in (utm or {}).items()}
        order = Order(
            f"A-{len(self._orders) + 1}", self._now, kind, market, code, given.get("source", ""),
            given.get("medium", ""), given.get("campaign", ""), given.get("content", ""), Decimal("4.99"), "EUR",
            is_test,
        )  # fmt: skip
        self._orders.append(order)
        return order

    def register_webhook(self, url: str, secret: str) -> Webhook:
        return Webhook(url, secret)

    # ---- analytics
    def sessions(self, day_from: date, day_to: date) -> list[SessionRow]:
        if self.incident_active("analytics"):
            raise SystemDown("analytics")
        days = [day_from + timedelta(days=index) for index in range((day_to - day_from).days + 1)]
        return [
            SessionRow(
                one.isoformat(), "youtube", "paid_social", "it-1", content, self.day_sessions, 2, Decimal("4.99")
            )
            for one in days
            for content in ("placement-1", "placement-2")
        ] + [SessionRow(one.isoformat(), "", "", "", "", 1, 0, Decimal(0)) for one in days]

    # ---- incidents and truth
    def start_incident(self, system: str, market: str | None = None, kind: str = "outage") -> Incident:
        incident = Incident(len(self._incidents) + 1, system, market, kind, self._now, None, False)
        self._incidents.append(incident)
        return incident

    def end_incident(self, system: str, market: str | None = None) -> list[Incident]:
        ended = [one for one in self._incidents if one.system == system and one.ended_at is None]
        closed = [replace(one, ended_at=self._now) for one in ended]
        self._incidents = [one for one in self._incidents if one not in ended] + closed
        return closed

    def incident_active(self, system: str, market: str | None = None, at: datetime | None = None) -> bool:
        return any(one.covers(system, market, at or self._now) for one in self._incidents)

    def incidents(self) -> list[Incident]:
        return list(self._incidents)

    def truth(self) -> dict[str, Any]:
        return {"communities": {"gamers:en": len(self._creators)}, "incidents": []}

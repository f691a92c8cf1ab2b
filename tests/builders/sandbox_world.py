"""A small sandbox world, and the mails a brand writes to its creators, without any code of the product."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar, Event

from sandbox.model import Creator, StoredMail, Video
from sandbox.world import World

BRAND = "team@aptovia.example"
FLIGHT = (datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC))
WINDOW = (datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 10, 16, tzinfo=UTC))
WORDING = {"de": "Anzeige", "en": "#ad", "pt": "Publicidade", "ja": "PR（広告）"}
LABELS = {
    "de": ("Honorar", "Referenz", "Bitte antworten bis", "Veröffentlichung zwischen", "Kennzeichnung"),
    "en": ("Fee", "Reference", "Please answer by", "Publish between", "Disclosure"),
    "pt": ("Cachê", "Referência", "Por favor, responda até", "Publicar entre", "Identificação"),
    "ja": ("報酬", "照会番号", "ご回答期限", "公開期間", "広告表記"),
}
LINK_AND_CODE = {"de": ("Link", "Code"), "en": ("Link", "Code"), "pt": ("Link", "Código"), "ja": ("リンク", "コード")}
SUBJECTS = {
    "brief": {"de": "Briefing", "en": "Brief", "pt": "Briefing", "ja": "ご依頼内容"},
    "revision": {
        "de": "Dein Entwurf: bitte noch ändern", "en": "Your draft: changes needed", "pt": "Seu rascunho: ajustes",
        "ja": "下書きの変更のお願い",
    },
    "go_live": {
        "de": "Freigabe: dein Entwurf ist freigegeben", "en": "Go-live: your draft is approved",
        "pt": "Aprovado: você já pode publicar", "ja": "公開のお願い",
    },
    "correction": {
        "de": "Bitte um Korrektur", "en": "Please correct your post", "pt": "Correção necessária", "ja": "修正のお願い",
    },
}  # fmt: skip


def small_world(home: Path, *, script: str = "none", seed: int = 7, creators: int = 200) -> World:
    """A world of 200 creators at its first instant."""
    return World(home, seed, script, creators)


def reachable(world: World) -> list[Creator]:
    """Creators of the target communities who publish an address that works and make no careless drafts, big first."""
    wanted = ("gamers", "android", "entertainers")
    found = [
        creator
        for creator in world.creators
        if creator.address
        and creator.traits.mailbox_works
        and creator.vertical in wanted
        and not creator.traits.is_careless
    ]
    return sorted(found, key=lambda creator: -creator.traits.average_views)


@dataclass
class Brand:
    """Writes the mails of one campaign and keeps its links and codes."""

    world: World
    campaign: str = "spring-1"
    written: int = 0
    placements: dict[str, int] = field(default_factory=dict)

    def reference(self, creator: Creator) -> str:
        return f"{self.campaign}/{creator.channel_id}"

    def offer(self, creator: Creator, amount: Decimal, *, to: str | None = None, answer_by: str | None = None) -> str:
        """Offer the sum, to be answered within four days; answers the Message-ID."""
        answer_by = answer_by or (self.world.now + timedelta(days=4)).date().isoformat()
        fee, reference, until, between, _ = LABELS[creator.language]
        lines = [
            "Hello,", "Format: integrated_mention", f"{fee}: {amount:.2f} EUR",
            f"{between}: {FLIGHT[0]:%Y-%m-%d} – {FLIGHT[1]:%Y-%m-%d}", f"{reference}: {self.reference(creator)}",
            f"{until}: {answer_by}",
        ]  # fmt: skip
        return self.write(to or creator.address or "", "Collab", "\n".join(lines))

    def provision(self, creator: Creator) -> str:
        """Link and code of the creator's placement; answers the placement's key."""
        if creator.channel_id not in self.placements:
            number = self.placements[creator.channel_id] = len(self.placements) + 1
            key = f"{self.campaign}-{number:02d}"
            utm = f"utm_source=youtube&utm_medium=paid_social&utm_campaign={self.campaign}&utm_content={key}"
            self.world.create_link(f"http://app.example/app/{creator.market}?{utm}", key)
            self.world.upload_codes([{"code": self.code(creator), "utm_content": key, "discount_percent": "10"}])
        return f"{self.campaign}-{self.placements[creator.channel_id]:02d}"

    def url(self, creator: Creator) -> str:
        return f"http://127.0.0.1:9/shlink/{self.provision(creator)}"

    def code(self, creator: Creator) -> str:
        return f"APT{self.placements[creator.channel_id]:03d}"

    def terms(self, creator: Creator, kind: str, *, window: tuple[datetime, datetime] | None = None) -> str:
        """Brief, revision, go-live or correction: everything with link, code and wording."""
        self.provision(creator)
        link, code = LINK_AND_CODE[creator.language]
        _, reference, _, _, disclosure = LABELS[creator.language]
        points = (
            "Points:\n- No ads in the store\n"
            if kind == "brief"
            else "- Please change this\n"
            if kind != "go_live"
            else ""
        )
        body = (
            f"Hello,\n\n{points}\n{reference}: {self.reference(creator)}\n{link}: {self.url(creator)}\n"
            f'{code}: {self.code(creator)}\n{disclosure}: "{WORDING[creator.language]}"\n'
        )
        return self.write(creator.address or "", SUBJECTS[kind][creator.language], body, window)

    def write(self, to: str, subject: str, body: str, window: tuple[datetime, datetime] | None = None) -> str:
        """Send any mail; answers its Message-ID."""
        self.written += 1
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"Mia Keller <{BRAND}>", to, subject
        message["Message-ID"] = f"<{self.campaign}-{self.written}@aptovia.example>"
        message.set_content(body)
        if window:
            message.add_attachment(calendar(*window), maintype="text", subtype="calendar", filename="window.ics")
        self.world.receive(BRAND, [to], message.as_bytes())
        return str(message["Message-ID"])

    # ---- the whole way
    def accepted_by(self, creators: Sequence[Creator]) -> list[Creator]:
        """Offer twice the hidden price and wait three days; those who accept, in order of acceptance."""
        for creator in creators:
            self.offer(creator, creator.traits.reservation_price_eur * 2)
        run(self.world, self.world.now + timedelta(days=3))
        deals = [
            deal
            for deal in self.world.truth()["deals"]
            if deal["campaign"] == self.campaign and deal["acceptance_rank"]
        ]
        deals.sort(key=lambda deal: deal["acceptance_rank"])
        return [self.world.creator(deal["channel_id"]) for deal in deals]

    def brought_live(self, creators: Sequence[Creator], *, until: datetime = FLIGHT[1]) -> None:
        """Brief, draft, go-live, post for creators who accepted."""
        for creator in creators:
            self.terms(creator, "brief", window=WINDOW)
        run(self.world, self.world.now + timedelta(days=2))
        for creator in creators:
            self.terms(creator, "go_live", window=WINDOW)
        run(self.world, until)

    def post_of(self, creator: Creator) -> Video:
        """The sponsored video of the creator."""
        return next(video for video in self.world.videos(creator.channel_id) if "Aptovia" in video.title)


def run(world: World, until: datetime) -> int:
    """Advance event by event; answers the number of steps."""
    steps = 0
    while (instant := world.next_event_at()) is not None and instant <= until:
        world.advance_to(instant)
        steps += 1
    world.advance_to(until)
    return steps


def calendar(start: datetime, end: datetime) -> bytes:
    """One event as iCalendar."""
    event = Event()
    event.add("uid", "window@aptovia.example")
    event.add("dtstamp", start)
    event.add("dtstart", start)
    event.add("dtend", end)
    book = Calendar()
    book.add("version", "2.0")
    book.add("prodid", "-//tests//EN")
    book.add_component(event)
    return bytes(book.to_ical())


def text_of(mail: StoredMail) -> str:
    """The plain text of a stored mail."""
    part = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    return str(part.get_content()) if part else ""


def answers_from(world: World, creator: Creator) -> list[StoredMail]:
    """What the brand got from a creator."""
    return [mail for mail in world.mailbox(BRAND) if creator.address and creator.address in mail.sender]

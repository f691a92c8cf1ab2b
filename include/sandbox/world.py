"""The simulated world behind one object. Everything that speaks a protocol or draws a page stands on `World`.

The state is a pure function of (seed, number of creators, start, script) and the journal of inputs. Reading never
changes anything. Public methods may be called from several threads.
"""

import base64
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox import truth
from sandbox.accounts.network import Network
from sandbox.channels import Channels
from sandbox.clock import EPOCH, in_utc, stamp
from sandbox.incidents import SCRIPTS
from sandbox.inputs import Inputs, code_entry
from sandbox.journal import Journal
from sandbox.model import (
    Creator,
    Incident,
    Link,
    Order,
    PromoCode,
    SandboxError,
    SessionRow,
    Statistics,
    StoredMail,
    Subscription,
    SystemDown,
    UnknownCreator,
    Video,
    Visit,
    Webhook,
)
from sandbox.parts import build_parts
from sandbox.shop import plain_utm, read_code_row
from sandbox.webhooks import WebhookSender

JOURNAL_NAME = "journal.jsonl"


class World:
    """A creator economy around one app store, with its own clock.

    Args:
        home: folder of the journal; created when missing, replayed when it has one.
        seed: any integer; another seed is another world.
        script: `demo` plants faults on every campaign, `none` plants nothing. A journal keeps the script it began with.
        creator_count: number of creators.
        start: first instant of the clock. Videos reach 120 days further back.

    Raises:
        SandboxError: the home holds the journal of a world with another seed, start or size.
    """

    def __init__(
        self, home: Path, seed: int = 7, script: str = "demo", creator_count: int = 1500, start: datetime | None = None
    ) -> None:
        if script not in SCRIPTS:
            raise SandboxError(f"No script {script}; there are {', '.join(SCRIPTS)}")
        if creator_count < 1:
            raise SandboxError("A world needs at least one creator")
        self.seed = seed
        self.start = in_utc(start or EPOCH)
        self._lock = threading.RLock()
        self._parts = build_parts(seed, creator_count, self.start, self._lock)
        self._channels = Channels(self._parts)
        self._inputs = Inputs(self._parts)
        self._webhooks = WebhookSender()
        header = {"seed": seed, "creators": creator_count, "start": stamp(self.start)}
        self._journal = Journal(Path(home) / JOURNAL_NAME, header)
        is_new = True
        for entry in self._journal.entries():
            is_new = False
            self._inputs.apply(entry)
        if is_new:
            self._take({"kind": "script", "script": script})

    def close(self) -> None:
        """Close the journal; the world takes no more inputs."""
        self._journal.close()

    def _take(self, entry: dict[str, Any]) -> Any:
        """An input that was checked: first into the journal, then into effect."""
        self._journal.append({"at": stamp(self._parts.clock.now), **entry})
        return self._inputs.apply(entry)

    # ---- time
    @property
    def now(self) -> datetime:
        """The world's instant, aware, UTC."""
        return self._parts.clock.now

    @property
    def script(self) -> str:
        """`demo` or `none`."""
        return self._parts.people.script.name

    def choose_script(self, script: str) -> None:
        """From now on plant this script's faults; what is planted stays. SandboxError: no such script."""
        if script not in SCRIPTS:
            raise SandboxError(f"No script {script}; there are {', '.join(SCRIPTS)}")
        with self._lock:
            self._take({"kind": "script", "script": script})

    def advance_to(self, instant: datetime) -> None:
        """Move the clock; what creators do on the way is done in order. ValueError: backwards or naive."""
        with self._lock:
            target = self._parts.clock.check(instant)
            if target > self.now:
                self._take({"kind": "clock", "to": stamp(target)})

    def next_event_at(self) -> datetime | None:
        """When something next happens by itself (an answer, a post, a scripted outage); None: nothing is planned."""
        with self._lock:
            planned = [self._parts.people.agenda.next_due(), self._parts.incidents.next_boundary(self.now)]
            return min((instant for instant in planned if instant is not None), default=None)

    # ---- creators and channels
    @property
    def creators(self) -> Sequence[Creator]:
        """In a fixed order; `creators[n].number == n`."""
        return self._parts.population.creators

    def creator(self, channel_id: str) -> Creator:
        """Raises UnknownCreator."""
        return self.creators[self._number(channel_id)]

    def creator_by_handle(self, handle: str) -> Creator:
        """With or without @, any case. Raises UnknownCreator."""
        return self._creator_in(self._parts.population.by_handle, handle.strip().lstrip("@").lower())

    def creator_by_address(self, address: str) -> Creator:
        """Raises UnknownCreator."""
        return self._creator_in(self._parts.population.by_address, address.strip().lower())

    def subscribers(self, channel_id: str) -> int:
        """Exact number at `now` (the platform rounds to three digits; the hidden flag is on the creator)."""
        return self._channels.subscribers(self._number(channel_id), self.now)

    def total_views(self, channel_id: str) -> int:
        """Views of the channel over its life at `now`; never falls."""
        with self._lock:
            return self._channels.total_views(self._number(channel_id), self.now)

    def video_count(self, channel_id: str) -> int:
        """Number of published videos at `now`, the same as `len(videos(channel_id))`."""
        with self._lock:
            return self._channels.video_count(self._number(channel_id), self.now)

    def subscriptions(self, channel_id: str) -> list[Subscription]:
        """Channels this channel follows at `now`, hidden or not (the protocol refuses hidden ones), newest first."""
        with self._lock:
            return self._channels.subscriptions(self._number(channel_id), self.now)

    def featured_channels(self, channel_id: str) -> list[str]:
        """Channel ids that the channel page recommends, up to five."""
        with self._lock:
            return self._channels.featured(self._number(channel_id), self.now)

    def search_channels(self, query: str, region: str | None = None, language: str | None = None) -> list[Creator]:
        """Best first. `query` is plain words in any of the languages; an empty one lists by size."""
        return self._parts.search.ranked(query, region, language)

    # ---- other platforms
    def network(self, platform: str) -> Network:
        """`bluesky`, `mastodon` or `twitch` as it is at `now`. KeyError: another word."""
        return self._parts.networks[platform]

    # ---- videos
    def videos(self, channel_id: str, limit: int | None = None) -> list[Video]:
        """Published up to `now`, newest first. Raises UnknownCreator."""
        with self._lock:
            return self._channels.videos(self._number(channel_id), self.now, limit)

    def video(self, video_id: str) -> Video:
        """Raises UnknownVideo (also for one not yet published)."""
        with self._lock:
            return self._channels.video(video_id, self.now)

    def statistics(self, video_id: str) -> Statistics:
        """Counters at `now`; none ever falls. Raises UnknownVideo."""
        with self._lock:
            return self._channels.statistics(video_id, self.now)

    # ---- mail
    def receive(self, envelope_from: str, recipients: Sequence[str], raw: bytes) -> None:
        """Deliver a mail that came in by SMTP. Raises SystemDown while mail is out."""
        with self._lock:
            self._refuse_when_down("mail")
            content = base64.b64encode(raw).decode()
            self._take({"kind": "mail", "envelope_from": envelope_from, "recipients": list(recipients), "raw": content})

    def mailbox(self, address: str, folder: str = "inbox") -> list[StoredMail]:
        """Mails of a mailbox, oldest first; empty for an address without mail. `folder`: inbox or sent."""
        with self._lock:
            return self._parts.post_office.mails(address, folder, self.now)

    def addresses(self) -> list[str]:
        """Mailboxes that hold at least one mail, the brand's first."""
        with self._lock:
            return self._parts.post_office.addresses()

    def mail(self, mail_id: str) -> StoredMail:
        """Raises KeyError."""
        with self._lock:
            return self._parts.post_office.mail(mail_id, self.now)

    def mark_mail(self, mail_id: str, *, unread: bool) -> StoredMail:
        """Raises KeyError."""
        with self._lock:
            known = self.mail(mail_id)
            if known.unread == unread:
                return known
            marked: StoredMail = self._take({"kind": "mark", "id": mail_id, "unread": unread})
            return marked

    # ---- tracking links
    def create_link(self, long_url: str, slug: str | None = None, title: str = "", tags: Sequence[str] = ()) -> Link:
        """Raises SlugTaken."""
        with self._lock:
            free = self._parts.links.free_slug(slug)
            entry = {"kind": "link", "slug": free, "long_url": long_url, "title": title, "tags": list(tags)}
            created: Link = self._take(entry)
            return created

    def link(self, slug: str) -> Link:
        """Raises UnknownLink."""
        return self._parts.links.get(slug)

    def links(self) -> list[Link]:
        """Oldest first."""
        with self._lock:
            return self._parts.links.all()

    def edit_link(
        self, slug: str, *, long_url: str | None = None, title: str | None = None, tags: Sequence[str] | None = None
    ) -> Link:
        """What is None stays. Raises UnknownLink."""
        with self._lock:
            self._parts.links.get(slug)
            entry = {"kind": "edit_link", "slug": slug, "long_url": long_url, "title": title}
            edited: Link = self._take({**entry, "tags": None if tags is None else list(tags)})
            return edited

    def resolve(
        self,
        slug: str,
        user_agent: str,
        at: datetime | None = None,
        *,
        referer: str = "",
        country: str = "",
        record: bool = True,
    ) -> str:
        """Follow a link as a real request: answers the long address and records a visit at `now`.

        With `at` it only looks where the link led at that instant; that and `record=False` leave no visit.

        Raises: UnknownLink; SystemDown while the redirector is out.
        """
        with self._lock:
            link = self._parts.links.get(slug)
            self._refuse_when_down("redirector", at=at)
            if at is not None:
                return self._parts.links.long_url_at(slug, at) or link.long_url
            if record:
                request = {"user_agent": user_agent, "referer": referer, "country": country}
                self._take({"kind": "visit", "slug": slug, **request})
            return link.long_url

    def visits(self, slug: str, since: datetime | None = None) -> list[Visit]:
        """Simulated audience and real requests up to `now`, oldest first. Raises UnknownLink."""
        with self._lock:
            self._parts.links.get(slug)
            return self._parts.trade.visits(slug, since, self.now)

    # ---- shop
    def upload_codes(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Rows with code, utm_content, valid_from, valid_to, discount_percent; a known code is replaced.

        Answers the number of rows. Raises SandboxError for a bad row; then nothing is uploaded.
        """
        codes = [read_code_row(row) for row in rows]
        with self._lock:
            if codes:
                self._take({"kind": "codes", "codes": [code_entry(code) for code in codes]})
            return len(codes)

    def codes(self) -> list[PromoCode]:
        """In the order of their first upload."""
        with self._lock:
            return self._parts.shop.codes()

    def orders(self, since: datetime | None = None) -> list[Order]:
        """Orders up to `now`, oldest first, `since` included."""
        with self._lock:
            return self._parts.trade.orders(since, self.now)

    def convert(
        self, market: str, kind: str, code: str = "", utm: Mapping[str, str] | None = None, *, is_test: bool = False
    ) -> Order:
        """A person (or a synthetic check) converts on the market's app page.

        Keys of `utm` come with or without the prefix.

        Raises: SystemDown while the landing page of the market is out; SandboxError for an unknown market, kind, code.
        """
        with self._lock:
            self._parts.shop.check_order(market, kind, code, self.now)
            self._refuse_when_down("landing", market)
            entry = {"kind": "order", "market": market, "conversion": kind, "code": code, "utm": plain_utm(utm)}
            order: Order = self._take({**entry, "is_test": is_test})
            if not is_test:
                for webhook in self._parts.shop.webhooks:
                    self._webhooks.send(webhook, order_payload(order))
            return order

    def register_webhook(self, url: str, secret: str) -> Webhook:
        """New orders made by people are posted there, signed with HMAC-SHA256, best effort.

        Raises: SandboxError: not an http address, or no secret.
        """
        if not url.startswith(("http://", "https://")) or not secret:
            raise SandboxError("A webhook needs an http address and a secret")
        with self._lock:
            webhook: Webhook = self._take({"kind": "webhook", "url": url, "secret": secret})
            return webhook

    # ---- analytics
    def sessions(self, day_from: date, day_to: date) -> list[SessionRow]:
        """One row per day and source, both days included, nothing after `now`."""
        with self._lock:
            return self._parts.trade.sessions(day_from, day_to, self.now)

    # ---- incidents and truth
    def start_incident(self, system: str, market: str | None = None, kind: str = "outage") -> Incident:
        """Begins now, until `end_incident`. SandboxError: unknown system or market."""
        with self._lock:
            self._parts.incidents.check(system, market)
            entry = {"kind": "incident", "system": system, "market": market, "incident": kind}
            started: Incident = self._take(entry)
            return started

    def end_incident(self, system: str, market: str | None = None) -> list[Incident]:
        """End what is open for the system (and market, when given) now; answers what was ended."""
        with self._lock:
            self._parts.incidents.check(system, market)
            ended: list[Incident] = self._take({"kind": "incident_end", "system": system, "market": market})
            return ended

    def incident_active(self, system: str, market: str | None = None, at: datetime | None = None) -> bool:
        """Whether the system is out (in the market; anywhere, when none is given)."""
        with self._lock:
            return self._parts.incidents.active(system, market, at or self.now)

    def incidents(self) -> list[Incident]:
        """All, scripted ones still to come included."""
        with self._lock:
            return list(self._parts.incidents.all)

    def truth(self) -> dict[str, Any]:
        """Everything hidden, as JSON types: communities, traits, edges, deals, planted faults, what posts brought."""
        with self._lock:
            return truth.tell(self._parts, self.now)

    # ---- helpers
    def _number(self, channel_id: str) -> int:
        try:
            return self._parts.population.by_channel_id[channel_id]
        except KeyError as error:
            raise UnknownCreator(channel_id) from error

    def _creator_in(self, index: Mapping[str, int], key: str) -> Creator:
        if key not in index:
            raise UnknownCreator(key)
        return self.creators[index[key]]

    def _refuse_when_down(self, system: str, market: str | None = None, at: datetime | None = None) -> None:
        if self._parts.incidents.active(system, market, at or self.now):
            raise SystemDown(system, market)


def order_payload(order: Order) -> dict[str, Any]:
    """An order as the webhook and the CSV name its columns, JSON types."""
    values = {name: getattr(order, name) for name in Order.__slots__}
    plain: dict[str, Any] = {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }
    return {**plain, "ordered_at": stamp(order.ordered_at)}

"""What can come into the world from outside, as journal entries, and what each does to the state."""

import base64
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.clock import read_stamp, stamp
from sandbox.hashing import hexadecimal
from sandbox.links import looks_like_a_bot
from sandbox.mail import compose
from sandbox.mail.post_office import mailbox_of
from sandbox.model import BRAND_DOMAIN, BRAND_MAILBOX, PromoCode, StoredMail, Visit, Webhook
from sandbox.parts import Parts
from sandbox.people.reading import message_id_of

Entry = dict[str, Any]


class Inputs:
    """Applies entries, the same when they are new and when the journal is replayed."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._bounces = 0
        self._effects: dict[str, Callable[[Entry, datetime], Any]] = {
            "clock": self._move_clock,
            "mail": self._take_mail,
            "mark": self._mark_mail,
            "link": self._create_link,
            "edit_link": self._edit_link,
            "visit": self._record_visit,
            "codes": self._upload_codes,
            "order": self._take_order,
            "webhook": self._register_webhook,
            "incident": self._start_incident,
            "incident_end": self._end_incident,
            "trouble": self._cause_trouble,
            "script": self._choose_script,
        }

    def apply(self, entry: Entry) -> Any:
        """Change the state; the answer depends on the kind of entry."""
        return self._effects[entry["kind"]](entry, self._parts.clock.now)

    # ---- time
    def _move_clock(self, entry: Entry, now: datetime) -> None:
        del now
        target = self._parts.clock.check(read_stamp(entry["to"]))
        while (task := self._parts.people.agenda.take_due(target)) is not None:
            self._parts.clock.set(max(task.due, self._parts.clock.now))
            self._parts.people.work(task)
        self._parts.clock.set(target)

    # ---- mail
    def _take_mail(self, entry: Entry, now: datetime) -> None:
        raw = base64.b64decode(entry["raw"])
        for address in dict.fromkeys(mailbox_of(recipient) for recipient in entry["recipients"]):
            self._deliver_from_outside(entry["envelope_from"], address, raw, now)

    def _deliver_from_outside(self, envelope_from: str, address: str, raw: bytes, now: datetime) -> None:
        if address.endswith("@" + BRAND_DOMAIN):
            self._parts.post_office.store(address, raw, now)
            return
        number = self._parts.population.by_address.get(address)
        creator = None if number is None else self._parts.population.creators[number]
        if creator is None or not creator.traits.mailbox_works:
            self._bounces += 1
            notice = compose.bounce(
                self._parts.seed,
                address,
                envelope_from or BRAND_MAILBOX,
                raw,
                message_id_of(raw),
                now,
                self._bounces,
            )
            self._parts.post_office.store(BRAND_MAILBOX, notice, now)
            return
        self._parts.people.handle(creator, self._parts.post_office.store(address, raw, now), now)

    def _mark_mail(self, entry: Entry, now: datetime) -> StoredMail:
        self._parts.post_office.mark(entry["id"], unread=entry["unread"])
        return self._parts.post_office.mail(entry["id"], now)

    # ---- links
    def _create_link(self, entry: Entry, now: datetime) -> Any:
        return self._parts.links.create(entry["slug"], entry["long_url"], entry["title"], tuple(entry["tags"]), now)

    def _edit_link(self, entry: Entry, now: datetime) -> Any:
        tags = None if entry["tags"] is None else tuple(entry["tags"])
        return self._parts.links.edit(entry["slug"], entry["long_url"], entry["title"], tags, now)

    def _record_visit(self, entry: Entry, now: datetime) -> None:
        links = self._parts.links
        links.record(
            Visit(
                id=hexadecimal(16, self._parts.seed, "real-visit", links.real_visit_count()),
                slug=entry["slug"],
                date=now,
                user_agent=entry["user_agent"],
                referer=entry["referer"],
                country=entry["country"],
                potential_bot=looks_like_a_bot(entry["user_agent"]),
                visited_url=f"/{entry['slug']}",
                redirect_url=links.get(entry["slug"]).long_url,
                is_real=True,
            )
        )

    # ---- shop
    def _upload_codes(self, entry: Entry, now: datetime) -> None:
        self._parts.shop.upload([_code(row) for row in entry["codes"]], now)

    def _take_order(self, entry: Entry, now: datetime) -> Any:
        return self._parts.shop.order(
            entry["market"], entry["conversion"], entry["code"], entry["utm"], now, is_test=entry["is_test"]
        )

    def _register_webhook(self, entry: Entry, now: datetime) -> Webhook:
        del now
        webhook = Webhook(entry["url"], entry["secret"])
        hooks = self._parts.shop.webhooks
        hooks[:] = [known for known in hooks if known.url != webhook.url] + [webhook]
        return webhook

    # ---- incidents
    def _start_incident(self, entry: Entry, now: datetime) -> Any:
        return self._parts.incidents.start(entry["system"], entry["market"], entry["incident"], now, scripted=False)

    def _end_incident(self, entry: Entry, now: datetime) -> Any:
        return self._parts.incidents.end(entry["system"], entry["market"], now)

    def _cause_trouble(self, entry: Entry, now: datetime) -> Any:
        return self._parts.troubles.cause(entry["trouble"], entry["creator"], now, entry["platform"])

    def _choose_script(self, entry: Entry, now: datetime) -> None:
        del now
        self._parts.people.script.choose(entry["script"])


def code_entry(code: PromoCode) -> Entry:
    """A code as JSON types."""
    dates = {
        name: instant and stamp(instant)
        for name, instant in (("valid_from", code.valid_from), ("valid_to", code.valid_to))
    }
    return {**asdict(code), **dates, "discount_percent": str(code.discount_percent)}


def _code(row: Entry) -> PromoCode:
    return PromoCode(
        row["code"],
        row["utm_content"],
        row["valid_from"] and read_stamp(row["valid_from"]),
        row["valid_to"] and read_stamp(row["valid_to"]),
        Decimal(row["discount_percent"]),
    )

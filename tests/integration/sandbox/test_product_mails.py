"""The product's mail templates are understood by the creators, and their answers by the product, in four languages."""

from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.builders.sandbox_world import (
    BRAND,
    FLIGHT,
    WINDOW,
    Brand,
    answers_from,
    calendar,
    reachable,
    run,
    small_world,
    text_of,
)

from mardev.briefs.disclosure import disclosure_for
from mardev.briefs.labels import integration_name
from mardev.briefs.mails import FIELDS, MailKind, render_mail
from mardev.briefs.replies import read_answer
from sandbox.model import Creator

STATE_OF_ANSWER = {"accept": "accepted", "counter": "countered", "decline": "declined"}


class Product(Brand):
    """Writes with the product's own templates."""

    def render(self, kind: MailKind, creator: Creator, **given: Any) -> None:
        self.provision(creator)
        in_four_days = f"{self.world.now + timedelta(days=4):%Y-%m-%d}"
        values: dict[str, Any] = {
            "creator": creator.name, "brand": "Aptovia", "campaign": "Autumn", "difference": "The store without ads",
            "integration": integration_name("integrated_mention", creator.language),
            "reference": self.reference(creator),
            "fee": "100.00 EUR", "answer_by": in_four_days, "window_from": "2026-10-12",
            "window_to": "2026-10-26", "reason": "", "signed_names": [], "sender": "Mia", "footer": "Sandbox",
            "mandatory_points": ["No ads"], "forbidden_claims": ["Best store"], "link": self.url(creator),
            "disclosure": disclosure_for(creator.market).wording, "disclosure_hint": "", "code": self.code(creator),
            "draft_by": in_four_days, "changes": ["The link http://wrong.example is wrong"],
            "post_title": "x", "post_url": "http://127.0.0.1/world/video/x", **given,
        }  # fmt: skip
        mail = render_mail(kind, creator.language, {name: values[name] for name in FIELDS[kind]})
        self.written += 1
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = BRAND, creator.address, mail.subject
        message["Message-ID"] = f"<p-{self.written}@aptovia.example>"
        message.set_content(mail.body)
        if kind in (MailKind.BRIEF, MailKind.GO_LIVE):
            message.add_alternative(calendar(*WINDOW).decode(), subtype="calendar")
        self.world.receive(BRAND, [creator.address or ""], message.as_bytes())


def test_templates_and_answers_are_understood_on_both_sides_in_all_languages(tmp_path: Path):
    world = small_world(tmp_path, script="none")
    product = Product(world)
    for creator in reachable(world)[:40]:
        product.render(MailKind.OFFER, creator, fee=f"{creator.traits.reservation_price_eur * Decimal('1.1'):.2f} EUR")
    run(world, world.now + timedelta(days=3))
    deals = {deal["channel_id"]: deal for deal in world.truth()["deals"]}
    accepted = []
    for creator in reachable(world)[:40]:
        for answer in answers_from(world, creator):
            read = read_answer(text_of(answer).split("\n> ")[0])
            assert STATE_OF_ANSWER[read.kind.value] == deals[creator.channel_id]["state"], text_of(answer)
            assert not read.needs_a_person
            accepted += [creator] if read.kind == "accept" else []
    assert {creator.language for creator in accepted} == {"de", "en", "pt", "ja"}

    for creator in accepted:
        product.render(MailKind.BRIEF, creator)
    run(world, world.now + timedelta(days=2))
    for creator in accepted:
        draft = text_of(answers_from(world, creator)[-1]).split("\n> ")[0]
        assert product.url(creator) in draft
        assert disclosure_for(creator.market).wording in draft
        assert "Best store" not in draft
        product.render(MailKind.REVISION, creator)
    run(world, world.now + timedelta(days=1))
    for creator in accepted:
        assert len(answers_from(world, creator)) == 3  # yes, draft, revised draft
        product.render(MailKind.GO_LIVE, creator)
    run(world, FLIGHT[1])
    for creator in accepted:
        post = product.post_of(creator)
        assert WINDOW[0] <= post.published_at <= WINDOW[1]
        product.render(MailKind.CORRECTION, creator)
    run(world, world.now + timedelta(hours=12))
    mended = [creator for creator in accepted if product.post_of(creator).updated_at > FLIGHT[1]]
    assert len(mended) >= 0.6 * len(accepted)
    assert all(product.url(creator) in product.post_of(creator).description for creator in accepted)

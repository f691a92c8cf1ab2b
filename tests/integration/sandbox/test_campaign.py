"""From the offer to the orders, and each planted fault."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from tests.builders.sandbox_world import (
    BRAND,
    FLIGHT,
    WINDOW,
    WORDING,
    Brand,
    answers_from,
    reachable,
    run,
    small_world,
    text_of,
)

from sandbox.model import StoredMail, SystemDown


def header(mail: StoredMail, name: str) -> str:
    return str(message_from_bytes(mail.raw, policy=policy.default)[name] or "")


def test_an_offer_leads_to_an_answer_in_the_same_conversation(tmp_path: Path):
    world = small_world(tmp_path)
    brand, creators = Brand(world), reachable(world)[:12]
    sent = {creator.channel_id: brand.offer(creator, creator.traits.reservation_price_eur * 2) for creator in creators}
    run(world, world.now + timedelta(days=3))
    answered = [creator for creator in creators if answers_from(world, creator)]
    assert len(answered) >= 8
    for creator in answered:
        answer = answers_from(world, creator)[0]
        assert header(answer, "In-Reply-To") == sent[creator.channel_id]
        assert sent[creator.channel_id] in header(answer, "References")
        hours = (answer.sent_at - world.start).total_seconds() / 3600
        assert 3 <= hours <= 40


def test_an_answer_is_written_in_the_creators_language(tmp_path: Path):
    world = small_world(tmp_path)
    accepted = Brand(world).accepted_by(reachable(world)[:40])
    assert {creator.language for creator in accepted} == {"de", "en", "pt", "ja"}
    for creator in accepted:
        said = text_of(answers_from(world, creator)[0]).split("> ")[0]
        assert ("ます" in said) == (creator.language == "ja")


def test_answers_gather_at_few_instants(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    for creator in reachable(world)[:40]:
        brand.offer(creator, creator.traits.reservation_price_eur * 2)
    assert run(world, world.now + timedelta(days=3)) <= 4


def test_a_countered_offer_is_accepted_at_the_asked_sum(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    for creator in reachable(world)[:40]:
        brand.offer(creator, creator.traits.reservation_price_eur * Decimal("0.75"))
    run(world, world.now + timedelta(days=3))
    countered = [deal for deal in world.truth()["deals"] if deal["state"] == "countered"]
    assert countered
    asked = {}
    for deal in countered:
        asked[deal["reference"]] = Decimal(deal["decisions"][-1]["asked_eur"])
        creator = world.creator(deal["channel_id"])
        assert f"{asked[deal['reference']]:.2f} EUR" in text_of(answers_from(world, creator)[-1])
        brand.offer(creator, asked[deal["reference"]])
    run(world, world.now + timedelta(days=2))
    agreed = {deal["reference"]: deal["agreed_eur"] for deal in world.truth()["deals"] if deal["reference"] in asked}
    assert agreed == {reference: f"{amount:.2f}" for reference, amount in asked.items()}


def test_a_deadline_that_has_passed_gets_no_answer(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    for creator in reachable(world)[:10]:
        brand.offer(creator, Decimal(5000), answer_by="2026-10-01")
    assert world.next_event_at() is None


def test_a_mail_without_sum_or_reference_is_read_and_forgotten(tmp_path: Path):
    world = small_world(tmp_path)
    creator = reachable(world)[0]
    Brand(world).write(creator.address or "", "Hello", "How are you?")
    assert world.next_event_at() is None
    assert world.mailbox(creator.address or "")[0].unread
    world.advance_to(world.now + timedelta(days=1))
    assert not world.mailbox(creator.address or "")[0].unread


def test_an_unknown_address_bounces_to_the_brand(tmp_path: Path):
    world = small_world(tmp_path)
    message_id = Brand(world).write("nobody@nowhere.example", "Hi", "text")
    bounce = world.mailbox(BRAND)[0]
    parsed = message_from_bytes(bounce.raw, policy=policy.default)
    assert parsed.get_content_type() == "multipart/report"
    report = next(part for part in parsed.walk() if part.get_content_type() == "message/delivery-status")
    assert "nobody@nowhere.example" in str(report)
    assert header(bounce, "In-Reply-To") == message_id


def test_a_published_address_may_be_dead(tmp_path: Path):
    world = small_world(tmp_path, creators=600)
    dead = next(creator for creator in world.creators if creator.address and not creator.traits.mailbox_works)
    Brand(world).offer(dead, Decimal(500))
    assert "Undelivered" in world.mailbox(BRAND)[0].subject


def test_every_person_of_the_brand_has_a_mailbox(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    brand.write("mia@aptovia.example", "Please sign", "x")
    brand.write("team+tag@aptovia.example", "Tagged", "x")
    assert [mail.subject for mail in world.mailbox("mia@aptovia.example")] == ["Please sign"]
    assert [mail.subject for mail in world.mailbox(BRAND)] == ["Tagged"]


def test_mail_is_refused_while_the_mail_system_is_out(tmp_path: Path):
    world = small_world(tmp_path)
    world.start_incident("mail")
    with pytest.raises(SystemDown):
        Brand(world).write(BRAND, "x", "y")


def test_a_draft_holds_link_code_and_wording(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:16])
    for creator in accepted:
        brand.terms(creator, "brief", window=WINDOW)
    run(world, world.now + timedelta(days=2))
    for creator in accepted:
        draft = text_of(answers_from(world, creator)[-1]).split("> ")[0]
        for part in (brand.url(creator), brand.code(creator), WORDING[creator.language], "No ads in the store"):
            assert part in draft


def test_a_careless_draft_is_mended_when_asked(tmp_path: Path):
    world = small_world(tmp_path, script="demo", creators=600)
    brand = Brand(world)
    careless = [c for c in world.creators if c.traits.is_careless and c.address and c.traits.mailbox_works]
    accepted = brand.accepted_by(careless)
    assert accepted
    for creator in accepted:
        brand.terms(creator, "brief", window=WINDOW)
    run(world, world.now + timedelta(days=2))
    for creator in accepted:
        draft = text_of(answers_from(world, creator)[-1]).split("> ")[0]
        assert not (brand.code(creator) in draft and WORDING[creator.language] in draft)
        brand.terms(creator, "revision")
    run(world, world.now + timedelta(days=1))
    for creator in accepted:
        draft = text_of(answers_from(world, creator)[-1]).split("> ")[0]
        assert brand.code(creator) in draft
        assert WORDING[creator.language] in draft


def test_nobody_publishes_without_the_go_live(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    for creator in brand.accepted_by(reachable(world)[:6]):
        brand.terms(creator, "brief", window=WINDOW)
    run(world, FLIGHT[1])
    assert all("video_id" not in deal for deal in world.truth()["deals"])


def test_the_whole_way_from_offer_to_orders(tmp_path: Path):
    world = small_world(tmp_path, script="none")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:10])
    brand.brought_live(accepted)
    orders = world.orders(WINDOW[0])
    for creator in accepted:
        post, key = brand.post_of(creator), brand.provision(creator)
        assert WINDOW[0] <= post.published_at <= WINDOW[1]
        assert brand.url(creator) in post.description
        assert brand.code(creator) in post.description
        assert WORDING[creator.language] in post.description
        assert post.declares_paid_promotion
        assert world.statistics(post.video_id).views > 0
        visits = world.visits(key)
        assert visits
        assert all(post.published_at <= visit.date <= world.now for visit in visits)
    mine = [order for order in orders if order.utm_campaign == brand.campaign]
    assert {order.kind for order in mine} >= {"install", "sign_up", "purchase"}
    with_code = sum(bool(order.promo_code) for order in mine) / len(mine)
    assert 0.3 < with_code < 0.5
    assert any(order.promo_code and not order.utm_content for order in orders)
    assert any(visit.potential_bot for creator in accepted for visit in world.visits(brand.provision(creator)))
    rows = world.sessions(WINDOW[0].date(), FLIGHT[1].date())
    assert {row.utm_content for row in rows} >= {brand.provision(creator) for creator in accepted}


def test_what_was_seen_stays_as_it_was_seen(tmp_path: Path):
    world = small_world(tmp_path, script="demo")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:8])
    brand.brought_live(accepted, until=datetime(2026, 10, 15, 12, tzinfo=UTC))
    then = world.now
    orders, visits = world.orders(WINDOW[0]), [world.visits(brand.provision(creator)) for creator in accepted]
    run(world, FLIGHT[1])
    assert [order for order in world.orders(WINDOW[0]) if order.ordered_at <= then] == orders
    assert [[v for v in world.visits(brand.provision(c)) if v.date <= then] for c in accepted] == visits


def test_visits_since_an_instant_are_the_tail_of_all_visits(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:4])
    brand.brought_live(accepted)
    since = datetime(2026, 10, 18, 3, tzinfo=UTC)
    for creator in accepted:
        every = world.visits(brand.provision(creator))
        assert world.visits(brand.provision(creator), since) == [visit for visit in every if visit.date >= since]
    assert world.orders(since) == [order for order in world.orders() if order.ordered_at >= since]


# ---- the script `demo`


def test_the_script_plants_each_fault_in_order_of_acceptance(tmp_path: Path):
    world = small_world(tmp_path, script="demo")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:14])
    brand.brought_live(accepted)
    first, late, undisclosed, wrong_link, *clean = accepted
    for creator in (first, *clean):
        assert WINDOW[0] <= brand.post_of(creator).published_at <= WINDOW[1]
    assert brand.post_of(late).published_at >= WINDOW[1] + timedelta(days=2)
    assert WORDING[undisclosed.language] not in brand.post_of(undisclosed).description
    assert not brand.post_of(undisclosed).declares_paid_promotion
    assert brand.url(wrong_link) not in brand.post_of(wrong_link).description
    assert brand.code(wrong_link) in brand.post_of(wrong_link).description
    assert world.visits(brand.provision(wrong_link)) == []


def test_the_script_plants_in_each_campaign_anew(tmp_path: Path):
    world = small_world(tmp_path, script="demo")
    creators = reachable(world)
    one, other = Brand(world, "one-1"), Brand(world, "two-2")
    one.accepted_by(creators[:14])
    other.accepted_by(creators[14:28])
    faults = {(deal["campaign"], deal["planted_fault"]) for deal in world.truth()["deals"] if deal["planted_fault"]}
    assert faults == {(name, fault) for name in ("one-1", "two-2") for fault in ("late", "undisclosed", "wrong_link")}


def test_nothing_is_planted_without_the_script(tmp_path: Path):
    world = small_world(tmp_path, script="none")
    brand = Brand(world)
    brand.accepted_by(reachable(world)[:10])
    assert not any(deal["planted_fault"] for deal in world.truth()["deals"])
    assert world.incidents() == []


def test_the_landing_page_of_the_first_market_fails_and_nobody_converts_there(tmp_path: Path):
    world = small_world(tmp_path, script="demo")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:14])
    brand.brought_live(accepted)
    outage = world.incidents()[0]
    assert (outage.system, outage.market, outage.scripted) == ("landing", accepted[0].market, True)
    assert outage.started_at == FLIGHT[0].replace(day=FLIGHT[0].day + 3, hour=8)
    assert outage.ended_at is not None
    assert outage.ended_at - outage.started_at == timedelta(hours=36)
    during = [order for order in world.orders(outage.started_at) if order.ordered_at < outage.ended_at]
    assert outage.market not in {order.market for order in during}
    assert {order.market for order in during}
    visits = world.visits(brand.provision(accepted[0]))
    assert any(outage.started_at <= visit.date < outage.ended_at for visit in visits)  # people still click


def test_a_correction_mends_the_description_within_half_a_day(tmp_path: Path):
    world = small_world(tmp_path, script="demo")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:14])
    brand.brought_live(accepted, until=datetime(2026, 10, 17, 8, tzinfo=UTC))
    faulty = accepted[2:4]
    for creator in faulty:
        brand.terms(creator, "correction")
    asked = world.now
    run(world, asked + timedelta(hours=12))
    for creator in faulty:
        post = brand.post_of(creator)
        assert timedelta(hours=6) <= post.updated_at - asked <= timedelta(hours=12)
        assert brand.url(creator) in post.description
        assert WORDING[creator.language] in post.description
        assert post.declares_paid_promotion
    run(world, FLIGHT[1])
    repaired = brand.post_of(faulty[1])
    visits = world.visits(brand.provision(faulty[1]))
    assert visits
    assert min(visit.date for visit in visits) >= repaired.updated_at


def test_a_redirector_outage_costs_hits_and_their_orders(tmp_path: Path):
    world = small_world(tmp_path)
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:4])
    brand.brought_live(accepted, until=datetime(2026, 10, 16, 8, tzinfo=UTC))
    world.start_incident("redirector")
    began = world.now
    world.advance_to(began + timedelta(days=1))
    world.end_incident("redirector")
    world.advance_to(began + timedelta(days=2))
    dates = [visit.date for creator in accepted for visit in world.visits(brand.provision(creator))]
    assert any(date < began for date in dates)
    assert not any(began <= date < began + timedelta(days=1) for date in dates)
    assert any(date >= began + timedelta(days=1) for date in dates)

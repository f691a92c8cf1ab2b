"""Links, codes, orders of people, incidents."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.builders.sandbox_world import small_world

from sandbox.model import SandboxError, SlugTaken, SystemDown, UnknownLink
from sandbox.webhooks import signature

LONG = "http://app.example/app/DE?utm_source=youtube&utm_medium=paid_social&utm_campaign=c&utm_content=c-01"


def test_a_real_request_is_a_visit(tmp_path: Path):
    world = small_world(tmp_path)
    world.create_link(LONG, "c-01")
    assert world.resolve("c-01", "Mozilla/5.0", country="DE") == LONG
    visit = world.visits("c-01")[0]
    assert (visit.is_real, visit.potential_bot, visit.date, visit.redirect_url) == (True, False, world.now, LONG)


def test_a_crawler_is_flagged_and_a_look_leaves_no_visit(tmp_path: Path):
    world = small_world(tmp_path)
    world.create_link(LONG, "c-01")
    world.resolve("c-01", "Googlebot/2.1")
    world.resolve("c-01", "Mozilla/5.0", record=False)
    assert [visit.potential_bot for visit in world.visits("c-01")] == [True]


def test_a_slug_is_given_once(tmp_path: Path):
    world = small_world(tmp_path)
    world.create_link(LONG, "c-01")
    with pytest.raises(SlugTaken):
        world.create_link(LONG, "c-01")
    assert world.create_link(LONG).slug != world.create_link(LONG).slug


def test_an_unknown_link_is_refused(tmp_path: Path):
    world = small_world(tmp_path)
    for ask in (
        world.link,
        world.visits,
        lambda slug: world.resolve(slug, "x"),
        lambda slug: world.edit_link(slug, title="y"),
    ):
        with pytest.raises(UnknownLink):
            ask("nowhere")


def test_an_edited_link_leads_elsewhere_from_then_on(tmp_path: Path):
    world = small_world(tmp_path)
    world.create_link(LONG, "c-01")
    created = world.now
    world.advance_to(world.now + timedelta(hours=1))
    world.edit_link("c-01", long_url="http://new.example/")
    assert world.resolve("c-01", "x") == "http://new.example/"
    assert world.resolve("c-01", "x", at=created) == LONG


def test_a_redirector_outage_refuses_and_records_nothing(tmp_path: Path):
    world = small_world(tmp_path)
    world.create_link(LONG, "c-01")
    world.start_incident("redirector")
    with pytest.raises(SystemDown):
        world.resolve("c-01", "Mozilla/5.0")
    world.end_incident("redirector")
    assert world.visits("c-01") == []


def test_a_purchase_with_a_code_is_cheaper_and_carries_both_traces(tmp_path: Path):
    world = small_world(tmp_path)
    world.upload_codes([{"code": "APT1", "utm_content": "c-01", "discount_percent": "10"}])
    order = world.convert("DE", "purchase", "apt1", {"utm_content": "c-01", "source": "youtube"})
    assert order.amount == Decimal("2.69")  # 2.99 less 10 %
    assert (order.promo_code, order.utm_content, order.utm_source, order.is_test) == ("APT1", "c-01", "youtube", False)
    assert order in world.orders(world.now)


@pytest.mark.parametrize(
    ("market", "kind", "code"), [("XX", "install", ""), ("DE", "theft", ""), ("DE", "install", "NOPE")]
)
def test_an_order_that_makes_no_sense_is_refused(tmp_path: Path, market: str, kind: str, code: str):
    with pytest.raises(SandboxError):
        small_world(tmp_path).convert(market, kind, code)


def test_a_code_is_valid_to_the_end_of_its_last_day(tmp_path: Path):
    world = small_world(tmp_path)
    world.upload_codes([{"code": "A", "valid_from": "2026-10-05", "valid_to": "2026-10-06"}])
    world.advance_to(datetime(2026, 10, 6, 23, tzinfo=UTC))
    assert world.convert("DE", "install", "A").promo_code == "A"
    world.advance_to(datetime(2026, 10, 7, 1, tzinfo=UTC))
    with pytest.raises(SandboxError, match="not valid now"):
        world.convert("DE", "install", "A")


@pytest.mark.parametrize(
    "row",
    [
        {"code": ""},
        {"code": "A", "discount_percent": "x"},
        {"code": "A", "discount_percent": "101"},
        {"code": "A", "valid_from": "soon"},
    ],
)
def test_one_bad_row_and_nothing_is_uploaded(tmp_path: Path, row: dict[str, str]):
    world = small_world(tmp_path)
    with pytest.raises(SandboxError):
        world.upload_codes([{"code": "GOOD"}, row])
    assert world.codes() == []


def test_a_landing_outage_refuses_people_and_stops_organic_orders_of_its_market_only(tmp_path: Path):
    world = small_world(tmp_path)
    began = world.now
    world.start_incident("landing", "DE")
    with pytest.raises(SystemDown):
        world.convert("DE", "install")
    assert world.convert("US", "install").market == "US"
    world.advance_to(began + timedelta(days=2))
    markets = {order.market for order in world.orders(began)}
    assert "DE" not in markets
    assert markets >= {"US", "BR", "JP"}
    world.end_incident("landing", "DE")
    world.advance_to(began + timedelta(days=4))
    assert "DE" in {order.market for order in world.orders(began)}


def test_an_unknown_system_or_market_has_no_incident(tmp_path: Path):
    world = small_world(tmp_path)
    for system, market in (("moon", None), ("landing", "XX")):
        with pytest.raises(SandboxError):
            world.start_incident(system, market)


def test_organic_business_follows_the_week(tmp_path: Path):
    world = small_world(tmp_path)
    orders = world.orders(world.now - timedelta(days=84))
    by_weekday = [sum(order.ordered_at.weekday() == day for order in orders) for day in range(7)]
    assert by_weekday[5] > 1.1 * by_weekday[1]  # Saturday against Tuesday
    assert all(not order.utm_content and not order.promo_code for order in orders)


def test_sessions_miss_the_hours_in_which_analytics_was_out(tmp_path: Path):
    working, broken = small_world(tmp_path / "a"), small_world(tmp_path / "b")
    broken.start_incident("analytics")
    for world in (working, broken):
        world.advance_to(datetime(2026, 10, 6, 8, tzinfo=UTC))
    day = date(2026, 10, 5)
    assert (
        sum(row.sessions for row in broken.sessions(day, day))
        < sum(row.sessions for row in working.sessions(day, day)) / 2
    )


def test_nothing_is_known_of_tomorrow(tmp_path: Path):
    world = small_world(tmp_path)
    assert all(order.ordered_at <= world.now for order in world.orders(world.now - timedelta(days=2)))
    assert world.sessions(date(2026, 10, 6), date(2026, 10, 9)) == []


def test_a_webhook_needs_an_http_address_and_a_secret(tmp_path: Path):
    world = small_world(tmp_path)
    for url, secret in (("file:///etc/passwd", "s"), ("http://x.example", "")):
        with pytest.raises(SandboxError):
            world.register_webhook(url, secret)


def test_a_signature_is_the_hmac_of_the_body():
    # RFC 4231, test case 2: key "Jefe"
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature("Jefe", b"what do ya want for nothing?") == f"sha256={expected}"

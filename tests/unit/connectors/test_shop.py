"""The shop: money exact, odd files read, bad rows handed over; and the landing pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs

import httpx
import pytest

from builders.pipelines import NOON, Wire, collected, json_answer, pipeline_on, record_of
from mardev.connectors.errors import RequestRefused
from mardev.connectors.google_credentials import BearerToken
from mardev.connectors.shop import LandingPages, OrderRecord, PromoCode, Shop, app_page
from mardev.connectors.shop.limits import ORDER_COLUMNS
from mardev.domain.words import ConversionKind
from mardev.errors import ContractBroken, FixFirst, RecordMalformed, TransportFailed

HEADER = ",".join(ORDER_COLUMNS)
LINE = "A-1,2026-10-05T08:00:00Z,purchase,DE,ADA10,youtube,paid_social,autumn,autumn-1,19.90,EUR,false"
ORDER = OrderRecord(
    "A-1", NOON, ConversionKind.PURCHASE, "DE", "ADA10", "youtube", "paid_social", "autumn", "autumn-1",
    Decimal("19.90"), "EUR", False,
)  # fmt: skip
APP = {"app_url": "http://service.example/app/{market}"}


def csv_answer(text: str):
    return lambda _request: httpx.Response(200, content=text.encode(), headers={"content-type": "text/csv"})


def shop_on(*answers, **options) -> tuple[Shop, Wire]:
    wire = Wire(*answers)
    pipeline = pipeline_on(wire, "shop", auth=BearerToken(lambda: "TOKEN"))
    return Shop(pipeline, record_of("mardev_shop", extra=APP), lambda: NOON, **options), wire


def orders_in(text: str, **options):
    return list(shop_on(csv_answer(text), **options)[0].orders())


def changed(**cells: str) -> str:
    values = dict(zip(ORDER_COLUMNS, LINE.split(","), strict=True)) | cells
    return ",".join(values[name] for name in ORDER_COLUMNS)


def test_an_order_is_read_with_exact_money():
    shop, wire = shop_on(csv_answer(f"{HEADER}\r\n{LINE}\r\n"))
    assert list(shop.orders(NOON)) == [ORDER]
    (request,) = wire.requests
    assert str(request.url) == "http://service.example/orders.csv?since=2026-10-05T08%3A00%3A00Z"
    assert request.headers["authorization"] == "Bearer TOKEN"


def test_cents_do_not_become_binary():
    (order,) = orders_in(f"{HEADER}\n{changed(amount='0.10')}\n")
    assert order.amount is not None
    assert order.amount * 3 == Decimal("0.30")


def test_an_install_has_no_money_and_an_organic_order_no_source():
    line = changed(
        kind="install", amount="", currency="", promo_code="", utm_content="", utm_source=" ", is_test="TRUE"
    )
    (order,) = orders_in(f"{HEADER}\n{line}\n")
    assert (order.amount, order.currency, order.promo_code, order.utm_content, order.utm_source) == (None,) * 5
    assert (order.kind, order.is_test) == (ConversionKind.INSTALL, True)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_byte_marks_and_blank_lines_of_spreadsheets_are_read(separator):
    text = f"\ufeff{HEADER}\r\n\r\n{LINE}\r\n".replace(",", separator)
    assert orders_in(text) == [ORDER]


def test_columns_may_stand_in_any_order_beside_others():
    names = (*reversed(ORDER_COLUMNS), "Comment")
    cells = (*reversed(LINE.split(",")), '"a, ""b""\nc"')
    assert orders_in(f"{','.join(names).upper()}\n{','.join(cells)}\n") == [ORDER]


def test_a_refund_is_negative():
    (order,) = orders_in(f"{HEADER}\n{changed(amount='-19.90')}")
    assert order.amount == Decimal("-19.90")


def test_no_orders_are_an_empty_list():
    assert orders_in(HEADER) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (changed(order_id=""), "order_id is missing"),
        (changed(ordered_at="yesterday"), "ordered_at is not an instant"),
        (changed(ordered_at="2026-10-05T08:00:00"), "ordered_at has no offset from UTC"),
        (changed(kind="gift"), "kind is none of install, sign_up, purchase, other"),
        (changed(market="Germany"), "market is not a country code"),
        (changed(amount="19,90".replace(",", ".") + "x"), "amount is not an amount of money"),
        (changed(amount="NaN"), "amount is not an amount of money"),
        (changed(amount="1e3"), "amount is not an amount of money"),
        (changed(currency=""), "currency is not a currency code"),
        (changed(is_test="maybe"), "is_test is neither true nor false"),
        (changed(promo_code="x" * 3000), "promo_code is too long or not a text"),
        ("A-2,2026", "kind is missing"),
        (f"{LINE},one,more", "more cells than columns"),
    ],
)
def test_a_malformed_order_is_handed_over_and_the_rest_goes_on(line, reason):
    found, on_malformed = collected()
    assert orders_in(f"{HEADER}\n{line}\n{changed(order_id='A-9')}\n", on_malformed=on_malformed)[0].order_id == "A-9"
    assert [text for _, text in found] == [f"orders.csv, line 2: {reason}"]


def test_an_order_that_stands_there_twice_counts_once():
    found, on_malformed = collected()
    assert orders_in(f"{HEADER}\n{LINE}\n{LINE}\n", on_malformed=on_malformed) == [ORDER]
    assert "twice" in found[0][1]


def test_a_cell_beyond_all_bounds_is_handed_over():
    found, on_malformed = collected()
    huge = "x" * 200_000  # the csv module refuses cells over 131,072 characters
    orders = orders_in(f"{HEADER}\n{changed(promo_code=huge)}\n{LINE}\n", on_malformed=on_malformed)
    assert orders == [ORDER]
    assert "not CSV" in found[0][1]


@pytest.mark.parametrize("text", ["", "\n", "order_id,kind\nA-1,install\n", "<html>busy</html>"])
def test_a_file_without_its_columns_breaks_the_contract(text):
    with pytest.raises(ContractBroken):
        orders_in(text)


CODE = PromoCode("ADA10", "autumn-1", NOON, NOON + timedelta(days=14), 10)


def test_codes_are_uploaded_as_csv():
    shop, wire = shop_on(json_answer({"accepted": 1}))
    shop.upload_codes([CODE])
    (request,) = wire.requests
    assert (request.method, request.url.path) == ("POST", "/codes")
    assert request.content.decode() == (
        "code,utm_content,valid_from,valid_to,discount_percent\r\n"
        "ADA10,autumn-1,2026-10-05T08:00:00Z,2026-10-19T08:00:00Z,10\r\n"
    )


def test_no_codes_are_not_uploaded():
    shop, wire = shop_on(json_answer({}))
    shop.upload_codes([])
    assert wire.requests == []


@pytest.mark.parametrize(
    "code",
    [
        PromoCode("=1+1", "a", NOON, NOON, 1),
        PromoCode("", "a", NOON, NOON, 1),
        PromoCode("A", "@b", NOON, NOON, 1),
        PromoCode("A", "b", NOON, NOON, 101),
    ],
)
def test_a_code_the_shop_cannot_take_is_not_sent(code):
    shop, wire = shop_on(json_answer({}))
    with pytest.raises(RecordMalformed):
        shop.upload_codes([code])
    assert wire.requests == []


def test_a_refused_file_asks_a_person():
    with pytest.raises(RequestRefused):
        shop_on(json_answer({}, 400))[0].upload_codes([CODE])


def test_a_shop_needs_a_host():
    with pytest.raises(FixFirst, match="has no host"):
        Shop(pipeline_on(Wire(json_answer({})), "shop"), record_of("mardev_shop", host=""), lambda: NOON)


def test_the_landing_page_of_a_market_carries_the_parameters():
    with shop_on(json_answer({}))[0] as shop:
        address = shop.app_page("DE", {"utm_content": "autumn 1"})
    assert address == "http://service.example/app/DE?utm_content=autumn+1"
    with pytest.raises(FixFirst, match="app_url"):
        app_page(record_of("mardev_shop"), "DE")


def landing_on(*answers) -> tuple[LandingPages, Wire]:
    wire = Wire(*answers)
    return LandingPages(pipeline_on(wire, "landing"), record_of("mardev_shop", extra=APP)), wire


def moved(target: str):
    return lambda _request: httpx.Response(302, headers={"location": target})


def test_a_link_is_followed_to_its_end_as_a_bot():
    landing, wire = landing_on(moved("/app/DE?utm_content=autumn-1"), lambda _: httpx.Response(200, text="Install"))
    link = landing.follow("http://service.example/s/autumn-1")
    assert (link.is_open, link.redirects, link.status_code, link.content) == (True, 1, 200, "Install")
    assert (link.parameter("utm_content"), link.parameter("utm_source")) == ("autumn-1", None)
    assert all("bot" in request.headers["user-agent"] for request in wire.requests)
    assert "authorization" not in wire.requests[0].headers


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_page_that_does_not_open_is_an_answer(status):
    landing, wire = landing_on(json_answer({}, status))
    link = landing.follow("http://service.example/s/autumn-1")
    assert (link.is_open, link.status_code, len(wire.requests)) == (False, status, 1)


def test_no_answer_at_all_is_a_failed_transport():
    with landing_on(httpx.ConnectError("refused"))[0] as landing, pytest.raises(TransportFailed):
        landing.follow("http://service.example/s/autumn-1")


@pytest.mark.parametrize("answer", [moved("/again"), lambda _: httpx.Response(302)])
def test_a_link_that_leads_nowhere_is_broken(answer):
    with pytest.raises(ContractBroken):
        landing_on(answer)[0].follow("http://service.example/s/autumn-1")


def test_a_test_conversion_says_that_it_is_one():
    landing, wire = landing_on(moved("/app/DE/thanks"))
    landing.convert_for_test(
        "http://service.example/app/DE?utm_content=x", ConversionKind.INSTALL, code="ADA10",
        parameters={"utm_content": "autumn-1"},
    )  # fmt: skip
    (request,) = wire.requests
    assert request.url.path == "/app/DE/convert"
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    assert form == {"kind": "install", "code": "ADA10", "test": "1", "utm_content": "autumn-1"}


def test_orders_of_another_offset_are_told_in_utc():
    (order,) = orders_in(f"{HEADER}\n{changed(ordered_at='2026-10-05T17:00:00+09:00')}")
    assert order.ordered_at == datetime(2026, 10, 5, 8, tzinfo=UTC)

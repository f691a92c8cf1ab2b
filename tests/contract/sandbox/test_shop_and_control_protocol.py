"""The shop's files and the controls of the world."""

import csv
import io
import logging

import pytest

CODES = "code,utm_content,valid_from,valid_to,discount_percent\r\nSPRING10,p-1,2026-10-01,2026-11-01,10\r\n"


@pytest.fixture
def shop(served):
    served.http.headers.update(served.bearer(served.tokens.shop_bearer))
    return served.http


@pytest.fixture
def control(served):
    served.http.headers.update(served.bearer(served.tokens.control))
    return served.http


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_orders_come_as_csv(served, shop):
    shop.post("/shop/codes", content=CODES)
    shop.post("/app/DE/convert", data={"kind": "purchase", "code": "SPRING10", "utm_content": "p-1"})
    [order] = rows(shop.get("/shop/orders.csv"))
    assert order["ordered_at"] == "2026-10-05T08:00:00Z"
    assert (order["amount"], order["currency"], order["is_test"]) == ("4.99", "EUR", "false")
    assert (order["promo_code"], order["utm_content"]) == ("SPRING10", "p-1")


def test_orders_since_an_instant(shop):
    shop.post("/app/DE/convert", data={"kind": "install"})
    assert len(rows(shop.get("/shop/orders.csv", params={"since": "2026-10-05T08:00:00Z"}))) == 1
    assert rows(shop.get("/shop/orders.csv", params={"since": "2026-10-05T08:00:01+00:00"})) == []
    assert shop.get("/shop/orders.csv", params={"since": "soon"}).status_code == 400


def test_codes_are_taken_and_listed(shop):
    assert shop.post("/shop/codes", content=CODES).json() == {"accepted": 1}
    assert rows(shop.get("/shop/codes"))[0]["code"] == "SPRING10"


@pytest.mark.parametrize("content", [b"code\r\nA\r\n", b"\xff\xfe", CODES.replace("SPRING10", "").encode()])
def test_bad_files_of_codes_are_refused(shop, content):
    answer = shop.post("/shop/codes", content=content)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_webhook_is_registered_without_repeating_its_secret(shop):
    answer = shop.post("/shop/webhooks", json={"url": "http://127.0.0.1:9/orders", "secret": "HOOK-CANARY"})
    assert answer.status_code == 201
    assert "HOOK-CANARY" not in answer.text
    assert shop.post("/shop/webhooks", json={"url": "file:///etc/passwd", "secret": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/shop/orders.csv", "/shop/codes", "/shop/health"])
def test_the_shop_wants_its_token(served, path):
    assert served.http.get(path).status_code == 401
    assert served.http.get(path, headers=served.bearer("wrong")).status_code == 401


def test_an_outage_of_the_shop_is_unavailable(served, shop):
    assert shop.get("/shop/health").status_code == 200
    served.world.start_incident("shop")
    assert shop.get("/shop/health").status_code == 503


# ---- control


def test_anyone_may_read_the_clock(served):
    assert served.http.get("/_sandbox/clock").json() == {"now": "2026-10-05T08:00:00Z", "next_event_at": None}


def test_the_clock_is_moved_with_the_token_only(served):
    later = {"now": "2026-10-06T08:00:00Z"}
    assert served.http.post("/_sandbox/clock", json=later).status_code == 401
    answer = served.http.post("/_sandbox/clock", json=later, headers=served.bearer(served.tokens.control))
    assert answer.json()["now"] == later["now"]


@pytest.mark.parametrize("now", ["2026-10-05T07:00:00Z", "2026-10-06T08:00:00", "soon", None])
def test_the_clock_does_not_go_where_it_cannot(control, now):
    assert control.post("/_sandbox/clock", json={"now": now}).status_code == 400


def test_an_outage_is_caused_listed_and_mended(served, control):
    wanted = {"system": "landing", "market": "DE", "kind": "outage"}
    assert control.post("/_sandbox/incidents", json=wanted).status_code == 201
    assert served.http.get("/app/DE").status_code == 503
    assert control.get("/_sandbox/incidents").json()["incidents"][0]["active"] is True
    ended = control.request("DELETE", "/_sandbox/incidents", json={"system": "landing", "market": "DE"}).json()["ended"]
    assert [one["active"] for one in ended] == [False]
    assert served.http.get("/app/DE").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        {"system": "moon"},
        {"system": "landing", "market": "XX"},
        {"system": "shop", "market": "DE"},  # there is one shop for all markets
        {"system": "shop", "kind": "quota"},
        ["youtube"],
    ],
)
def test_only_what_exists_can_be_broken(control, wanted):
    assert control.post("/_sandbox/incidents", json=wanted).status_code == 400


@pytest.mark.parametrize(("method", "path"), [("POST", "/_sandbox/incidents"), ("DELETE", "/_sandbox/incidents")])
def test_breaking_and_mending_need_the_token(served, method, path):
    assert served.http.request(method, path, json={"system": "shop"}).status_code == 401
    assert served.world.incidents() == []


def test_the_truth_is_told_to_the_token_only(served):
    assert served.http.get("/_truth").status_code == 401
    told = served.http.get("/_truth/communities", headers=served.bearer(served.tokens.control))
    assert "communities" in told.json()
    assert served.http.get("/_truth/lies", headers=served.bearer(served.tokens.control)).status_code == 404


def test_health_names_the_revisions_of_the_contracts(served):
    health = served.http.get("/_sandbox/health").json()
    assert health["status"] == "pass"
    assert all(revision.isdigit() for revision in health["contracts"].values())


def test_no_credential_reaches_a_log(served, caplog):
    with caplog.at_level(logging.DEBUG):
        served.http.get("/youtube/youtube/v3/channels", params={"key": "WRONG-CANARY", "part": "id"})
        served.http.get("/shop/codes", headers=served.bearer("WRONG-CANARY"))
        served.http.post("/_sandbox/clock", json={}, headers=served.bearer(served.tokens.control))
    own = [
        record.getMessage() for record in caplog.records if record.name.startswith(("sandbox", "uvicorn", "fastapi"))
    ]
    assert not any("CANARY" in message for message in own)
    assert "CANARY" not in repr(served.tokens)

"""The link shortener: links made once, visits named the same each time they are read."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from builders.pipelines import KEY, NOON, Wire, collected, json_answer, pipeline_on, record_of
from mardev.connectors.errors import NotThere, RequestRefused
from mardev.connectors.headers import HeaderKey
from mardev.connectors.http import Dialect
from mardev.connectors.shlink import Shlink, ShortUrlRecord
from mardev.connectors.shlink.client import problem_reason
from mardev.errors import ContractBroken, FixFirst, TransportFailed

TARGET = "https://app.example/de?utm_content=autumn-1"
LINK = {
    "shortCode": "autumn-1",
    "shortUrl": "http://s.example/autumn-1",
    "longUrl": TARGET,
    "dateCreated": "2026-10-05T10:00:00+02:00",
    "visitsSummary": {"total": 0, "nonBots": 0, "bots": 0},
    "tags": ["autumn"],
    "meta": {"validSince": None, "validUntil": None, "maxVisits": None},
    "domain": None,
    "title": None,
    "crawlable": False,
    "forwardQuery": True,
    "hasRedirectRules": False,
}
RECORD = ShortUrlRecord("autumn-1", "http://s.example/autumn-1", TARGET, None, ("autumn",), NOON)


def problem(name: str, status: int):
    return json_answer(
        {"type": f"https://shlink.io/api/error/{name}", "title": "t", "detail": "d", "status": status}, status
    )


def visit(**changes):
    return {
        "referer": "https://m.youtube.com",
        "date": "2026-10-05T10:00:00+02:00",
        "userAgent": "Mozilla/5.0",
        "visitLocation": {"countryCode": "DE", "countryName": "Germany"},
        "potentialBot": False,
        "visitedUrl": "http://s.example/autumn-1",
        **changes,
    }


def visits_page(*data, pages: int = 1):
    return json_answer({"visits": {"data": list(data), "pagination": {"currentPage": 1, "pagesCount": pages}}})


def shlink_on(*answers, **options) -> tuple[Shlink, Wire]:
    wire = Wire(*answers)
    pipeline = pipeline_on(wire, "shlink", auth=HeaderKey("X-Api-Key", KEY), dialect=Dialect(reason=problem_reason))
    return Shlink(pipeline, record_of("mardev_shlink"), lambda: NOON, **options), wire


def test_a_link_is_made_with_its_own_name():
    shlink, wire = shlink_on(json_answer(LINK))
    assert shlink.create_short_url(TARGET, "autumn-1", title="Ada", tags=["autumn"]) == RECORD
    (request,) = wire.requests
    assert (request.method, request.url.path, request.headers["x-api-key"]) == ("POST", "/rest/v3/short-urls", KEY)
    assert json.loads(request.content) == {
        "longUrl": TARGET,
        "customSlug": "autumn-1",
        "findIfExists": True,
        "title": "Ada",
        "tags": ["autumn"],
    }


def test_making_a_link_again_finds_the_first_one():
    shlink, wire = shlink_on(problem("non-unique-slug", 400), json_answer(LINK))
    assert shlink.create_short_url(TARGET, "autumn-1") == RECORD
    assert wire.paths == ["/rest/v3/short-urls", "/rest/v3/short-urls/autumn-1"]


def test_a_name_that_another_address_holds_is_refused():
    shlink, _ = shlink_on(problem("non-unique-slug", 400), json_answer({**LINK, "longUrl": "https://other.example"}))
    with pytest.raises(RequestRefused, match="non-unique-slug"):
        shlink.create_short_url(TARGET, "autumn-1")


def test_an_address_that_is_none_is_refused():
    shlink, _ = shlink_on(problem("invalid-data", 400))
    with pytest.raises(RequestRefused) as caught:
        shlink.create_short_url("nowhere", "autumn-1")
    assert caught.value.reason == "invalid-data"


def test_a_link_may_be_read_and_changed():
    shlink, wire = shlink_on(json_answer(LINK))
    assert shlink.get("autumn/1") == RECORD
    assert shlink.edit("autumn-1", title="New", tags=[]) == RECORD
    assert wire.requests[0].url.raw_path == b"/rest/v3/short-urls/autumn%2F1"
    assert (wire.requests[1].method, json.loads(wire.requests[1].content)) == ("PATCH", {"title": "New", "tags": []})


def test_a_link_that_is_gone_is_not_there():
    shlink, _ = shlink_on(problem("short-url-not-found", 404))
    with pytest.raises(NotThere):
        shlink.get("gone")


def test_a_link_without_its_fields_breaks_the_contract():
    shlink, _ = shlink_on(json_answer({"shortCode": "autumn-1"}))
    with pytest.raises(ContractBroken, match="shortUrl is missing"):
        shlink.get("autumn-1")


def test_a_refusal_without_a_type_is_judged_by_its_status():
    for body in ([], "x", {"type": 7}):
        shlink, _ = shlink_on(json_answer(body, 400))
        with pytest.raises(RequestRefused) as caught:
            shlink.get("x")
        assert caught.value.reason == ""
    shlink, _ = shlink_on(lambda _: httpx.Response(400, content=b"<html>"))
    with pytest.raises(RequestRefused):
        shlink.get("x")


def test_visits_are_read_with_exact_types():
    shlink, wire = shlink_on(visits_page(visit()))
    (record,) = shlink.visits("autumn-1", since=NOON + timedelta(microseconds=5))
    assert (record.visited_at, record.country, record.potential_bot) == (
        datetime(2026, 10, 5, 8, tzinfo=UTC),
        "DE",
        False,
    )
    assert (record.referer, record.user_agent) == ("https://m.youtube.com", "Mozilla/5.0")
    assert wire.requests[0].url.params["startDate"] == "2026-10-05T08:00:00+00:00"


def test_visits_of_all_pages_are_read():
    first, second = (visits_page(visit(userAgent=name), pages=2) for name in ("a", "b"))
    shlink, wire = shlink_on(first, second)
    assert [record.user_agent for record in shlink.visits("autumn-1")] == ["a", "b"]
    assert [request.url.params["page"] for request in wire.requests] == ["1", "2"]


def test_a_visit_has_the_same_name_each_time_it_is_read_and_equal_visits_have_two():
    page = visits_page(visit(), visit(), visit(visitLocation=None))
    names = [[record.visit_key for record in shlink_on(page)[0].visits("autumn-1")] for _ in range(2)]
    assert names[0] == names[1]
    assert len(set(names[0])) == 3


def test_what_a_visit_does_not_tell_is_none():
    shlink, _ = shlink_on(visits_page(visit(visitLocation=None, referer="", userAgent=None, potentialBot=True)))
    (record,) = shlink.visits("autumn-1")
    assert (record.country, record.referer, record.user_agent, record.potential_bot) == (None, None, None, True)


def test_malformed_visits_are_handed_over():
    found, on_malformed = collected()
    items = [visit(date="yesterday"), visit(date="2026-10-05T10:00:00"), visit(potentialBot=None), visit()]
    shlink, _ = shlink_on(visits_page(*items), on_malformed=on_malformed)
    assert len(list(shlink.visits("autumn-1"))) == 1
    assert [reason for _, reason in found] == [
        "visits.list: date is not an instant",
        "visits.list: date has no offset from UTC",
        "visits.list: potentialBot is missing",
    ]


@pytest.mark.parametrize(
    "body",
    [{}, {"visits": {"data": {}, "pagination": {"pagesCount": 1}}}, {"visits": {"data": []}},
     {"visits": {"data": [], "pagination": {"pagesCount": "x"}}}],
)  # fmt: skip
def test_visits_of_another_shape_break_the_contract(body):
    shlink, _ = shlink_on(json_answer(body))
    with pytest.raises(ContractBroken):
        list(shlink.visits("autumn-1"))


def test_a_link_without_visits_has_none():
    shlink, wire = shlink_on(visits_page(pages=3))
    assert list(shlink.visits("autumn-1")) == []
    assert len(wire.requests) == 1


def test_health_is_asked_for():
    with shlink_on(json_answer({"status": "pass"}))[0] as shlink:
        shlink.health()
    with pytest.raises(TransportFailed):
        shlink_on(json_answer({"status": "fail"}))[0].health()
    with pytest.raises(TransportFailed):
        shlink_on(json_answer({"status": "fail"}, 503))[0].health()


def test_a_connection_without_a_host_is_incomplete():
    with pytest.raises(FixFirst, match="has no host"):
        Shlink(pipeline_on(Wire(json_answer({})), "shlink"), record_of("mardev_shlink", host=""), lambda: NOON)

"""Shlink REST v3 of the sandbox, and our schema of it beside the published description."""

import json
from pathlib import Path

import pytest

from mardev.settings import PROJECT_ROOT
from sandbox.protocols.shlink_schema import DEFINITIONS

LINKS = "/shlink/rest/v3/short-urls"
LONG = "http://shop.example/app/DE?utm_content=placement-1"
PUBLISHED = PROJECT_ROOT.parent / "shared" / "specs" / "shlink" / "docs" / "swagger" / "definitions"


@pytest.fixture
def shlink(served):
    served.http.headers["x-api-key"] = served.tokens.shlink_key
    return served.http


def create(shlink, **body):
    return shlink.post(LINKS, json={"longUrl": LONG, **body})


def test_a_link_is_made_as_asked(served, shlink):
    link = create(shlink, customSlug="spring", title="Spring", tags=["it-1"]).json()
    assert link["shortUrl"] == f"{served.url}shlink/spring"
    assert (link["longUrl"], link["title"], link["tags"]) == (LONG, "Spring", ["it-1"])
    assert link["visitsSummary"] == {"total": 0, "nonBots": 0, "bots": 0}


def test_the_same_link_is_found_again(shlink):
    body = {"customSlug": "spring", "title": "Spring", "tags": ["it-1"], "findIfExists": True}
    assert create(shlink, **body).json() == create(shlink, **body).json()
    assert shlink.get(LINKS).json()["shortUrls"]["pagination"]["totalItems"] == 1


def test_a_slug_in_use_is_refused(shlink):
    create(shlink, customSlug="spring")
    answer = shlink.post(LINKS, json={"longUrl": LONG + "2", "customSlug": "spring", "findIfExists": True})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/non-unique-slug")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"longUrl": "javascript:alert(1)"},
        {"longUrl": "/relative"},
        {"longUrl": LONG, "customSlug": "../up"},
        {"longUrl": LONG, "tags": "one"},
        ["longUrl"],
    ],
)
def test_a_bad_link_is_refused(shlink, body):
    answer = shlink.post(LINKS, json=body)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (400, "invalid-data")


def test_a_link_is_read_and_edited(shlink):
    create(shlink, customSlug="spring", title="Spring")
    edited = shlink.patch(f"{LINKS}/spring", json={"longUrl": LONG + "&x=1"}).json()
    assert (edited["longUrl"], edited["title"]) == (LONG + "&x=1", "Spring")
    assert shlink.get(f"{LINKS}/spring").json() == edited


def test_an_unknown_link_is_not_found(shlink):
    answer = shlink.get(f"{LINKS}/nothing")
    assert answer.status_code == 404
    assert answer.json()["shortCode"] == "nothing"


@pytest.mark.parametrize(("key", "kind"), [("", "missing-authentication"), ("wrong", "invalid-api-key")])
def test_callers_show_the_key(shlink, key, kind):
    answer = shlink.get(LINKS, headers={"x-api-key": key})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (401, kind)


def test_visits_are_listed_newest_first_with_their_user_agents(served, shlink):
    create(shlink, customSlug="spring")
    for agent in ("Firefox", "Googlebot", "Chrome"):
        shlink.get("/shlink/spring", headers={"user-agent": agent})
    visits = shlink.get(f"{LINKS}/spring/visits").json()["visits"]
    assert [visit["userAgent"] for visit in visits["data"]] == ["Chrome", "Googlebot", "Firefox"]
    assert visits["data"][0]["visitedUrl"] == f"{served.url}shlink/spring"
    without_bots = shlink.get(f"{LINKS}/spring/visits", params={"excludeBots": "true"}).json()["visits"]
    assert [visit["userAgent"] for visit in without_bots["data"]] == ["Chrome", "Firefox"]


def test_visits_are_paged(shlink):
    create(shlink, customSlug="spring")
    for _ in range(5):
        shlink.get("/shlink/spring")
    page = shlink.get(f"{LINKS}/spring/visits", params={"page": 2, "itemsPerPage": 3}).json()["visits"]
    assert page["pagination"] == {
        "currentPage": 2,
        "pagesCount": 2,
        "itemsPerPage": 3,
        "itemsInCurrentPage": 2,
        "totalItems": 5,
    }


def test_visits_of_a_window_only(shlink):
    create(shlink, customSlug="spring")
    shlink.get("/shlink/spring")
    before = {"endDate": "2026-10-05T07:59:59+00:00"}
    since = {"startDate": "2026-10-05T08:00:00+00:00"}
    assert shlink.get(f"{LINKS}/spring/visits", params=before).json()["visits"]["data"] == []
    assert len(shlink.get(f"{LINKS}/spring/visits", params=since).json()["visits"]["data"]) == 1


def test_health_fails_while_the_redirector_is_out(served, shlink):
    assert shlink.get("/shlink/rest/v3/health").json()["status"] == "pass"
    served.world.start_incident("redirector")
    answer = shlink.get("/shlink/rest/v3/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "fail")


# ---- our schema and the published one


def published(name: str) -> dict:
    if not PUBLISHED.is_dir():
        pytest.skip("the published description is not here")
    return json.loads((Path(PUBLISHED) / f"{name}.json").read_text())


OURS = {
    "ShortUrl": "ShortUrl",
    "Meta": "ShortUrlMeta",
    "VisitsSummary": "VisitsSummary",
    "Visit": "Visit",
    "Pagination": "Pagination",
    "Health": "Health",
    "Problem": "Error",
}


@pytest.mark.parametrize(("ours", "theirs"), OURS.items())
def test_our_schema_has_the_published_fields_and_no_others(ours, theirs):
    assert set(DEFINITIONS[ours]["properties"]) == set(published(theirs)["properties"])


@pytest.mark.parametrize(("ours", "theirs"), OURS.items())
def test_our_schema_requires_what_is_published_as_required(ours, theirs):
    assert set(DEFINITIONS[ours]["required"]) >= set(published(theirs).get("required", []))


@pytest.mark.parametrize(("ours", "theirs"), OURS.items())
def test_our_types_are_the_published_types(ours, theirs):
    described = published(theirs)["properties"]
    for name, schema in DEFINITIONS[ours]["properties"].items():
        if "type" in schema and "type" in described[name]:
            allowed = described[name]["type"]
            assert set(listed(schema["type"])) <= set(listed(allowed)), name


def listed(types):
    return types if isinstance(types, list) else [types]


def test_locations_have_only_published_fields():
    our_fields = DEFINITIONS["Location"]["anyOf"][1]["properties"]
    assert set(our_fields) <= set(published("VisitLocation")["properties"])

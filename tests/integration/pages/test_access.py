"""No address without a login, no change from another site, no decision for the wrong role."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from mardev.pages.app import create_app

PLAN = "/iterations/autumn-players/plan"
SIGN = "/iterations/autumn-players/decisions/sign_plan_marketing"


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and filled-in path of the app; anything that is no plain route fails the test."""
    for route in app.routes:
        assert isinstance(route, APIRoute), f"{route} is not behind the app's login"
        path = route.path
        for name in ("iteration_key", "decision_key", "import_key", "name", "anything:path"):
            path = path.replace("{" + name + "}", "anything")
        for method in route.methods:
            yield method, path


def inner_app(pages: FastAPI) -> FastAPI:
    return next(route.app for route in pages.routes if getattr(route, "path", "") == "/mardev")


def test_an_anonymous_request_is_refused_at_every_address(pages, nobody):
    addresses = list(routes_of(inner_app(pages)))
    assert len(addresses) > 20
    for method, path in addresses:
        answer = nobody.client.request(
            method, f"/mardev{path}", headers={"Accept": "application/json", "Origin": "http://testserver"}
        )
        assert answer.status_code == 401, (method, path)


def test_an_anonymous_browser_is_sent_to_the_login_and_back(nobody):
    answer = nobody.get("/graph?iteration=autumn-players")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/api/v2/auth/login?next=%2Fmardev%2Fgraph%3Fiteration%3Dautumn-players"


def test_there_is_no_api_description_to_read(nobody, mia):
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert nobody.get(path, headers={"Accept": "application/json"}).status_code == 401
        assert mia.get(path).status_code == 404


def test_airflows_own_login_refuses_the_anonymous_at_every_address():
    from mardev.pages.security import airflow_services

    app = create_app(airflow_services())
    outer = FastAPI(openapi_url=None)
    outer.mount("/mardev", app)
    client = TestClient(outer, follow_redirects=False)
    for method, path in routes_of(app):
        answer = client.request(method, f"/mardev{path}", headers={"Origin": "http://testserver"})
        assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_a_change_from_another_site_is_refused(filled, airflow, mia, headers):
    answer = mia.post(SIGN, origin=None, headers=headers, data={"answer": "Sign", "attempt": "1"})
    assert answer.status_code == 403
    assert airflow.requests == []
    assert (
        mia.post(f"{PLAN}/rows", origin=None, headers=headers, data={"channel_key": "x", "change": "drop"}).status_code
        == 403
    )


def test_a_program_with_its_own_token_needs_no_origin(filled, mia):
    answer = mia.post(SIGN, origin=None, headers={"Authorization": "Bearer t"}, data={"answer": "Sign", "attempt": "1"})
    assert answer.status_code == 303


def test_pages_carry_a_policy_that_allows_nothing_from_elsewhere(filled, mia):
    answer = mia.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    for inline in ("<script>", " onclick=", " style="):
        assert inline not in answer.text

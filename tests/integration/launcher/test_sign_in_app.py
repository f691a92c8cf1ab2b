from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from mardev.home.sign_in_links import issue_link
from mardev.pages.sign_in import SessionCookie, SignInServices, create_sign_in_app

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


def browser(folder: Path, *, sandbox_only: bool = True, address: str = "127.0.0.1", **headers: str) -> TestClient:
    """A browser at `address` in front of the app, mounted where the plugin mounts it."""
    services = SignInServices(
        folder=lambda: folder,
        is_sandbox_only=lambda: sandbox_only,
        cookie_of=lambda person: SessionCookie("_token", f"session of {person}", "/") if person == "mia" else None,
        login_url=lambda: "/auth/login/",
        now=lambda: NOW,
    )
    return TestClient(
        create_sign_in_app(services), base_url="http://127.0.0.1:8080", client=(address, 50_000), headers=headers,
        follow_redirects=False, root_path="/mardev-signin",
    )  # fmt: skip


def path_of(folder: Path, person: str = "mia") -> str:
    return issue_link(folder, person, now=NOW).removeprefix("/mardev-signin")


def test_a_link_signs_in_and_leads_to_the_first_page(tmp_path):
    answer = browser(tmp_path).get(path_of(tmp_path))
    assert (answer.status_code, answer.headers["location"]) == (303, "/mardev/")
    assert "session of mia" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


def test_a_used_link_leads_to_the_login_form(tmp_path):
    visitor, path = browser(tmp_path), path_of(tmp_path)
    visitor.get(path)
    answer = visitor.get(path)
    assert answer.headers["location"] == "/auth/login/"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("situation", "headers"),
    [
        ({"sandbox_only": False}, {}),
        ({"address": "192.0.2.7"}, {}),
        ({}, {"X-Forwarded-For": "192.0.2.7"}),
        ({}, {"Host": "rebound.example:8080"}),
    ],
    ids=["live world", "another machine", "behind a proxy", "a foreign name"],
)
def test_a_link_is_refused_and_not_used_up(tmp_path, situation, headers):
    path = path_of(tmp_path)
    answer = browser(tmp_path, **situation, **headers).get(path)
    assert answer.headers["location"] == "/auth/login/"
    assert "set-cookie" not in answer.headers
    assert browser(tmp_path).get(path).headers["location"] == "/mardev/"


def test_somebody_unknown_is_not_signed_in(tmp_path):
    answer = browser(tmp_path).get(path_of(tmp_path, "stranger"))
    assert answer.headers["location"] == "/auth/login/"


def test_it_says_whether_links_are_open(tmp_path):
    assert browser(tmp_path).get("/").json() == {"open": True}
    assert browser(tmp_path, sandbox_only=False).get("/").json() == {"open": False}
    assert browser(tmp_path, address="192.0.2.7").get("/").json() == {"open": False}


def test_the_app_describes_itself_to_nobody(tmp_path):
    for path in ("/docs", "/openapi.json", "/redoc"):
        assert browser(tmp_path).get(path).headers.get("location") == "/auth/login/"

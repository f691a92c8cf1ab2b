"""One-time links that sign a demo person in. The plugin registers the app under ``/mardev-signin``.

This app has no login in front of it: the link is the login. It opens to the machine itself only, in a world that is
nothing but sandbox, once, and for a quarter of an hour.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from mardev.home.sign_in_links import use_link

FIRST_PAGE = "/mardev/"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
FORWARDING_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")
NEVER_STORED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class SessionCookie:
    """The cookie that Airflow's own login sets."""

    name: str
    value: str
    path: str


@dataclass(frozen=True)
class SignInServices:
    """What the app needs of the process it runs in.

    `folder` keeps the links; `is_sandbox_only` says whether no live connection exists; `cookie_of` makes a person's
    session, None for somebody unknown; `login_url` is the ordinary login form.
    """

    folder: Callable[[], Path]
    is_sandbox_only: Callable[[], bool]
    cookie_of: Callable[[str], SessionCookie | None]
    login_url: Callable[[], str]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def create_sign_in_app(services: SignInServices) -> FastAPI:
    """The app behind ``/mardev-signin``: ``/`` says whether links are open, ``/<token>`` uses one."""
    app = FastAPI(title="MarDev sign-in", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    def is_open(request: Request) -> JSONResponse:
        return JSONResponse({"open": _comes_from_this_machine(request) and services.is_sandbox_only()})

    @app.get("/{token}")
    def sign_in(request: Request, token: str) -> Response:
        to_login = RedirectResponse(services.login_url(), status_code=303, headers=NEVER_STORED)
        if not (_comes_from_this_machine(request) and services.is_sandbox_only()):
            return to_login
        username = use_link(services.folder(), token, now=services.now())
        cookie = services.cookie_of(username) if username else None
        if cookie is None:
            return to_login
        answer = RedirectResponse(FIRST_PAGE, status_code=303, headers=NEVER_STORED)
        answer.set_cookie(
            cookie.name, cookie.value, path=cookie.path, httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    return app


def _comes_from_this_machine(request: Request) -> bool:
    """Whether no other machine is involved: neither as client, nor behind a proxy, nor by a name that leads here."""
    if request.client is None or any(header in request.headers for header in FORWARDING_HEADERS):
        return False
    try:
        is_loopback = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return is_loopback and name in LOOPBACK_NAMES

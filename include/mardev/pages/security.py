"""Airflow's login, and the services of a process of Airflow. The only file of the pages that imports Airflow."""

from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.core_api.security import GetUserDep, requires_authenticated
from airflow.configuration import conf
from fastapi import Depends, Request

from mardev.clock import Clock, clock_of
from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.pages.services import PageServices, SignedIn
from mardev.pages.sign_in import SessionCookie
from mardev.settings import load_settings
from mardev.warehouse.engine import create_engine

AIRFLOW_TIMEOUT_SECONDS = 20.0
CONNECTIONS_KEPT = 4


def sign_in(
    request: Request, user: GetUserDep, _authenticated: Annotated[None, Depends(requires_authenticated())]
) -> SignedIn:
    """The person of Airflow's login; without one Airflow itself answers 401."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    token = credentials if scheme.lower() == "bearer" else request.cookies.get(COOKIE_NAME_JWT_TOKEN, "")
    return SignedIn(person=user.get_name(), token=token)


def airflow_services() -> PageServices:
    """Services of the API server's process. Nothing is opened before a page asks."""
    return PageServices(reader=_reader, writer=_writer, clock=_clock, world=_world, airflow=_airflow, sign_in=sign_in)


@cache
def _reader() -> sa.Engine:
    return create_engine(load_settings().warehouse_url, "reader", pool_size=CONNECTIONS_KEPT)


@cache
def _writer() -> sa.Engine:
    return create_engine(load_settings().warehouse_url, "writer")


@cache
def _airflow() -> httpx.Client:
    # Loopback and never the Host header: the person's token must not travel to an address a request names.
    path = urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
    has_certificate = bool(conf.get("api", "ssl_cert", fallback=""))
    scheme = "https" if has_certificate else "http"
    return httpx.Client(
        base_url=f"{scheme}://127.0.0.1:{conf.getint('api', 'port', fallback=8080)}{path}",
        timeout=AIRFLOW_TIMEOUT_SECONDS,
        # The certificate names the public host, not loopback.
        verify=not has_certificate,
        trust_env=False,
    )


def _clock() -> Clock:
    from airflow.models.connection import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        host = Connection.get_connection_from_secrets("mardev_clock").host
    except AirflowNotFoundException:
        host = None
    return _clock_of(host or "")


_clock_of = cache(clock_of)


def _world() -> World:
    from airflow.models.connection import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        named = Connection.get_connection_from_secrets("mardev_clock").extra_dejson.get("world")
    except AirflowNotFoundException:
        named = None
    if named not in tuple(World):
        raise FixFirst("The connection mardev_clock does not say which world this is: set its extra field `world`.")
    return World(named)


def session_cookie_of(username: str) -> SessionCookie | None:
    """The cookie Airflow's login form would set for this person, None for somebody unknown or locked out."""
    from airflow.api_fastapi.app import get_auth_manager, get_cookie_path
    from airflow.providers.fab.auth_manager.models import User
    from airflow.utils.session import create_session

    with create_session() as session:
        user = session.scalar(sa.select(User).where(User.username == username))
        if user is None or not user.is_active:
            return None
        token = get_auth_manager().generate_jwt(user)
    return SessionCookie(name=COOKIE_NAME_JWT_TOKEN, value=token, path=get_cookie_path())


def is_sandbox_only() -> bool:
    """Whether there are connections of ours and each belongs to the sandbox world."""
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session

    with create_session() as session:
        rows = session.scalars(sa.select(Connection).where(Connection.conn_id.like("mardev\\_%"))).all()
        worlds = {row.extra_dejson.get("world") for row in rows}
    return worlds == {"sandbox"}


def login_url() -> str:
    """Address of the login form."""
    from airflow.api_fastapi.app import get_auth_manager

    return get_auth_manager().get_url_login()

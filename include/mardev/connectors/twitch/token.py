"""An application's token: fetched when it is first needed, and once more when it is refused."""

import threading
from collections.abc import Generator

import httpx

from mardev.connectors.twitch.limits import AUTHORISATION_HOST
from mardev.domain.connection import ConnectionRecord
from mardev.errors import CredentialRejected, TransportFailed

UNAUTHORISED = 401
FIRST_SERVER_ERROR = 500


class ApplicationToken(httpx.Auth):
    """Adds the client id and a token of the application to a request. Safe to share between threads.

    Raises, while a request is under way:
        CredentialRejected: client id or secret are refused.
        TransportFailed: the authorisation server does not answer.
    """

    requires_response_body = True

    def __init__(self, record: ConnectionRecord) -> None:
        self._client_id = record.login
        self._secret = record.password
        self._connection = record.name
        host = str(record.extra.get("authorisation_host") or AUTHORISATION_HOST)
        self._address = host.rstrip("/") + "/token"
        self._lock = threading.Lock()
        self._token = ""

    def __repr__(self) -> str:
        return "ApplicationToken(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._token or (yield from self._fetch())
        answer = yield self._signed(request, token)
        if answer.status_code == UNAUTHORISED:  # tokens end, and are revoked when the secret changes
            token = yield from self._fetch()
            yield self._signed(request, token)

    def _signed(self, request: httpx.Request, token: str) -> httpx.Request:
        request.headers["Client-Id"] = self._client_id
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, str]:
        form = {"client_id": self._client_id, "client_secret": self._secret, "grant_type": "client_credentials"}
        answer = yield httpx.Request("POST", self._address, data=form)
        if answer.status_code >= FIRST_SERVER_ERROR:
            raise TransportFailed(f"twitch: the authorisation server failed ({answer.status_code}).")
        try:
            token = answer.json()["access_token"] if answer.is_success else ""
        except (ValueError, KeyError, TypeError):
            raise TransportFailed("twitch: the answer of the authorisation server is cut off.") from None
        if not token:
            raise CredentialRejected(
                f"twitch: client id or secret were refused ({answer.status_code}). Check login and password of "
                f"connection {self._connection}."
            )
        with self._lock:
            self._token = str(token)
        return str(token)

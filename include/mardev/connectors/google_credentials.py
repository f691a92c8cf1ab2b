"""Bearer tokens for Google's services that belong to an account: Gmail and Analytics."""

from collections.abc import Callable, Generator, Mapping
from typing import Any

import httpx

from mardev.domain.connection import ConnectionRecord
from mardev.errors import CredentialRejected, FixFirst, TransportFailed

TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, not a token


class BearerToken(httpx.Auth):
    """Adds the token that `token` gives to a request."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def __repr__(self) -> str:
        return "BearerToken(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        yield request


def bearer_of(record: ConnectionRecord, scopes: tuple[str, ...], http: httpx.Client) -> BearerToken:
    """The token of a connection, refreshed when it is about to expire.

    The connection's extra field holds one of: `refresh_token` with `client_id` and `client_secret`;
    `service_account_info`, the key file's content (with `subject`, the mailbox it may act for). Without either,
    the password is the token itself.

    Raises:
        FixFirst: the extra field is incomplete.
    """
    extra = record.extra
    if not (extra.get("refresh_token") or extra.get("service_account_info")):
        if not record.password:
            raise CredentialRejected(f"Connection {record.name} has no password (the access token).")
        return BearerToken(lambda: record.password)
    credentials = _credentials(record.name, extra, scopes)
    return BearerToken(lambda: _fresh_token(record.name, credentials, http))


def _credentials(name: str, extra: Mapping[str, Any], scopes: tuple[str, ...]) -> Any:
    from google.oauth2 import credentials, service_account

    try:
        # google-auth leaves the making of credentials untyped.
        if info := extra.get("service_account_info"):
            return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                info, scopes=scopes, subject=extra.get("subject")
            )
        return credentials.Credentials(  # type: ignore[no-untyped-call]
            token=None,
            refresh_token=extra["refresh_token"],
            client_id=extra["client_id"],
            client_secret=extra["client_secret"],
            token_uri=extra.get("token_uri", TOKEN_ADDRESS),
            scopes=scopes,
        )
    except (KeyError, ValueError) as error:
        missing = error.args[0] if isinstance(error, KeyError) else "a well-formed service_account_info"
        raise FixFirst(f"The extra field of connection {name} lacks {missing}.") from None


def _fresh_token(name: str, credentials: Any, http: httpx.Client) -> str:
    from google.auth import exceptions

    if credentials.valid:
        return str(credentials.token)
    try:
        credentials.refresh(_TokenRequest(http))
    except exceptions.RefreshError:
        raise CredentialRejected(f"Google refuses to renew the token of connection {name}. Grant it again.") from None
    except (exceptions.TransportError, httpx.HTTPError):
        raise TransportFailed(f"Google's token service did not answer for connection {name}.") from None
    return str(credentials.token)


class _TokenAnswer:
    """httpx's answer in the shape that google-auth reads."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.data = response.content


class _TokenRequest:
    """Lets google-auth ask for a token with our HTTP client."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the client's own time-out counts
        **_options: Any,
    ) -> _TokenAnswer:
        return _TokenAnswer(self._http.request(method, url, content=body, headers=dict(headers or {})))

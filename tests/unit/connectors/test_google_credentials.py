"""Tokens of accounts: taken from the connection, renewed when they end."""

import httpx
import pytest

from builders.pipelines import KEY, Wire, json_answer, record_of
from mardev.connectors.google_credentials import bearer_of
from mardev.errors import CredentialRejected, FixFirst, TransportFailed

SCOPES = ("https://www.googleapis.com/auth/gmail.readonly",)
REFRESH = {"refresh_token": KEY, "client_id": "id", "client_secret": KEY, "token_uri": "http://token.example/token"}


def authorization(record, *answers) -> tuple[str, Wire]:
    wire = Wire(*(answers or (json_answer({}),)))
    http = httpx.Client(transport=httpx.MockTransport(wire))
    auth = bearer_of(record, SCOPES, http)
    request = httpx.Request("GET", "http://service.example")
    next(auth.auth_flow(request))
    next(auth.auth_flow(request))
    return request.headers["authorization"], wire


def test_the_password_is_the_token():
    header, wire = authorization(record_of("mardev_mailbox"))
    assert (header, wire.requests) == (f"Bearer {KEY}", [])


def test_a_refresh_token_is_changed_into_a_token_once():
    header, wire = authorization(
        record_of("mardev_mailbox", extra=REFRESH), json_answer({"access_token": "T1", "expires_in": 3600})
    )
    assert header == "Bearer T1"
    assert len(wire.requests) == 1


def test_a_withdrawn_grant_asks_a_person():
    with pytest.raises(CredentialRejected, match="Grant it again") as caught:
        authorization(record_of("mardev_mailbox", extra=REFRESH), json_answer({"error": "invalid_grant"}, 400))
    assert KEY not in str(caught.value)


def test_a_token_service_that_is_down_is_asked_later():
    with pytest.raises(TransportFailed):
        authorization(record_of("mardev_mailbox", extra=REFRESH), httpx.ConnectError("no"))


def test_a_connection_without_a_token_is_incomplete():
    with pytest.raises(CredentialRejected, match="has no password"):
        authorization(record_of("mardev_mailbox", password=""))


@pytest.mark.parametrize("extra", [{"refresh_token": KEY}, {"service_account_info": {"type": "service_account"}}])
def test_an_incomplete_extra_field_is_told(extra):
    with pytest.raises(FixFirst, match="lacks") as caught:
        authorization(record_of("mardev_mailbox", extra=extra))
    assert KEY not in str(caught.value)

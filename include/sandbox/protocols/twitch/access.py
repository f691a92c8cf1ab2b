"""Application tokens: given for a client id and its secret, checked with each request."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.hashing import hexadecimal
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.twitch.requests import HelixRefusal, Query
from sandbox.world import World

TOKEN_LASTS = timedelta(seconds=5_000_000)
TOKEN_CHARACTERS = 30


class OauthRefusal(Exception):
    """No token is given."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def body(self) -> dict[str, Any]:
        return {"status": self.status, "message": str(self)}


class Access:
    """Tokens live in memory: after a restart of the server, clients fetch new ones, as they do when one is revoked."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world, self._tokens = world, tokens
        self._given: dict[str, datetime] = {}
        self._count = 0
        self._revoked_by: set[int] = set()

    def give(self, query: Query) -> dict[str, Any]:
        """A token for the application. Raises: OauthRefusal."""
        if query.text("grant_type") != "client_credentials":
            raise OauthRefusal(400, "missing grant type" if not query.text("grant_type") else "invalid grant type")
        if not same(query.text("client_id"), self._tokens.twitch_client_id):
            raise OauthRefusal(400, "invalid client")
        if not same(query.text("client_secret"), self._tokens.twitch_secret):
            raise OauthRefusal(403, "invalid client secret")
        self._forget_revoked()
        self._count += 1
        token = hexadecimal(TOKEN_CHARACTERS, self._world.seed, "twitch-token", self._world.now, self._count)
        self._given[token] = self._world.now + TOKEN_LASTS
        return {"access_token": token, "expires_in": int(TOKEN_LASTS.total_seconds()), "token_type": "bearer"}

    def validate(self, authorization: str | None) -> dict[str, Any]:
        """What a token is for. Raises: OauthRefusal."""
        scheme, _, token = (authorization or "").partition(" ")
        until = self._until(token) if scheme.lower() in ("oauth", "bearer") else None
        if until is None:
            raise OauthRefusal(401, "invalid access token")
        left = int((until - self._world.now).total_seconds())
        return {"client_id": self._tokens.twitch_client_id, "scopes": [], "expires_in": left}

    def admit(self, client_id: str | None, authorization: str | None) -> None:
        """Raises: HelixRefusal."""
        if not authorization:
            raise HelixRefusal(401, "OAuth token is missing")
        if not client_id:
            raise HelixRefusal(401, "Client ID is missing")
        if self._until(bearer(authorization) or "") is None:
            raise HelixRefusal(401, "Invalid OAuth token")
        if not same(client_id, self._tokens.twitch_client_id):
            raise HelixRefusal(401, "Client ID and OAuth token do not match")

    def _until(self, token: str) -> datetime | None:
        self._forget_revoked()
        until = self._given.get(token)
        return until if until is not None and until > self._world.now else None

    def _forget_revoked(self) -> None:
        """An incident of the kind `token_revoked` takes away the tokens that were given before it."""
        now = self._world.now
        begun = {
            incident.number
            for incident in self._world.incidents()
            if incident.kind == "token_revoked" and incident.covers("twitch", None, now)
        }
        if begun - self._revoked_by:
            self._given.clear()
            self._revoked_by |= begun

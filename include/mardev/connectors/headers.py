"""A credential in a header."""

from collections.abc import Generator

import httpx


class HeaderKey(httpx.Auth):
    """Adds `key` as header `name` to a request."""

    def __init__(self, name: str, key: str) -> None:
        self._name = name
        self._key = key

    def __repr__(self) -> str:
        return f"HeaderKey({self._name!r}, ...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._key
        yield request

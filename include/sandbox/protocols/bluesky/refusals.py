"""Requests that XRPC refuses, in its words."""

import json
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response


class XrpcRefusal(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error = status, error

    def response(self, headers: dict[str, str] | None = None) -> Response:
        return answer({"error": self.error, "message": str(self)}, self.status, headers)


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers=headers, media_type="application/json; charset=utf-8")


def invalid(message: str) -> XrpcRefusal:
    return XrpcRefusal(400, "InvalidRequest", message)


class Query:
    """The parameters of one call."""

    def __init__(self, given: QueryParams) -> None:
        self._given = given

    def needed(self, name: str) -> str:
        """Raises: XrpcRefusal."""
        found = self._given.get(name)
        if not found:
            raise invalid(f'Error: Params must have the property "{name}"')
        return found

    def needed_list(self, name: str, most: int) -> list[str]:
        """Raises: XrpcRefusal."""
        found = self._given.getlist(name)
        if not found:
            raise invalid(f'Error: Params must have the property "{name}"')
        if len(found) > most:
            raise invalid(f"Error: {name} must not have more than {most} elements")
        return found

    def text(self, name: str) -> str:
        return self._given.get(name, "")

    def limit(self, default: int, most: int = 100) -> int:
        """Raises: XrpcRefusal."""
        given = self._given.get("limit", str(default))
        if not (given.isascii() and given.isdigit()):
            raise invalid("Error: limit must be an integer")
        if not 1 <= int(given[:9]) <= most:
            raise invalid(f"Error: limit can not be {'less than 1' if int(given[:9]) < 1 else f'greater than {most}'}")
        return int(given)

    def cursor(self) -> int | None:
        """Our cursors are numbers. Raises: XrpcRefusal."""
        given = self._given.get("cursor")
        if not given:
            return None
        if not (given.isascii() and given.isdigit() and len(given) < 20):
            raise invalid("Malformed cursor")
        return int(given)

"""Requests to Helix: parameters, pages, refusals."""

import base64
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.datastructures import QueryParams

Item = TypeVar("Item")
IDS_PER_CALL = 100
MOST_PER_PAGE = 100


class HelixRefusal(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def body(self) -> dict[str, Any]:
        return {"error": HTTPStatus(self.status).phrase, "status": self.status, "message": str(self)}


def bad_request(message: str) -> HelixRefusal:
    return HelixRefusal(400, message)


class Query:
    """The parameters of one request."""

    def __init__(self, given: QueryParams) -> None:
        self._given = given

    def text(self, name: str) -> str:
        return self._given.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def needed(self, name: str) -> str:
        """Raises: HelixRefusal."""
        if not self.text(name):
            raise bad_request(f'Missing required parameter "{name}"')
        return self.text(name)

    def texts(self, *names: str) -> dict[str, list[str]]:
        """Values of each name, at most 100 of all together. Raises: HelixRefusal."""
        found = {name: list(dict.fromkeys(self._given.getlist(name))) for name in names}
        if sum(len(values) for values in found.values()) > IDS_PER_CALL:
            raise bad_request(f"The parameters {', '.join(names)} must not have more than {IDS_PER_CALL} values")
        return found

    def one_of(self, name: str, known: Sequence[str]) -> str:
        """The first of `known` when nothing is given. Raises: HelixRefusal."""
        given = self.text(name) or known[0]
        if given not in known:
            raise bad_request(f'Invalid value "{given[:50]}" for parameter "{name}"')
        return given

    def page(self, items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, str]]:
        """Part of a list and what the answer says under `pagination`. Raises: HelixRefusal."""
        first = self.text("first") or "20"
        if not (first.isascii() and first.isdigit() and 1 <= int(first[:9]) <= MOST_PER_PAGE):
            raise bad_request('The parameter "first" was malformed: the value must be between 1 and 100')
        begin = _read_cursor(self.text("after"))
        end = begin + int(first)
        return items[begin:end], {"cursor": _cursor(end)} if end < len(items) else {}


def _cursor(position: int) -> str:
    raw = json.dumps({"b": None, "a": {"Cursor": str(position)}}, separators=(",", ":"))
    return base64.b64encode(raw.encode()).decode().rstrip("=")


def _read_cursor(given: str) -> int:
    if not given:
        return 0
    try:
        position = json.loads(base64.b64decode(given + "=" * (-len(given) % 4), validate=True))["a"]["Cursor"]
        return max(0, int(position))
    except (ValueError, KeyError, TypeError):
        raise bad_request("The cursor specified in the after query parameter is not valid") from None

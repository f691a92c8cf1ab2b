"""Requests to the server: parameters, pages, refusals."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

Item = TypeVar("Item")


class MastodonRefusal(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def respond(body: Any, status: int, headers: dict[str, str]) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers=headers, media_type="application/json; charset=utf-8")


def not_found() -> MastodonRefusal:
    return MastodonRefusal(404, "Record not found")


@dataclass(frozen=True, slots=True)
class Page:
    """What is sent, and the parameters that lead to the pages before and after (for the Link header)."""

    items: Sequence[Any]
    following: dict[str, str]
    previous: dict[str, str]

    def link(self, address: str) -> str:
        """Value of the header Link; empty when there is nothing else."""
        found = []
        for relation, parameters in (("next", self.following), ("prev", self.previous)):
            if parameters:
                found.append(f'<{address}?{urlencode(parameters)}>; rel="{relation}"')
        return ", ".join(found)


class Query:
    """The parameters of one request."""

    def __init__(self, given: QueryParams) -> None:
        self._given = given

    def text(self, name: str) -> str:
        return self._given.get(name, "")

    def texts(self, name: str) -> list[str]:
        """Of `name[]` or `name`, in the order given."""
        return self._given.getlist(f"{name}[]") + self._given.getlist(name)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "t", "on")

    def number(self, name: str, default: int) -> int:
        """What is no number counts as not given, as the server has it."""
        given = self.text(name)
        return int(given[:20]) if given.isascii() and given.isdigit() else default

    def limit(self, default: int, most: int) -> int:
        """Too much is cut without a word."""
        return max(1, min(self.number("limit", default), most))

    def page(self, items: Sequence[Item], ids: Sequence[int], default: int, most: int) -> Page:
        """Part of a list, newest (greatest id) first, by `max_id`, `since_id` and `min_id`."""
        limit = self.limit(default, most)
        before, since = self.number("max_id", 0), self.number("since_id", 0)
        at_least = self.number("min_id", 0)
        kept = [
            (one, item)
            for one, item in zip(ids, items, strict=True)
            if (not before or one < before) and one > since and one > at_least
        ]
        page = kept[-limit:] if at_least else kept[:limit]
        if not page:
            return Page([], {}, {})
        has_older = page[-1][0] > min(ids)
        older = {"limit": str(limit), "max_id": str(page[-1][0])} if has_older else {}
        return Page([item for _, item in page], older, {"limit": str(limit), "since_id": str(page[0][0])})

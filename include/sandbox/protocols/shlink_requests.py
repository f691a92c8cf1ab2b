"""Requests to Shlink's REST API: what may be asked, and the problem documents that refuse the rest."""

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from sandbox.protocols.shlink_schema import checker

ERROR_TYPE = "https://shlink.io/api/error/"
SLUG = re.compile(r"^[A-Za-z0-9._~-]{1,100}$")
ADDRESS_CHARACTERS = 4096
compiled = cache(checker)


class Problem(Exception):
    """The request is answered with a problem document."""

    def __init__(self, status: int, kind: str, title: str, detail: str, **extra: Any) -> None:
        super().__init__(kind)
        self.status = status
        self.body = {"type": ERROR_TYPE + kind, "title": title, "detail": detail, "status": status, **extra}

    def response(self) -> Response:
        compiled("Problem").check(self.body)
        return Response(json.dumps(self.body), self.status, media_type="application/problem+json")


class Query:
    """The query of a listing.

    Raises:
        Problem: a date or a page number that cannot be read.
    """

    def __init__(self, request: Request) -> None:
        self._query = request.query_params
        self._start, self._end = self.instant("startDate"), self.instant("endDate")

    def text(self, name: str) -> str:
        return self._query.get(name, "")

    def texts(self, name: str) -> list[str]:
        return self._query.getlist(name)

    def covers(self, moment: datetime) -> bool:
        """Whether the moment lies between `startDate` and `endDate`, both included."""
        return (self._start is None or moment >= self._start) and (self._end is None or moment <= self._end)

    def instant(self, name: str) -> datetime | None:
        given = self.text(name).replace(" ", "+")  # a plus sign that nobody escaped
        if not given:
            return None
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            raise invalid(name) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def page(self, items: Sequence[Any], default_size: int) -> tuple[Sequence[Any], dict[str, int]]:
        number, size = self._number("page", 1), self._number("itemsPerPage", default_size)
        cut = items[(number - 1) * size : number * size]
        return cut, {
            "currentPage": number,
            "pagesCount": math.ceil(len(items) / size),
            "itemsPerPage": size,
            "itemsInCurrentPage": len(cut),
            "totalItems": len(items),
        }

    def _number(self, name: str, default: int) -> int:
        given = self.text(name)
        if not given or given == "-1":
            return default
        if not given.isdigit() or not 0 < int(given) < 10**9:
            raise invalid(name)
        return int(given)


def edition(sent: Any, required: tuple[str, ...]) -> dict[str, Any]:
    """What may be set on a link, checked. Redirects lead to web pages only."""
    if not isinstance(sent, dict):
        raise invalid(*required)
    wrong = [name for name in required if name not in sent]
    if "longUrl" in sent and not _is_web_address(sent["longUrl"]):
        wrong.append("longUrl")
    tags = sent.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        wrong.append("tags")
    if not isinstance(sent.get("title"), str | None):
        wrong.append("title")
    if wrong:
        raise invalid(*wrong)
    return {name: sent[name] for name in ("longUrl", "title", "tags") if name in sent}


def _is_web_address(text: Any) -> bool:
    if not isinstance(text, str) or len(text) > ADDRESS_CHARACTERS or any(ord(character) <= 32 for character in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def invalid(*names: str) -> Problem:
    return Problem(400, "invalid-data", "Invalid data", "Provided data is not valid", invalidElements=list(names))

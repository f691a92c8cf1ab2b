"""Client for Shlink's REST API, version 3."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from mardev.connectors.calls import Answer, Call
from mardev.connectors.client import PipelineClient
from mardev.connectors.errors import RequestRefused
from mardev.connectors.http import RequestPipeline
from mardev.connectors.reading import OnMalformed, counter, find, log_malformed, read_each
from mardev.connectors.shlink.limits import NOT_UNIQUE, VISITS_PER_PAGE
from mardev.connectors.shlink.records import ShortUrlRecord, VisitRecord, read_short_url, visit_reader
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken, FixFirst, RecordMalformed, TransportFailed


class Shlink(PipelineClient):
    """Makes tracking links and reads their visits.

    Every method raises, beside what its own docstring names, CredentialRejected, TransportFailed, ContractBroken.
    """

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        super().__init__(pipeline)
        if not record.host:
            raise FixFirst(f"Connection {record.name} has no host (the address of the link shortener).")
        self._root = record.host.rstrip("/") + "/rest"
        self._now = now
        self._on_malformed = on_malformed

    def create_short_url(
        self, long_url: str, custom_slug: str, title: str = "", tags: Sequence[str] = ()
    ) -> ShortUrlRecord:
        """Make the link `custom_slug`, or find the one that was made for the same address before.

        Raises:
            RequestRefused: the slug is taken by another address, or the address is not one.
        """
        body = {
            "longUrl": long_url,
            "customSlug": custom_slug,
            "findIfExists": True,
            "tags": list(tags),
            **({"title": title} if title else {}),
        }
        try:
            return self._short_url("short-urls.create", "POST", "/v3/short-urls", body)
        except RequestRefused as refusal:
            if refusal.reason != NOT_UNIQUE:
                raise
            existing = self.get(custom_slug)
            if existing.long_url != long_url:
                raise
            return existing

    def get(self, short_code: str) -> ShortUrlRecord:
        """One link.

        Raises:
            NotThere: no such link.
        """
        return self._short_url("short-urls.get", "GET", f"/v3/short-urls/{quote(short_code, safe='')}")

    def edit(
        self,
        short_code: str,
        *,
        long_url: str | None = None,
        title: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> ShortUrlRecord:
        """Change what is given, keep the rest.

        Raises:
            NotThere: no such link.
            RequestRefused: the change is not possible.
        """
        given = {"longUrl": long_url, "title": title, "tags": None if tags is None else list(tags)}
        body = {name: value for name, value in given.items() if value is not None}
        return self._short_url("short-urls.edit", "PATCH", f"/v3/short-urls/{quote(short_code, safe='')}", body)

    def visits(self, short_code: str, since: datetime | None = None) -> Iterator[VisitRecord]:
        """Yield every request on a link since an instant, that instant's whole second included.

        Raises:
            NotThere: no such link.
        """
        read = visit_reader(short_code)
        start = {"startDate": since.replace(microsecond=0).isoformat()} if since else {}
        page_number = 1
        while True:
            query = urlencode({"page": page_number, "itemsPerPage": VISITS_PER_PAGE, **start})
            path = f"/v3/short-urls/{quote(short_code, safe='')}/visits?{query}"
            body = self._ask("visits.list", "GET", path).json_object()
            data = find(body, "visits.data")
            pages_count = _page_count(body)
            if not isinstance(data, list):
                raise ContractBroken("visits.list: visits.data is not a list.")
            yield from read_each(data, read, self._on_malformed, "visits.list")
            if page_number >= pages_count or not data:
                return
            page_number += 1

    def health(self) -> None:
        """Ask whether the shortener is well.

        Raises:
            TransportFailed: it is not, or does not answer.
        """
        if self._ask("health", "GET", "/v3/health").json_object().get("status") != "pass":
            raise TransportFailed("shlink: says of itself that it is not well.")

    def _short_url(
        self, operation: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> ShortUrlRecord:
        answer = self._ask(operation, method, path, body)
        try:
            return read_short_url(answer.json_object())
        except RecordMalformed as error:
            raise ContractBroken(f"{operation}: {error}.") from None

    def _ask(self, operation: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        return self._pipeline.send(
            Call(
                operation=operation,
                method=method,
                url=self._root + path,
                headers={"Accept": "application/json", **({"Content-Type": "application/json"} if body else {})},
                content=json.dumps(body).encode() if body is not None else None,
                # A second creation finds the first one (findIfExists), an edit sets the same values again.
                is_repeatable=True,
            )
        )


def _page_count(body: Mapping[str, Any]) -> int:
    try:
        count = counter(body, "visits.pagination.pagesCount")
    except RecordMalformed:
        count = None
    if count is None:
        raise ContractBroken("visits.list: visits.pagination.pagesCount is missing.")
    return count


def problem_reason(answer: Answer) -> str:
    """Shlink's own word for a refusal: the end of the problem's type (RFC 9457); empty when there is none.

    Examples:
        >>> from datetime import UTC, datetime
        >>> body = b'{"type": "https://shlink.io/api/error/non-unique-slug"}'
        >>> problem_reason(Answer("x", 400, {}, body, datetime(2026, 10, 5, tzinfo=UTC)))
        'non-unique-slug'
    """
    from mardev.connectors.redaction import safe_reason

    try:
        kind = answer.json().get("type")
    except (TransportFailed, AttributeError):
        return ""
    return safe_reason(kind.rsplit("/", 1)[-1]) if isinstance(kind, str) else ""

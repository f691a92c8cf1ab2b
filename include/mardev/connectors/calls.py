"""One question to a service and its answer. Neither shows an address, a key or a body when printed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from mardev.errors import ContractBroken, TransportFailed

REPEATABLE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Expectation = Literal["json", "text", "anything"]


@dataclass(frozen=True)
class Call:
    """One request, without its credential: the pipeline adds that last.

    Attributes:
        operation: what errors and logs call it, such as ``channels.list``.
        bucket, units: what it costs.
        is_repeatable: True when asking twice does no harm; None derives it from the method.
        accepted: statuses that are answers, not failures, beside 2xx and 304.
    """

    operation: str
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    bucket: str = "default"
    units: int = 1
    is_repeatable: bool | None = None
    expects: Expectation = "json"
    accepted: frozenset[int] = frozenset()

    @property
    def may_repeat(self) -> bool:
        return self.method.upper() in REPEATABLE_METHODS if self.is_repeatable is None else self.is_repeatable

    @property
    def digest(self) -> str:
        """The same for the same question, whatever the order of its parameters and whoever asks."""
        parts = urlsplit(self.url)
        query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
        question = "\n".join((self.method.upper(), parts.netloc, parts.path, query)).encode()
        return hashlib.sha256(question + b"\n" + (self.content or b"")).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What the service said."""

    operation: str
    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    fetched_at: datetime

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            TransportFailed: the body is not complete JSON.
        """
        try:
            return json.loads(self.content)
        except ValueError:
            raise TransportFailed(f"The answer to {self.operation} is cut off or is not JSON.") from None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            TransportFailed: the body is not complete JSON.
            ContractBroken: it is something else than an object.
        """
        body = self.json()
        if not isinstance(body, dict):
            raise ContractBroken(f"{self.operation} answered with a JSON {type(body).__name__}, not an object.")
        return body

    def text(self) -> str:
        """The body as text; UTF-8 with the odd broken byte replaced."""
        return self.content.decode("utf-8-sig", errors="replace")

"""Read-only client for a Gmail mailbox."""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mardev.connectors.client import PipelineClient
from mardev.connectors.errors import NotThere
from mardev.connectors.google import PipelineTransport, build_service
from mardev.connectors.http import RequestPipeline
from mardev.connectors.mailbox.limits import MESSAGES_PER_READING, PAGE_SIZE, cost_of, operation_of
from mardev.connectors.mailbox.records import ReceivedMail, parse_mail
from mardev.connectors.paging import pages
from mardev.connectors.reading import OnMalformed, counter, log_malformed, text
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken, RecordMalformed


@dataclass(frozen=True)
class Position:
    """How far a mailbox was read: everything before `milliseconds`, and the letters named at that very millisecond."""

    milliseconds: int = 0
    mailbox_ids: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.milliseconds};{','.join(sorted(self.mailbox_ids))}"

    @classmethod
    def parse(cls, position: str | None) -> "Position":
        """Read what `str` wrote; None or empty is the very beginning.

        Raises:
            ContractBroken: it is something else.
        """
        if not position:
            return cls()
        milliseconds, _, names = position.partition(";")
        if not milliseconds.isdigit():
            raise ContractBroken("The stored position of the mailbox cannot be read. Delete it to read from the start.")
        return cls(int(milliseconds), frozenset(name for name in names.split(",") if name))

    def after(self, milliseconds: int, mailbox_id: str) -> "Position":
        """The position once that letter is dealt with."""
        known = self.mailbox_ids if milliseconds == self.milliseconds else frozenset()
        return Position(milliseconds, known | {mailbox_id})


class Mailbox(PipelineClient):
    """The inbox of the brand. One for each task run.

    Every method raises QuotaExhausted, CredentialRejected, TransportFailed and ContractBroken as `YouTube` does.
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
        self._now = now
        self._on_malformed = on_malformed
        self._user = str(record.extra.get("user") or "me")
        transport = PipelineTransport(pipeline, cost_of, operation_of)
        self._messages = build_service("gmail", "v1", record.host, transport).users.messages()

    def new_messages(
        self, after_position: str | None = None, *, max_messages: int = MESSAGES_PER_READING
    ) -> Iterator[ReceivedMail]:
        """Yield letters of the inbox that came after a position, oldest first, none twice.

        Args:
            after_position: `position` of the last letter that was dealt with; None for the very first reading.
            max_messages: at most so many; the rest comes with the next reading.

        A letter that cannot be read is handed to `on_malformed` as its mailbox id, and left out; the letters
        after it carry positions that include it.
        """
        position = Position.parse(after_position)
        got = (self._get(mailbox_id) for mailbox_id in self._new_ids(position, max_messages))
        # Within one millisecond the order of the list counts: sorting keeps it.
        letters = sorted((one for one in got if one is not None), key=lambda one: one[0])
        for milliseconds, mailbox_id, raw in letters:
            if milliseconds < position.milliseconds:
                continue
            position = position.after(milliseconds, mailbox_id)
            try:
                mail = parse_mail(
                    raw,
                    mailbox_id=mailbox_id,
                    received_at=datetime.fromtimestamp(milliseconds / 1000, UTC),
                    position=str(position),
                )
            except RecordMalformed as error:
                self._on_malformed(mailbox_id, f"messages.get: {error}")
                continue
            yield replace(mail, position=str(position))

    def _new_ids(self, position: Position, max_messages: int) -> list[str]:
        # Gmail searches by whole seconds; the second itself is read again and sorted out by id.
        query = f"after:{position.milliseconds // 1000 - 1}" if position.milliseconds else None
        found: dict[str, None] = {}
        for page in pages(lambda token: self._list(query, token), "messages.list"):
            listed = page.get("messages", [])
            if not isinstance(listed, list):
                raise ContractBroken("messages.list: messages is not a list.")
            for item in listed:
                try:
                    found[text(item, "id")] = None
                except RecordMalformed as error:
                    self._on_malformed(item, f"messages.list: {error}")
        oldest_first = [one for one in reversed(found) if one not in position.mailbox_ids]
        return oldest_first[:max_messages]

    def _list(self, query: str | None, token: str | None) -> dict[str, Any]:
        given = {name: value for name, value in (("q", query), ("pageToken", token)) if value}
        request = self._messages.list(userId=self._user, labelIds=["INBOX"], maxResults=PAGE_SIZE, **given)
        return self._object(request.execute(num_retries=0), "messages.list")

    def _get(self, mailbox_id: str) -> tuple[int, str, bytes] | None:
        """Milliseconds of arrival, id, raw message; None when it was deleted meanwhile or cannot be read."""
        request = self._messages.get(userId=self._user, id=mailbox_id, format="raw")
        try:
            item = self._object(request.execute(num_retries=0), "messages.get")
            milliseconds = counter(item, "internalDate")
            if milliseconds is None:
                raise RecordMalformed("internalDate is missing")
            encoded = text(item, "raw")
            return milliseconds, mailbox_id, base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except NotThere:
            return None
        except (RecordMalformed, binascii.Error) as error:
            self._on_malformed(mailbox_id, f"messages.get: {error}")
            return None

    @staticmethod
    def _object(answer: Any, what: str) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise ContractBroken(f"{what} answered with a JSON {type(answer).__name__}, not an object.")
        return answer

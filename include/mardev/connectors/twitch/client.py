"""Read-only client for Twitch's Helix API."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from mardev.connectors.calls import Call
from mardev.connectors.client import PipelineClient
from mardev.connectors.errors import AccessHidden, NotThere
from mardev.connectors.http import RequestPipeline
from mardev.connectors.platform import Account, Capabilities, Endorsed, EndorsementList, PostCounters, Published
from mardev.connectors.reading import OnMalformed, Record, counter, log_malformed, read_each, text
from mardev.connectors.twitch import records
from mardev.connectors.twitch.capabilities import CAPABILITIES
from mardev.connectors.twitch.limits import BUCKET, HOST, MAX_IDS_PER_CALL, MAX_PAGE_SIZE
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken

Pairs = Sequence[tuple[str, str | int]]


class Twitch(PipelineClient):
    """A `Platform`; see there for what it raises. A record that cannot be read goes to `on_malformed`."""

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        super().__init__(pipeline)
        self._host = (record.host or HOST).rstrip("/") + "/"
        self._now = now
        self._on_malformed = on_malformed

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def lists(self) -> Sequence[EndorsementList]:
        return ()

    def accounts(self, external_ids: Sequence[str]) -> Iterator[Account]:
        """2 calls for each 100 and 1 for each. Accounts that are gone are left out of the answer."""
        for start in range(0, len(external_ids), MAX_IDS_PER_CALL):
            asked = external_ids[start : start + MAX_IDS_PER_CALL]
            yield from self._accounts([("id", one) for one in asked])

    def accounts_of_handle(self, handle: str) -> Iterator[Account]:
        """3 calls."""
        return self._accounts([("login", handle.lstrip("@").lower())])

    def search(self, words: str, market: str, most: int) -> Iterator[str]:  # noqa: ARG002  # it knows no markets
        """1 call for 100 channels at most."""
        page = self._get("search/channels", [("query", words), ("first", min(most, MAX_PAGE_SIZE))])
        return iter(dict.fromkeys(self._read(page, lambda item: text(item, "id"), "search/channels")))

    def endorsed(self, step: str, external_id: str) -> Iterator[Endorsed]:  # noqa: ARG002  # a protocol
        """Costs nothing.

        Raises:
            AccessHidden: always; the platform tells it to the broadcaster alone.
        """
        raise AccessHidden("twitch: who follows whom is told to the broadcaster alone.")

    def posts(self, external_id: str, posts_at: str | None, most: int) -> Iterator[Published]:  # noqa: ARG002  # a protocol
        """1 call. Recordings are kept for some weeks only, by the platform's own rule."""
        page = self._get("videos", [("user_id", external_id), ("first", min(most, MAX_PAGE_SIZE)), ("sort", "time")])
        found = self._read(page, records.read_recording, "videos")
        return iter(sorted(found, key=lambda post: post.published_at, reverse=True)[:most])

    def counters(self, post_ids: Sequence[str]) -> Iterator[PostCounters]:  # noqa: ARG002  # they come with posts
        return iter(())

    def _accounts(self, asked: Pairs) -> Iterator[Account]:
        users = [one for one in self._items(self._get("users", asked), "users") if isinstance(one, dict)]
        ids = [str(user["id"]) for user in users if user.get("id")]
        if not ids:
            return iter(())
        told = self._items(self._get("channels", [("broadcaster_id", one) for one in ids]), "channels")
        channels = {one.get("broadcaster_id"): one for one in told if isinstance(one, dict)}
        followers = {one: self._followers(one) for one in ids}
        read = partial(_account, channels, followers, self._now())
        return read_each(users, read, self._on_malformed, "accounts")

    def _followers(self, external_id: str) -> int | None:
        """How many follow a channel; None when that is not told."""
        try:
            page = self._get("channels/followers", [("broadcaster_id", external_id), ("first", 1)])
        except NotThere:
            return None
        return counter(page, "total")

    def _get(self, path: str, asked: Pairs) -> dict[str, Any]:
        call = Call(operation=path, method="GET", url=f"{self._host}{path}?{urlencode(asked)}", bucket=BUCKET)
        return self._pipeline.send(call).json_object()

    def _items(self, page: dict[str, Any], what: str) -> list[Any]:
        items = page.get("data")
        if not isinstance(items, list):
            raise ContractBroken(f"twitch: {what}: data is not a list. Check the host of the connection.")
        return items

    def _read(self, page: dict[str, Any], read: Callable[[Any], Record], what: str) -> Iterator[Record]:
        return read_each(self._items(page, what), read, self._on_malformed, what)


def _account(channels: dict[Any, Any], followers: dict[str, int | None], observed_at: datetime, user: Any) -> Account:
    return records.read_account(user, channels.get(user["id"], {}), followers.get(user["id"]), observed_at)

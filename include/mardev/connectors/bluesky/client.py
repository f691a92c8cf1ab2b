"""Read-only client for Bluesky's public server."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from mardev.connectors.bluesky import records
from mardev.connectors.bluesky.capabilities import CAPABILITIES, FOLLOWS
from mardev.connectors.bluesky.limits import MAX_PAGE_SIZE, MAX_PROFILES_PER_CALL, PUBLIC_HOST
from mardev.connectors.bluesky.xrpc import xrpc_client
from mardev.connectors.client import PipelineClient
from mardev.connectors.http import RequestPipeline
from mardev.connectors.paging import pages
from mardev.connectors.platform import Account, Capabilities, Endorsed, EndorsementList, PostCounters, Published
from mardev.connectors.reading import OnMalformed, Record, log_malformed, read_each
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken

FEED = "app.bsky.feed.getAuthorFeed"
FOLLOW_LIST = "app.bsky.graph.getFollows"
PROFILES = "app.bsky.actor.getProfiles"
SEARCH = "app.bsky.actor.searchActors"


class Bluesky(PipelineClient):
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
        self._now = now
        self._on_malformed = on_malformed
        self._xrpc = xrpc_client(pipeline, record.host or PUBLIC_HOST)

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def lists(self) -> Sequence[EndorsementList]:
        return (FOLLOWS,)

    def accounts(self, external_ids: Sequence[str]) -> Iterator[Account]:
        """1 call for each 25. Accounts that are gone are left out of the answer."""
        from atproto_client import models

        for start in range(0, len(external_ids), MAX_PROFILES_PER_CALL):
            actors = list(external_ids[start : start + MAX_PROFILES_PER_CALL])
            page = self._ask(PROFILES, models.AppBskyActorGetProfiles.Params(actors=actors))
            yield from self._read(page, "profiles", partial(records.read_profile, observed_at=self._now()), "accounts")

    def accounts_of_handle(self, handle: str) -> Iterator[Account]:
        """1 call."""
        return self.accounts([handle.lstrip("@")])

    def search(self, words: str, market: str, most: int) -> Iterator[str]:  # noqa: ARG002  # it knows no markets
        """1 call for each 100 accounts."""
        from atproto_client import models

        def page(cursor: str | None) -> dict[str, Any]:
            params = models.AppBskyActorSearchActors.Params(q=words, limit=min(most, MAX_PAGE_SIZE), cursor=cursor)
            return self._ask(SEARCH, params)

        found = pages(page, SEARCH, next_field="cursor")
        ids = (one for part in found for one in self._read(part, "actors", records.read_did, SEARCH))
        return islice(dict.fromkeys(islice(ids, most)), most)

    def endorsed(self, step: str, external_id: str) -> Iterator[Endorsed]:  # noqa: ARG002  # there is one list
        """1 call for each 100."""
        from atproto_client import models

        def page(cursor: str | None) -> dict[str, Any]:
            params = models.AppBskyGraphGetFollows.Params(actor=external_id, limit=MAX_PAGE_SIZE, cursor=cursor)
            return self._ask(FOLLOW_LIST, params)

        for part in pages(page, FOLLOW_LIST, next_field="cursor"):
            yield from map(Endorsed, self._read(part, "follows", records.read_did, FOLLOW_LIST))

    def posts(self, external_id: str, posts_at: str | None, most: int) -> Iterator[Published]:  # noqa: ARG002  # a protocol
        """1 call for each 100 entries; what the account only passed on is left out."""
        from atproto_client import models

        def page(cursor: str | None) -> dict[str, Any]:
            params = models.AppBskyFeedGetAuthorFeed.Params(
                actor=external_id, limit=min(2 * most, MAX_PAGE_SIZE), cursor=cursor, filter="posts_no_replies"
            )
            return self._ask(FEED, params)

        # One page: an account that passes much on shows fewer posts of its own, which its cadence then says.
        part = next(pages(page, FEED, next_field="cursor"))
        read = self._read(part, "feed", lambda item: records.read_feed_item(item, external_id), FEED)
        own = sorted((post for post in read if post), key=lambda post: post.published_at, reverse=True)
        return iter(own[:most])

    def counters(self, post_ids: Sequence[str]) -> Iterator[PostCounters]:  # noqa: ARG002  # they come with posts
        return iter(())

    def _ask(self, name: str, params: Any) -> dict[str, Any]:
        answer = self._xrpc.invoke_query(name, params=params, output_encoding="application/json")
        content: dict[str, Any] = answer.content  # an object: the pipeline saw to it
        return content

    def _read(self, page: dict[str, Any], field: str, read: Callable[[Any], Record], what: str) -> Iterator[Record]:
        items = page.get(field)
        if not isinstance(items, list):
            raise ContractBroken(f"{what}: {field} is not a list. Check the host of the connection.")
        return read_each(items, read, self._on_malformed, what)

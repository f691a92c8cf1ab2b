"""Read-only client for one Mastodon server: Mastodon.py on the request pipeline."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from mardev.connectors.client import PipelineClient
from mardev.connectors.errors import AccessHidden, NotThere
from mardev.connectors.http import RequestPipeline
from mardev.connectors.mastodon import records
from mardev.connectors.mastodon.capabilities import CAPABILITIES, FOLLOWS
from mardev.connectors.mastodon.limits import MAX_FOLLOWS_PER_PAGE, MAX_IDS_PER_CALL, MAX_PAGE_SIZE
from mardev.connectors.platform import Account, Capabilities, Endorsed, EndorsementList, PostCounters, Published
from mardev.connectors.reading import OnMalformed, Record, log_malformed, read_each, text
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken, MarDevError


class Mastodon(PipelineClient):
    """A `Platform`; see there for what it raises. A record that cannot be read goes to `on_malformed`."""

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        from mastodon import Mastodon as Library

        from mardev.connectors.requests_adapter import session_on

        super().__init__(pipeline)
        self._now = now
        self._on_malformed = on_malformed
        self._hides: dict[str, bool] = {}
        # The token is added by the pipeline, so that the library has nothing it could log.
        self._library: Any = Library(
            api_base_url=record.host.rstrip("/"),
            session=session_on(pipeline, operation_of),
            version_check_mode="none",
            ratelimit_method="throw",
        )

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def lists(self) -> Sequence[EndorsementList]:
        return (FOLLOWS,)

    def accounts(self, external_ids: Sequence[str]) -> Iterator[Account]:
        """1 call for each 40. Accounts that are gone are left out of the answer."""
        for start in range(0, len(external_ids), MAX_IDS_PER_CALL):
            yield from self._accounts(self._ask("accounts", list(external_ids[start : start + MAX_IDS_PER_CALL])))

    def accounts_of_handle(self, handle: str) -> Iterator[Account]:
        """1 call."""
        try:
            found = self._ask("account_lookup", handle.lstrip("@"))
        except NotThere:
            return iter(())
        return self._accounts([found])

    def search(self, words: str, market: str, most: int) -> Iterator[str]:  # noqa: ARG002  # it knows no markets
        """1 call for 40 accounts at most: a server ends its list there."""
        found = self._ask("account_search", words, limit=min(most, MAX_PAGE_SIZE))
        return iter(dict.fromkeys(self._read(found, _id_of, "accounts/search")))

    def endorsed(self, step: str, external_id: str) -> Iterator[Endorsed]:  # noqa: ARG002  # there is one list
        """1 call for each 80. An owner who hides the list is answered for with an empty one."""
        page = self._ask("account_following", external_id, limit=MAX_FOLLOWS_PER_PAGE)
        if not page and self._is_hidden(external_id):
            raise AccessHidden("mastodon: the owner does not show whom the account follows.")
        seen: set[str] = set()
        while page:
            before = len(seen)
            for one in self._read(page, _id_of, "accounts/following"):
                if one not in seen:
                    seen.add(one)
                    yield Endorsed(one)
            if len(seen) == before:
                raise ContractBroken("mastodon: accounts/following repeats a page, so it would never end.")
            page = self._ask("fetch_next", page)

    def posts(self, external_id: str, posts_at: str | None, most: int) -> Iterator[Published]:  # noqa: ARG002  # a protocol
        """1 call."""
        page = self._ask(
            "account_statuses",
            external_id,
            exclude_reblogs=True,
            exclude_replies=True,
            limit=min(2 * most, MAX_PAGE_SIZE),
        )
        own = [post for post in self._read(page, records.read_status, "accounts/statuses") if post]
        return iter(sorted(own, key=lambda post: post.published_at, reverse=True)[:most])

    def counters(self, post_ids: Sequence[str]) -> Iterator[PostCounters]:  # noqa: ARG002  # they come with posts
        return iter(())

    def _ask(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call the library; it wraps what its transport raises, and ours is in there."""
        from mastodon import MastodonError

        try:
            return getattr(self._library, method)(*arguments, **options)
        except MastodonError as wrapped:
            ours = wrapped.__context__
            if isinstance(ours, MarDevError):
                raise ours from None
            kind = type(wrapped).__name__
            raise ContractBroken(f"mastodon: the answer to {method} cannot be read ({kind}).") from None

    def _accounts(self, items: Iterable[Any]) -> Iterator[Account]:
        there = [item for item in items if not records.is_gone(item)]
        self._hides |= {str(item.get("id")): records.hides_lists(item) for item in there}
        return self._read(there, partial(records.read_account, observed_at=self._now()), "accounts")

    def _is_hidden(self, external_id: str) -> bool:
        """As the account said when it was read; a crawl that goes on asks again. 1 call at most."""
        if external_id not in self._hides:
            item = self._ask("account", external_id)
            self._hides[external_id] = records.hides_lists(item)
        return self._hides[external_id]

    def _read(self, items: Iterable[Any], read: Callable[[Any], Record], what: str) -> Iterator[Record]:
        return read_each(items, read, self._on_malformed, what)


def operation_of(_method: str, path: str) -> str:
    """Name of a request for people, ids left out.

    Examples:
        >>> operation_of("GET", "/mastodon/api/v1/accounts/109/following")
        'accounts/following'
    """
    parts = path.rpartition("/api/")[2].strip("/").split("/")[1:]
    return "/".join(part for part in parts if not part.isdigit())


def _id_of(item: Any) -> str:
    found = item.get("id")
    return str(found) if found else text(item, "id")

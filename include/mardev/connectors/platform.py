"""What every platform's connector offers, in one shape: accounts, whom they follow, what they publish.

A crawl asks a `Platform` and nothing else, so a new platform is a package beside the others and no line elsewhere
(see `platforms.py`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

from mardev.connectors.http import RequestPipeline
from mardev.connectors.quota import BucketLimits
from mardev.connectors.reading import OnMalformed
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import EdgeKind


class Edges(StrEnum):
    """How much of who-follows-whom a platform shows."""

    FULL = "full"
    """Every account's list can be read."""
    PARTIAL = "partial"
    """Owners may hide their list; hidden is told apart from empty."""
    NONE = "none"
    """No list can be read; only what accounts write gives evidence."""


@dataclass(frozen=True)
class Capabilities:
    """What a platform can give, in words that a page shows as they are.

    Attributes:
        edge_kinds: kinds of evidence for follow edges, the strongest first.
        has_views: whether posts tell how often they were seen.
        can_search: whether accounts are found by words.
        hidden: what owners may hide, one sentence.
        limits: what the platform allows, one sentence.
        tells_country: whether accounts tell where they publish from.
        searches_by_market: whether one search is made for each market.
        views_come_apart: whether views are read in calls of their own (`Platform.counters`).
        posts_need_address: whether an account without `posts_at` has no posts to list.
    """

    platform: str
    title: str
    edges: Edges
    edge_kinds: tuple[EdgeKind, ...]
    has_views: bool
    can_search: bool
    hidden: str
    limits: str
    tells_country: bool = False
    searches_by_market: bool = False
    views_come_apart: bool = False
    posts_need_address: bool = False


@dataclass(frozen=True)
class Account:
    """A channel as it stood at `observed_at`. A counter that is hidden or not told is None, never 0.

    Attributes:
        country: None where the platform tells none.
        posts_at: where its posts are listed, when that is another id than its own.
        links: addresses its owner put into the profile; those that the platform itself proved are in `proved_links`.
    """

    external_id: str
    handle: str | None
    title: str
    description: str
    country: str | None
    language: str | None
    topics: tuple[str, ...]
    picture_url: str | None
    posts_at: str | None
    created_at: datetime | None
    subscribers: int | None
    subscribers_hidden: bool
    total_views: int | None
    post_count: int | None
    observed_at: datetime
    links: tuple[str, ...] = ()
    proved_links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """A post. `views` is None where the platform tells none, or tells them only in `Platform.counters`."""

    external_id: str
    title: str
    text: str
    published_at: datetime
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    language: str | None = None
    mentioned_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostCounters:
    """What a post was counted to; None where its owner hides a counter or the platform tells none."""

    external_id: str
    views: int | None
    likes: int | None = None
    comments: int | None = None


@dataclass(frozen=True)
class Endorsed:
    """Somebody an account endorses, `since` when where that is told."""

    external_id: str
    since: datetime | None = None


@dataclass(frozen=True)
class EndorsementList:
    """A list that can be asked for: the crawl's name of the step, the kind of its edges, and what the evidence is."""

    step: str
    kind: EdgeKind
    evidence: str


@dataclass(frozen=True)
class StepCost:
    """What one step of a crawl costs.

    Attributes:
        step: as in `EndorsementList.step`, or ``search``, ``handle``, ``channel``, ``uploads``, ``statistics``.
        bucket: quota bucket the calls are paid from.
        items_per_call: how many items one call takes (ids), 1 where each is asked for alone.
        calls_per_item: calls that one item costs on average where it may have pages; the documented figure.
    """

    step: str
    bucket: str = "default"
    items_per_call: int = 1
    calls_per_item: float = 1.0


class Platform(Protocol):
    """One platform, read only. Safe to share between the threads of one task.

    Every method raises, beside what its own docstring names:
        QuotaExhausted: the quota is spent; carries when it resets.
        CredentialRejected: the credential is missing, wrong, restricted or revoked.
        TransportFailed: no answer, a 5xx answer, a broken body, or asked too fast.
        ContractBroken: an answer lacks what the platform documents.
    """

    def capabilities(self) -> Capabilities:
        """What it can give."""
        ...

    def lists(self) -> Sequence[EndorsementList]:
        """Lists of endorsements that can be asked for, account by account."""
        ...

    def accounts(self, external_ids: Sequence[str]) -> Iterator[Account]:
        """Yield each account that exists; who vanished or went private is left out."""
        ...

    def accounts_of_handle(self, handle: str) -> Iterator[Account]:
        """Yield the account behind a handle, or nothing."""
        ...

    def search(self, words: str, market: str, most: int) -> Iterator[str]:
        """Yield ids of accounts that fit plain words; nothing where the platform has no search."""
        ...

    def endorsed(self, step: str, external_id: str) -> Iterator[Endorsed]:
        """Yield whom an account endorses in the list `step`.

        Raises:
            AccessHidden: its owner does not show the list.
            NotThere: the account is gone.
        """
        ...

    def posts(self, external_id: str, posts_at: str | None, most: int) -> Iterator[Published]:
        """Yield the newest posts, newest first.

        Raises:
            NotThere: the account is gone, or never published.
            AccessHidden: the account went private.
        """
        ...

    def counters(self, post_ids: Sequence[str]) -> Iterator[PostCounters]:
        """Yield what posts were counted to, where `posts` does not tell it; a post that is gone is left out."""
        ...


@dataclass(frozen=True)
class PlatformKind:
    """What is known of a platform without asking it; its package exports one as ``PLATFORM``.

    Attributes:
        name: in keys, tables and policies, such as ``bluesky``.
        connection: name of its connection.
        capabilities: as its client tells them.
        lists: as its client tells them.
        point: reads what a person wrote (address, handle, id) to an id or a handle (with its at sign); None when it
            names no account of this platform.
        is_id: tells ids from handles.
        costs: what the steps of a crawl cost, in their order.
        view_definition_at: how views were counted at an instant; `NO_VIEWS` where none are told.
        bucket_limits: limits of its quota buckets, from the extra field of its connection.
        open: makes the client; see `PlatformOpener`.
        seconds_per_call: how long a call takes, several being under way at once; replaced by what was measured.
    """

    name: str
    connection: str
    capabilities: Capabilities
    lists: tuple[EndorsementList, ...]
    point: Callable[[str], str | None]
    is_id: Callable[[str], bool]
    costs: tuple[StepCost, ...]
    view_definition_at: Callable[[datetime], str]
    bucket_limits: Callable[[Mapping[str, Any]], BucketLimits]
    open: "PlatformOpener"
    seconds_per_call: float = 0.05


NO_VIEWS = "none"
"""The view definition of a platform that tells no views."""

MakePipeline = Callable[..., RequestPipeline]
"""Makes the pipeline of a connection: ``make(auth=..., dialect=..., pace=..., limits=...)``, see `stages.clients`."""


class PlatformOpener(Protocol):
    """Makes a platform's client on the shared request pipeline."""

    def __call__(
        self, make: MakePipeline, record: ConnectionRecord, now: Callable[[], datetime], on_malformed: OnMalformed
    ) -> "OpenPlatform":
        """The client of one connection.

        Raises:
            CredentialRejected: the connection lacks its credential.
        """
        ...


class OpenPlatform(Platform, Protocol):
    """A platform that lives as long as a `with` block."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def remaining_units(self, bucket: str = "default") -> int | None:
        """Units left of this window; None where no quota is kept."""
        ...

    def limit_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window; None where no quota is kept."""
        ...

    def share_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window that we can have when all others take theirs; None where no quota is kept."""
        ...

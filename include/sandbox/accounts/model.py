"""What is known of an account and of a post, as plain frozen records."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

PLATFORMS: tuple[str, ...] = ("bluesky", "mastodon", "twitch")


class UnknownAccount(KeyError):
    """No such account, or it is gone."""


class GoneAccount(UnknownAccount):
    """The account was there once; its owner closed it, or the platform did."""


class UnknownPost(KeyError):
    """No such post, or it is not out yet."""


class ProfileField(NamedTuple):
    """A row of the table under a profile (Mastodon)."""

    name: str
    value: str
    """Plain text or an address."""
    is_verified: bool
    """The address links back with rel=me, and the platform has seen it."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one creator on one platform other than YouTube."""

    platform: str
    number: int
    """Position among the accounts of the platform."""
    creator: int
    """Number of the creator whose account it is; nobody outside is told."""
    identity: str
    """What the platform calls the account for good: a DID, a numeric id."""
    handle: str
    """What people call it, without the @: `name.bsky.social`, `name` or `name@server`, a login."""
    name: str
    about: str
    fields: tuple[ProfileField, ...]
    created_at: datetime
    hides_lists: bool
    """Whom it follows and who follows it is not shown (Mastodon)."""

    @property
    def is_remote(self) -> bool:
        """Lives on another Mastodon server, which this one knows only in part."""
        return self.platform == "mastodon" and "@" in self.handle


@dataclass(frozen=True, slots=True)
class Post:
    """A short text on a platform, as it reads at any time."""

    account: int
    """Number of the author's account."""
    identity: str
    """Record key (Bluesky) or status id (Mastodon)."""
    published_at: datetime
    text: str
    tags: tuple[str, ...]
    """Hashtags of the text, without the #."""
    mentions: tuple[int, ...]
    """Numbers of the accounts that the text names, with an @ and the handle."""
    video_id: str
    """YouTube video that the post announces, else empty."""
    answers: "PostKey | None" = None


class PostKey(NamedTuple):
    """Where a post stands: account, stretch of 120 days, position in it."""

    account: int
    block: int
    position: int


@dataclass(frozen=True, slots=True)
class PostCounters:
    """Public counters of a post."""

    likes: int
    reposts: int
    replies: int
    quotes: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that joins two accounts of one creator, for those who know the truth."""

    kind: str
    """`link_in_description`, `verified_link`, `business_address`, `domain_handle`, `same_handle`."""
    leads_to: str
    """`youtube`, `bluesky`, `mastodon` or `twitch`."""

"""Mastodon among the platforms."""

import re
from collections.abc import Callable
from datetime import datetime

from mardev.connectors.google_credentials import BearerToken
from mardev.connectors.mastodon import limits
from mardev.connectors.mastodon.capabilities import CAPABILITIES, COSTS, FOLLOWS
from mardev.connectors.mastodon.client import Mastodon
from mardev.connectors.platform import NO_VIEWS, MakePipeline, OpenPlatform, PlatformKind
from mardev.connectors.reading import OnMalformed
from mardev.domain.connection import ConnectionRecord
from mardev.errors import CredentialRejected, FixFirst

_ID = re.compile(r"\d{1,20}")
_KEY = re.compile(r"mastodon:(\d{1,20})")
_HANDLE = re.compile(r"@?([\w.-]+@[\w-]+(?:\.[\w-]+)+)")
_ADDRESS = re.compile(r"https?://([\w-]+(?:\.[\w-]+)+)/@([\w.-]+(?:@[\w.-]+)?)(?:[/?#]\S*)?")
_NO_SERVERS = re.compile(r"(?:[\w-]+\.)*(?:youtube|tiktok|threads|medium|instagram|twitch)\.(?:com|net|tv)")


def mastodon_point(written: str) -> str | None:
    """The id or the handle (``@name@server``) of the account that a person named; None for other words.

    Examples:
        >>> mastodon_point("https://social.example/@ada"), mastodon_point("@ada@social.example")
        ('@ada@social.example', '@ada@social.example')
        >>> mastodon_point("https://www.youtube.com/@ada") is None
        True
    """
    text = written.strip()
    if key := _KEY.fullmatch(text):
        return key[1]
    if text.startswith("@") and (named := _HANDLE.fullmatch(text)):
        return "@" + named[1]
    linked = _ADDRESS.fullmatch(text)
    if linked is None or _NO_SERVERS.fullmatch(linked[1]):
        return None
    return "@" + (linked[2] if "@" in linked[2] else f"{linked[2]}@{linked[1]}")


def is_account_id(point: str) -> bool:
    """Whether `point` is an id, not a handle."""
    return bool(_ID.fullmatch(point))


def no_views(_at: datetime) -> str:
    """Mastodon tells no views."""
    return NO_VIEWS


def open_mastodon(
    make: MakePipeline, record: ConnectionRecord, now: Callable[[], datetime], on_malformed: OnMalformed
) -> OpenPlatform:
    """The server of the connection, with its access token: searching for accounts needs one.

    Raises:
        FixFirst: the connection names no server.
        CredentialRejected: it has no token.
    """
    if not record.host:
        raise FixFirst(f"Connection {record.name} names no server. Enter its address as host (https://...).")
    if not record.password:
        raise CredentialRejected(f"Connection {record.name} has no password (the access token).")
    return Mastodon(make(auth=BearerToken(lambda: record.password)), record, now, on_malformed=on_malformed)


PLATFORM = PlatformKind(
    name=limits.API,
    connection="mardev_mastodon",
    capabilities=CAPABILITIES,
    lists=(FOLLOWS,),
    point=mastodon_point,
    is_id=is_account_id,
    costs=COSTS,
    view_definition_at=no_views,
    bucket_limits=limits.bucket_limits,
    open=open_mastodon,
)

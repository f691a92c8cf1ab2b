"""Bluesky among the platforms."""

import re
from collections.abc import Callable
from datetime import datetime

from mardev.connectors.bluesky import limits
from mardev.connectors.bluesky.capabilities import CAPABILITIES, COSTS, FOLLOWS
from mardev.connectors.bluesky.client import Bluesky
from mardev.connectors.bluesky.xrpc import XRPC_DIALECT
from mardev.connectors.platform import NO_VIEWS, MakePipeline, OpenPlatform, PlatformKind
from mardev.connectors.reading import OnMalformed
from mardev.domain.connection import ConnectionRecord

_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[\w.-]+)")
_ADDRESS = re.compile(r"(?:https?://)?bsky\.app/profile/([\w.:-]+)(?:[/?#]\S*)?")
_HANDLE = re.compile(r"@([\w-]+(?:\.[\w-]+)*\.bsky\.social)")


def bluesky_point(written: str) -> str | None:
    """The id or the handle of the account that a person named; None for other words.

    Examples:
        >>> bluesky_point("https://bsky.app/profile/ada.example"), bluesky_point("@ada.bsky.social")
        ('@ada.example', '@ada.bsky.social')
        >>> bluesky_point("@ada.plays") is None
        True
    """
    text = written.strip().removeprefix("bluesky:")
    if _DID.fullmatch(text):
        return text
    if named := _HANDLE.fullmatch(text):
        return "@" + named[1].lower()
    if (linked := _ADDRESS.fullmatch(text)) is None:
        return None
    return linked[1] if _DID.fullmatch(linked[1]) else "@" + linked[1].lower()


def is_did(point: str) -> bool:
    """Whether `point` is an id, not a handle."""
    return bool(_DID.fullmatch(point))


def no_views(_at: datetime) -> str:
    """Bluesky tells no views."""
    return NO_VIEWS


def open_bluesky(
    make: MakePipeline, record: ConnectionRecord, now: Callable[[], datetime], on_malformed: OnMalformed
) -> OpenPlatform:
    """The public server; it asks for no credential."""
    return Bluesky(make(dialect=XRPC_DIALECT), record, now, on_malformed=on_malformed)


PLATFORM = PlatformKind(
    name=limits.API,
    connection="mardev_bluesky",
    capabilities=CAPABILITIES,
    lists=(FOLLOWS,),
    point=bluesky_point,
    is_id=is_did,
    costs=COSTS,
    view_definition_at=no_views,
    bucket_limits=limits.bucket_limits,
    open=open_bluesky,
)

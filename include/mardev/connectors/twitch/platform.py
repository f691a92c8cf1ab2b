"""Twitch among the platforms."""

import re
from collections.abc import Callable
from datetime import datetime

from mardev.connectors.platform import MakePipeline, OpenPlatform, PlatformKind
from mardev.connectors.reading import OnMalformed
from mardev.connectors.twitch import limits
from mardev.connectors.twitch.capabilities import CAPABILITIES, COSTS
from mardev.connectors.twitch.client import Twitch
from mardev.connectors.twitch.token import ApplicationToken
from mardev.domain.connection import ConnectionRecord
from mardev.errors import CredentialRejected

_ID = re.compile(r"\d{1,20}")
_KEY = re.compile(r"twitch:(\d{1,20})")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|m\.)?twitch\.tv/(\w{2,25})(?:[/?#]\S*)?")
_NO_CHANNELS = frozenset({"directory", "videos", "settings", "subscriptions", "downloads", "jobs", "p"})


def twitch_point(written: str) -> str | None:
    """The id or the login (with an at sign) of the channel that a person named; None for other words.

    Examples:
        >>> twitch_point("https://www.twitch.tv/Ada_Plays/videos"), twitch_point("@ada_plays")
        ('@ada_plays', None)
    """
    text = written.strip()
    if key := _KEY.fullmatch(text):
        return key[1]
    linked = _ADDRESS.fullmatch(text)
    if linked is None or linked[1].lower() in _NO_CHANNELS:
        return None
    return "@" + linked[1].lower()


def is_user_id(point: str) -> bool:
    """Whether `point` is an id, not a login."""
    return bool(_ID.fullmatch(point))


def view_definition_at(_at: datetime) -> str:
    """How views were counted; it never changed as far as we know."""
    return limits.VIEW_DEFINITION


def open_twitch(
    make: MakePipeline, record: ConnectionRecord, now: Callable[[], datetime], on_malformed: OnMalformed
) -> OpenPlatform:
    """Helix with the application of the connection: its client id is the login, its secret the password.

    Raises:
        CredentialRejected: one of the two is missing.
    """
    if not (record.login and record.password):
        raise CredentialRejected(
            f"Connection {record.name} needs the client id as login and the client secret as password."
        )
    return Twitch(make(auth=ApplicationToken(record)), record, now, on_malformed=on_malformed)


PLATFORM = PlatformKind(
    name=limits.API,
    connection="mardev_twitch",
    capabilities=CAPABILITIES,
    lists=(),
    point=twitch_point,
    is_id=is_user_id,
    costs=COSTS,
    view_definition_at=view_definition_at,
    bucket_limits=limits.bucket_limits,
    open=open_twitch,
)

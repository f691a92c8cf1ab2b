"""A connection to an outside system, free of Airflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mardev.domain.words import World


@dataclass(frozen=True)
class ConnectionRecord:
    """How one outside system is reached, and which world it belongs to.

    `host` is a base URL for HTTP systems and a host name for SMTP. Secrets never show in a repr.
    """

    name: str
    world: World
    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


ConnectionLookup = Callable[[str], ConnectionRecord]
"""Connection name (``mardev_youtube``) to its record; raises FixFirst when there is none."""

CONNECTION_NAMES = (
    "mardev_clock",
    "mardev_youtube",
    "mardev_mail",
    "mardev_mailbox",
    "mardev_shlink",
    "mardev_analytics",
    "mardev_shop",
    "mardev_bluesky",
    "mardev_mastodon",
    "mardev_twitch",
)

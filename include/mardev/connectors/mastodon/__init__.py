"""One Mastodon server, read only: accounts, follows as far as their owners show them, posts."""

from mardev.connectors.mastodon.client import Mastodon
from mardev.connectors.mastodon.platform import PLATFORM

__all__ = ["PLATFORM", "Mastodon"]

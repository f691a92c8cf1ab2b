"""Bluesky's public server, read only: profiles, complete lists of follows, posts. No credential."""

from mardev.connectors.bluesky.client import Bluesky
from mardev.connectors.bluesky.platform import PLATFORM

__all__ = ["PLATFORM", "Bluesky"]

"""Twitch's Helix API, read only, with an application's token: channels, follower totals, recordings."""

from mardev.connectors.twitch.client import Twitch
from mardev.connectors.twitch.platform import PLATFORM

__all__ = ["PLATFORM", "Twitch"]

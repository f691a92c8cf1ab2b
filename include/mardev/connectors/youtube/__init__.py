"""YouTube Data API v3, read only, with an API key."""

from mardev.connectors.youtube.client import YouTube
from mardev.connectors.youtube.limits import forecast_units
from mardev.connectors.youtube.platform import PLATFORM
from mardev.connectors.youtube.records import ChannelRecord, StatisticsRecord, SubscriptionRecord, VideoRecord

__all__ = [
    "PLATFORM",
    "ChannelRecord",
    "StatisticsRecord",
    "SubscriptionRecord",
    "VideoRecord",
    "YouTube",
    "forecast_units",
]

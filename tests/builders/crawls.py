"""A YouTube of a few scripted channels, and a crawl's memory without a warehouse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mardev.connectors.errors import NotThere, SubscriptionsHidden
from mardev.connectors.youtube.records import (
    ChannelRecord,
    StatisticsRecord,
    SubscriptionRecord,
    VideoRecord,
)
from mardev.errors import QuotaExhausted
from mardev.stages.plan.crawl_memory import CrawlMemory

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 6, 7, tzinfo=UTC)


def channel_id(name: str) -> str:
    """The id of a channel that tests call by a short name."""
    return "UC" + name.ljust(22, "_")


@dataclass
class Scripted:
    """One channel: whom it follows (None: hidden), whom it features, its videos' descriptions by id."""

    name: str
    country: str | None = "DE"
    follows: Sequence[str] | None = ()
    features: Sequence[str] = ()
    videos: dict[str, str] = field(default_factory=dict)
    description: str = ""
    has_playlist: bool = True


class ScriptedYouTube:
    """Answers from `channels`; `asked` keeps every request, `units` is how many are left."""

    def __init__(self, *channels: Scripted, found: dict[str, Sequence[str]] | None = None, units: int = 10_000) -> None:
        self._channels = {channel_id(channel.name): channel for channel in channels}
        self._found = found or {}
        self.units = units
        self.gone_videos: set[str] = set()
        self.asked: list[tuple[str, str]] = []

    def _ask(self, what: str, *items: str) -> None:
        if self.units <= 0:
            raise QuotaExhausted("spent", resets_at=MIDNIGHT)
        self.units -= 1
        self.asked.extend((what, item) for item in items)

    def search_channels(
        self, query: str, region: str | None = None, language: str | None = None, max_results: int = 50
    ) -> list[str]:
        self._ask("search", f"{region}:{query}")
        return [channel_id(name) for name in self._found.get(query, ())][:max_results]

    def channels_for_handle(self, handle: str) -> list[ChannelRecord]:
        self._ask("handle", handle)
        return [self._record(one) for one in self._channels.values() if f"@{one.name}" == handle]

    def channels(self, channel_ids: Sequence[str]) -> list[ChannelRecord]:
        self._ask("channel", *channel_ids)
        return [self._record(self._channels[one]) for one in channel_ids if one in self._channels]

    def subscriptions(self, one: str) -> Iterable[SubscriptionRecord]:
        self._ask("subscriptions", one)
        follows = self._channels[one].follows
        if follows is None:
            raise SubscriptionsHidden("hidden")
        return [SubscriptionRecord(one, channel_id(name), name, NOW - timedelta(days=100), NOW) for name in follows]

    def featured_channels(self, one: str) -> list[str]:
        self._ask("featured", one)
        return [channel_id(name) for name in self._channels[one].features]

    def uploads(self, playlist: str, max_results: int = 50) -> list[VideoRecord]:
        self._ask("uploads", playlist)
        channel = self._channels["UC" + playlist[2:]]
        if not channel.has_playlist:
            raise NotThere("no such playlist")
        return [
            VideoRecord(
                video_id=video_id, channel_id="UC" + playlist[2:], title="A game", description=text,
                published_at=NOW - timedelta(days=10), observed_at=NOW,
            )
            for video_id, text in channel.videos.items()
        ][:max_results]  # fmt: skip

    def statistics(self, video_ids: Sequence[str]) -> list[StatisticsRecord]:
        self._ask("statistics", *video_ids)
        return [
            StatisticsRecord(
                video_id=one, views=1000, likes=10, comments=1, published_at=None, duration_seconds=None,
                view_definition="any", observed_at=NOW,
            )
            for one in video_ids
            if one not in self.gone_videos
        ]  # fmt: skip

    def _record(self, one: Scripted) -> Any:
        return ChannelRecord(
            channel_id=channel_id(one.name), title=one.name, description=one.description, handle=f"@{one.name}",
            country=one.country, language=None, published_at=NOW - timedelta(days=900),
            uploads_playlist="UU" + channel_id(one.name)[2:], picture_url=None, subscribers=1000,
            subscribers_hidden=False, total_views=100_000, video_count=50, topic_categories=(),
            keywords=None, observed_at=NOW,
        )  # fmt: skip


class KeptMemory(CrawlMemory):
    """A crawl's memory whose warehouse is a dictionary: what was flushed is there for the next one."""

    def __init__(self, kept: dict[tuple[str, str], tuple[str, Any]] | None = None) -> None:
        self.kept = {} if kept is None else kept
        self._crawl_key = "test"
        self._known = dict(self.kept)
        self._unwritten = []

    def flush(self) -> None:
        for row in self._unwritten:
            self.kept.setdefault((row["step"], row["item_key"]), (row["state"], row["result"]))
        self._unwritten.clear()

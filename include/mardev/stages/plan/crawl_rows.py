"""Turns what a crawl remembers into the rows of the warehouse. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from mardev.connectors.youtube.limits import view_definition_at
from mardev.domain.words import EdgeKind, World
from mardev.stages.plan.crawl import RECENT
from mardev.stages.plan.crawl_memory import CrawlMemory

PLATFORM = "youtube"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LANGUAGE_OF_COUNTRY = {"DE": "de", "AT": "de", "US": "en", "GB": "en", "BR": "pt", "PT": "pt", "JP": "ja"}
STILL_GROWING = timedelta(days=3)
"""A post younger than this says little about what it will get."""

LEGAL_BASIS = "legitimate interest: business address published for enquiries"


def channel_key(external_id: str) -> str:
    return f"{PLATFORM}:{external_id}"


class CrawlRows:
    """The rows of one crawl, all of one world and one observation instant."""

    def __init__(
        self,
        memory: CrawlMemory,
        members: Sequence[str],
        *,
        world: World,
        observed_at: datetime,
        expires_at: datetime | None,
    ) -> None:
        self._memory = memory
        self._members = members
        self._known = set(members)
        self._channels = memory.results("channel")
        self._world = str(world)
        self._at = observed_at
        self._expires_at = expires_at

    def channels(self) -> Iterator[dict[str, Any]]:
        for external_id in self._members:
            channel = self._channels[external_id]
            yield {
                "channel_key": channel_key(external_id),
                "world": self._world,
                "platform": PLATFORM,
                "external_id": external_id,
                "handle": channel["handle"],
                "title": channel["title"],
                "description": channel["description"],
                "country": channel["country"],
                "language": channel["language"] or LANGUAGE_OF_COUNTRY.get(channel["country"]),
                "topics": channel["topics"],
                "picture_url": channel["picture_url"],
                "uploads_playlist": channel["uploads_playlist"],
                "created_at": _instant(channel["created_at"]),
                "first_seen_at": self._at,
                "refreshed_at": self._at,
                "expires_at": self._expires_at,
            }

    def contacts(self) -> Iterator[dict[str, Any]]:
        for external_id in self._members:
            channel = self._channels[external_id]
            if address := ADDRESS.search(channel["description"]):
                yield {
                    "channel_key": channel_key(external_id),
                    "kind": "creator",
                    "world": self._world,
                    "email": address.group().rstrip("."),
                    "language": channel["language"] or LANGUAGE_OF_COUNTRY.get(channel["country"]),
                    "source": "channel description",
                    "legal_basis": LEGAL_BASIS,
                    "found_at": self._at,
                }

    def snapshots(self) -> Iterator[dict[str, Any]]:
        uploads = self._memory.results("uploads")
        statistics = self._memory.results("statistics")
        for external_id in self._members:
            channel = self._channels[external_id]
            yield {
                "channel_key": channel_key(external_id),
                "snapshot_at": self._at,
                "observed_at": self._at,
                "world": self._world,
                "subscribers": channel["subscribers"],
                "subscribers_hidden": channel["subscribers_hidden"],
                "total_views": channel["total_views"],
                "post_count": channel["post_count"],
                "average_daily_views": _average_daily_views(uploads.get(external_id, []), statistics, self._at),
                "views_per_post": _views_per_post(uploads.get(external_id, []), statistics, self._at),
                "view_definition": view_definition_at(self._at),
            }

    def edges(self) -> Iterator[dict[str, Any]]:
        """Endorsements between channels that are both known; one row for each pair and kind."""
        seen: set[tuple[str, str, EdgeKind]] = set()
        for source, target, kind, since, evidence in self._endorsements():
            if target in self._known and source != target and (source, target, kind) not in seen:
                seen.add((source, target, kind))
                yield {
                    "source_channel_key": channel_key(source),
                    "target_channel_key": channel_key(target),
                    "kind": str(kind),
                    "world": self._world,
                    "weight": 1.0,
                    "first_seen_at": min(since, self._at),
                    "last_seen_at": self._at,
                    "evidence": evidence,
                }

    def lists(self) -> Iterator[dict[str, Any]]:
        for external_id in self._members:
            state = self._memory.state("subscriptions", external_id)
            if state:
                yield {
                    "channel_key": channel_key(external_id),
                    "kind": str(EdgeKind.SUBSCRIBES),
                    "world": self._world,
                    "state": {"done": "read"}.get(state, state),
                    "observed_at": self._at,
                }

    def _endorsements(self) -> Iterator[tuple[str, str, EdgeKind, datetime, str]]:
        for source, targets in self._memory.results("subscriptions").items():
            for target, since in targets:
                yield source, target, EdgeKind.SUBSCRIBES, datetime.fromisoformat(since), "public subscription list"
        for source, featured in self._memory.results("featured").items():
            for target in featured:
                yield source, target, EdgeKind.FEATURES, self._at, "featured on the channel page"
        by_handle = {
            str(channel["handle"]).lstrip("@").lower(): external_id
            for external_id, channel in self._channels.items()
            if channel["handle"]
        }
        for source, videos in self._memory.results("uploads").items():
            for video in videos:
                for mention in video["mentions"]:
                    target = mention if mention in self._known else by_handle.get(mention.lower())
                    if target:
                        published_at = datetime.fromisoformat(video["published_at"])
                        yield source, target, EdgeKind.MENTIONS, published_at, f"description of {video['external_id']}"


def _average_daily_views(
    videos: Sequence[Mapping[str, Any]], statistics: Mapping[str, Any], now: datetime
) -> float | None:
    """Views a day of what was published in the last 60 days, None when nothing of it was counted."""
    since = (now - RECENT).isoformat()
    counted = [
        statistics[video["external_id"]]["views"]
        for video in videos
        if video["published_at"] >= since and video["external_id"] in statistics
    ]
    known: list[int] = [views for views in counted if views is not None]
    if not known:
        return None
    first = min(datetime.fromisoformat(video["published_at"]) for video in videos if video["published_at"] >= since)
    days = max((now - first).total_seconds() / 86_400, 1.0)
    return sum(known) / days


def _views_per_post(videos: Sequence[Mapping[str, Any]], statistics: Mapping[str, Any], now: datetime) -> float | None:
    """Median views of the posts between three and sixty days old: what a new one can be expected to get."""
    oldest, youngest = (now - RECENT).isoformat(), (now - STILL_GROWING).isoformat()
    views = [
        statistics[video["external_id"]]["views"]
        for video in videos
        if oldest <= video["published_at"] <= youngest and video["external_id"] in statistics
    ]
    known = [count for count in views if count is not None]
    return float(median(known)) if known else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

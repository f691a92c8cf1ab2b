"""Turns what a crawl remembers into the rows of the warehouse. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from mardev.connectors.platform import PlatformKind
from mardev.connectors.platforms import platform_kind
from mardev.domain.words import EdgeKind, World
from mardev.stages.plan.crawl import RECENT, UPLOADS_READ
from mardev.stages.plan.crawl_memory import CrawlMemory
from mardev.topidis.languages import language_shares

PLATFORM = "youtube"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LANGUAGE_OF_COUNTRY = {"DE": "de", "AT": "de", "US": "en", "GB": "en", "BR": "pt", "PT": "pt", "JP": "ja"}
LONGEST_TITLE = 300
STILL_GROWING = timedelta(days=3)
"""A post younger than this says little about what it will get."""

LEGAL_BASIS = "legitimate interest: business address published for enquiries"


def channel_key(external_id: str, platform: str = PLATFORM) -> str:
    return f"{platform}:{external_id}"


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
        platform: PlatformKind | None = None,
    ) -> None:
        self._platform = platform or platform_kind(PLATFORM)
        self._memory = memory
        self._members = members
        self._known = set(members)
        self._channels = memory.results("channel")
        self._posts = memory.results("uploads")
        self._written: dict[str, Mapping[str, float]] = {}
        self._world = str(world)
        self._at = observed_at
        self._expires_at = expires_at

    def known_channels(self) -> list[Mapping[str, Any]]:
        """The members as the crawl remembers them."""
        return [self._channels[external_id] for external_id in self._members]

    def channels(self) -> Iterator[dict[str, Any]]:
        for external_id in self._members:
            channel = self._channels[external_id]
            yield {
                "channel_key": self._key(external_id),
                "world": self._world,
                "platform": self._platform.name,
                "external_id": external_id,
                "handle": channel["handle"],
                "title": channel["title"],
                "description": channel["description"],
                "country": channel["country"],
                "language": self._language(external_id),
                "languages": self._languages(external_id),
                "post_titles": self._post_titles(external_id),
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
                    "channel_key": self._key(external_id),
                    "kind": "creator",
                    "world": self._world,
                    "email": address.group().rstrip("."),
                    "language": self._language(external_id),
                    "source": "channel description",
                    "legal_basis": LEGAL_BASIS,
                    "found_at": self._at,
                }

    def snapshots(self) -> Iterator[dict[str, Any]]:
        statistics = self._memory.results("statistics")
        for external_id in self._members:
            channel = self._channels[external_id]
            yield {
                "channel_key": self._key(external_id),
                "snapshot_at": self._at,
                "observed_at": self._at,
                "world": self._world,
                "subscribers": channel["subscribers"],
                "subscribers_hidden": channel["subscribers_hidden"],
                "total_views": channel["total_views"],
                "post_count": channel["post_count"],
                "average_daily_views": _average_daily_views(self._posts.get(external_id, []), statistics, self._at),
                "views_per_post": _views_per_post(self._posts.get(external_id, []), statistics, self._at),
                "posts_per_week": _posts_per_week(self._posts.get(external_id), self._at),
                "last_post_at": _last_post_at(self._posts.get(external_id, [])),
                "view_definition": self._platform.view_definition_at(self._at),
            }

    def edges(self) -> Iterator[dict[str, Any]]:
        """Endorsements between channels that are both known; one row for each pair and kind."""
        seen: set[tuple[str, str, EdgeKind]] = set()
        for source, target, kind, since, evidence in self._endorsements():
            if target in self._known and source != target and (source, target, kind) not in seen:
                seen.add((source, target, kind))
                yield {
                    "source_channel_key": self._key(source),
                    "target_channel_key": self._key(target),
                    "kind": str(kind),
                    "world": self._world,
                    "weight": 1.0,
                    "first_seen_at": min(since, self._at),
                    "last_seen_at": self._at,
                    "evidence": evidence,
                }

    def lists(self) -> Iterator[dict[str, Any]]:
        """Whether each list that its owner may hide was read."""
        for one in self._platform.lists:
            if one.kind is EdgeKind.FEATURES:
                continue
            for external_id in self._members:
                state = self._memory.state(one.step, external_id)
                if state:
                    yield {
                        "channel_key": self._key(external_id),
                        "kind": str(one.kind),
                        "world": self._world,
                        "state": {"done": "read"}.get(state, state),
                        "observed_at": self._at,
                    }

    def _key(self, external_id: str) -> str:
        return channel_key(external_id, self._platform.name)

    def _language(self, external_id: str) -> str | None:
        """What most of its words are written in, else what the channel says, what its posts say, its country's."""
        said = self._channels[external_id]["language"]
        if written := next(iter(self._languages(external_id)), None):
            is_the_same = said is not None and str(said).split("-")[0].lower() == written
            return str(said) if is_the_same else written
        if said:
            return str(said)
        told = Counter(post["language"] for post in self._posts.get(external_id, ()) if post.get("language"))
        country = self._channels[external_id]["country"]
        return told.most_common(1)[0][0] if told else LANGUAGE_OF_COUNTRY.get(country)

    def _languages(self, external_id: str) -> Mapping[str, float]:
        """Language to its share of the description and of the titles of the newest posts; empty when they tell none."""
        if external_id not in self._written:
            texts = [self._channels[external_id]["description"], "\n".join(self._post_titles(external_id))]
            self._written[external_id] = language_shares(texts)
        return self._written[external_id]

    def _post_titles(self, external_id: str) -> list[str]:
        titles = (post["title"] for post in self._posts.get(external_id) or ())
        return [title[:LONGEST_TITLE] for title in titles if title]

    def _endorsements(self) -> Iterator[tuple[str, str, EdgeKind, datetime, str]]:
        """In the order of the members, whatever order the answers came in."""
        for one in self._platform.lists:
            lists = self._memory.results(one.step)
            for source in self._members:
                for entry in lists.get(source, ()):
                    target, since = (entry, None) if isinstance(entry, str) else entry
                    yield source, target, one.kind, datetime.fromisoformat(since) if since else self._at, one.evidence
        by_handle = {
            str(self._channels[external_id]["handle"]).lstrip("@").lower(): external_id
            for external_id in self._members
            if self._channels[external_id]["handle"]
        }
        for source in self._members:
            for post in self._posts.get(source, ()):
                for mention in post["mentions"]:
                    target = mention if mention in self._known else by_handle.get(mention.lower())
                    if target:
                        published_at = datetime.fromisoformat(post["published_at"])
                        yield source, target, EdgeKind.MENTIONS, published_at, f"description of {post['external_id']}"


def _average_daily_views(
    posts: Sequence[Mapping[str, Any]], statistics: Mapping[str, Any], now: datetime
) -> float | None:
    """Views a day of what was published in the last 60 days, None when nothing of it was counted."""
    since = (now - RECENT).isoformat()
    recent = [post for post in posts if post["published_at"] >= since]
    known = [views for post in recent if (views := counted_as(post, statistics, "views")) is not None]
    if not known:
        return None
    first = min(datetime.fromisoformat(post["published_at"]) for post in recent)
    days = max((now - first).total_seconds() / 86_400, 1.0)
    return sum(known) / days


def _views_per_post(posts: Sequence[Mapping[str, Any]], statistics: Mapping[str, Any], now: datetime) -> float | None:
    """Median views of the posts between three and sixty days old: what a new one can be expected to get."""
    oldest, youngest = (now - RECENT).isoformat(), (now - STILL_GROWING).isoformat()
    settled = [post for post in posts if oldest <= post["published_at"] <= youngest]
    known = [views for post in settled if (views := counted_as(post, statistics, "views")) is not None]
    return float(median(known)) if known else None


def _posts_per_week(posts: Sequence[Mapping[str, Any]] | None, now: datetime) -> float | None:
    """Cadence over the last 60 days, or over what the newest posts span when they are more frequent than that.

    None when the posts were not read, 0 when nothing was published.
    """
    if posts is None:
        return None
    since = (now - RECENT).isoformat()
    recent = [datetime.fromisoformat(post["published_at"]) for post in posts if post["published_at"] >= since]
    if not recent:
        return 0.0
    span = RECENT if len(recent) < len(posts) or len(posts) < UPLOADS_READ else now - min(recent)
    return len(recent) / max(span / timedelta(weeks=1), 1 / 7)


def _last_post_at(posts: Sequence[Mapping[str, Any]]) -> datetime | None:
    return max((datetime.fromisoformat(post["published_at"]) for post in posts), default=None)


def counted_as(post: Mapping[str, Any], statistics: Mapping[str, Any], counter: str) -> int | None:
    """A counter of a post (``views``, ``likes``, ``comments``), told with it or apart; None when hidden or not told.

    What an older crawl remembers has views alone.
    """
    apart = statistics.get(post["external_id"])
    value: int | None = (apart or post).get(counter)
    return value


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

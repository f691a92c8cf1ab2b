"""Discovers the channels of a campaign's markets and what connects them, from a few starting points.

Search finds the first channels; from there the crawl follows subscriptions and featured channels, round by
round, and keeps those of the campaign's countries. Every answer is remembered, so that a crawl that was
stopped asks nothing twice. A spent quota raises `QuotaExhausted` and the crawl goes on after the reset.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from mardev.stages.plan.crawl_memory import CrawlMemory

if TYPE_CHECKING:
    from mardev.connectors.youtube.client import YouTube

IDS_PER_CALL = 50
UPLOADS_READ = 15
SEARCH_RESULTS = 50
ASKED_AT_ONCE = 4
"""Requests under way at once: waiting for one answer costs no time while another is read."""
RECENT = timedelta(days=60)
CHANNEL_ID = re.compile(r"^UC[\w-]{22}$")
CHANNEL_LINK = re.compile(r"youtube\.com/channel/(UC[\w-]{22})")
CHANNEL_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?youtube\.com/(?:channel/(UC[\w-]{22})|(@[^/?#\s]+))(?:[/?#]\S*)?"
)
CHANNEL_NAME = re.compile(r"(?:youtube:)?(UC[\w-]{22})|(@[\w.·-]{2,40})")
HANDLE = re.compile(r"(?<![\w.])@([A-Za-z0-9][\w.-]{1,28}\w)")


@dataclass(frozen=True)
class CrawlScope:
    """What to look for.

    Attributes:
        topics: plain words to search for.
        markets: ISO 3166 countries whose channels are kept.
        languages: BCP 47 languages to search in.
        starting_points: channel ids, handles (``@name``) or keywords, as `starting_point` gives them.
        channel_limit: most channels to read in full.
    """

    topics: Sequence[str]
    markets: Sequence[str]
    languages: Sequence[str]
    starting_points: Sequence[str]
    channel_limit: int


Progress = Callable[[str, int, int], None]


def channel_point(written: str) -> str | None:
    """The id or the handle of the one channel that a person named by address, handle, id or key; None for other words.

    Examples:
        >>> channel_point("https://www.youtube.com/@ada.plays/videos"), channel_point("cozy games")
        ('@ada.plays', None)
        >>> channel_point("youtube:UC0123456789abcdefghijkl")
        'UC0123456789abcdefghijkl'
    """
    named = CHANNEL_ADDRESS.fullmatch(written.strip()) or CHANNEL_NAME.fullmatch(written.strip())
    return (named[1] or named[2]) if named else None


def starting_point(written: str) -> str:
    """What a person meant: the id or the handle of a channel; anything else as it was written.

    Examples:
        >>> starting_point("https://www.youtube.com/@ada.plays/videos"), starting_point("cozy games")
        ('@ada.plays', 'cozy games')
    """
    return channel_point(written) or written.strip()


class Crawl:
    """One crawl over one platform. Call `run`, then read `memory`."""

    def __init__(self, youtube: "YouTube", memory: CrawlMemory, scope: CrawlScope, now: datetime) -> None:
        self._youtube = youtube
        self._scope = scope
        self._now = now
        self.memory = memory

    def run(self, progress: Progress) -> None:
        """Ask until nothing new turns up or the limit is reached.

        Raises:
            QuotaExhausted: a bucket is spent; what was answered is remembered.
        """
        try:
            frontier = self._starting_channels()
            while frontier:
                self._read_channels(frontier)
                members = self.members()
                self._read_surroundings(members, progress)
                frontier = self._not_yet_read(members)
        finally:
            self.memory.flush()

    def members(self) -> list[str]:
        """Channel ids inside the campaign's markets, in the order they were found, up to the limit."""
        channels = self.memory.results("channel")
        inside = (item for item, channel in channels.items() if channel["country"] in self._scope.markets)
        return list(islice(inside, self._scope.channel_limit))

    def found_by_search(self) -> set[str]:
        """Channel ids that answered one of the campaign's words."""
        return {channel_id for found in self.memory.results("search").values() for channel_id in found}

    def unknown_starting_points(self) -> list[str]:
        """Channels and handles of the scope that do not exist; known once they were asked for."""
        handles = self.memory.results("handle")
        return [
            point
            for point in self._scope.starting_points
            if self.memory.state("channel", point) == "absent" or handles.get(point) == []
        ]

    def _starting_channels(self) -> list[str]:
        found: dict[str, None] = {}
        words = list(self._scope.topics)
        for point in self._scope.starting_points:
            if CHANNEL_ID.match(point):
                found[point] = None
            elif point.startswith("@"):
                found.update(dict.fromkeys(self._channel_of_handle(point)))
            else:
                words.append(point)
        for word, market in product(words, self._scope.markets):
            found.update(dict.fromkeys(self._search(word, market)))
        return list(found)

    def _channel_of_handle(self, handle: str) -> list[str]:
        if ("handle", handle) not in self.memory:
            ids = [channel.channel_id for channel in self._youtube.channels_for_handle(handle)]
            self.memory.remember("handle", handle, ids)
        return list(self.memory.results("handle")[handle])

    def _search(self, word: str, market: str) -> list[str]:
        key = f"{market}:{word}"
        if ("search", key) not in self.memory:
            ids = list(self._youtube.search_channels(word, region=market, max_results=SEARCH_RESULTS))
            self.memory.remember("search", key, ids)
        return list(self.memory.results("search")[key])

    def _read_channels(self, channel_ids: Sequence[str]) -> None:
        asked = [channel_id for channel_id in channel_ids if ("channel", channel_id) not in self.memory]
        for batch in _batches(asked, IDS_PER_CALL):
            answers = {channel.channel_id: channel for channel in self._youtube.channels(batch)}
            for channel_id in batch:  # in the order asked: the limit cuts what was named last
                if channel := answers.get(channel_id):
                    self.memory.remember("channel", channel_id, _channel_json(channel))
                else:
                    self.memory.remember("channel", channel_id, None, state="absent")

    def _read_surroundings(self, members: Sequence[str], progress: Progress) -> None:
        channels = self.memory.results("channel")
        with_uploads = [channel_id for channel_id in members if channels[channel_id]["uploads_playlist"]]
        self._ask_each("subscriptions", members, self._subscriptions, progress)
        self._ask_each("featured", members, self._featured, progress)
        self._ask_each(
            "uploads", with_uploads, lambda one: self._newest_videos(channels[one]["uploads_playlist"]), progress
        )
        self._read_statistics(members)

    def _ask_each(
        self, step: str, channel_ids: Sequence[str], ask: Callable[[str], list[Any] | None], progress: Progress
    ) -> None:
        """Ask about each channel that was not asked about yet, a few at a time; None says that the list is hidden."""
        open_ids = [channel_id for channel_id in channel_ids if (step, channel_id) not in self.memory]
        done = 0
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            # The first alone: a service that was down lets one caller try whether it is back.
            for batch in (open_ids[:1], *_batches(open_ids[1:], IDS_PER_CALL)):
                progress(step, done, len(open_ids))
                self._ask_batch(step, {channel_id: pool.submit(ask, channel_id) for channel_id in batch})
                done += len(batch)

    def _ask_batch(self, step: str, asked: Mapping[str, Future[list[Any] | None]]) -> None:
        """Remember what is answered; after the first failure nothing more is begun, what is under way still counts."""
        failure: Exception | None = None
        for channel_id, future in asked.items():
            try:
                answer = future.result()
            except CancelledError:
                continue
            except Exception as error:
                failure = failure or error
                for other in asked.values():
                    other.cancel()
            else:
                self.memory.remember(step, channel_id, answer, state="done" if answer is not None else "hidden")
        if failure:
            raise failure

    def _subscriptions(self, channel_id: str) -> list[Any] | None:
        from mardev.connectors.errors import NotThere, SubscriptionsHidden

        try:
            return [
                [one.target_channel_id, (one.subscribed_at or self._now).isoformat()]
                for one in self._youtube.subscriptions(channel_id)
            ]
        except SubscriptionsHidden:
            return None
        except NotThere:  # terminated since its details were read
            return []

    def _featured(self, channel_id: str) -> list[Any]:
        return list(self._youtube.featured_channels(channel_id))

    def _newest_videos(self, playlist: str) -> list[dict[str, Any]]:
        from mardev.connectors.errors import NotThere

        try:
            return [_video_json(video) for video in self._youtube.uploads(playlist, max_results=UPLOADS_READ)]
        except NotThere:  # a channel without videos may have no such playlist
            return []

    def _read_statistics(self, members: Sequence[str]) -> None:
        since = (self._now - RECENT).isoformat()
        uploads = self.memory.results("uploads")
        wanted = [
            video["external_id"]
            for channel_id in members
            for video in uploads.get(channel_id, [])
            if video["published_at"] >= since and ("statistics", video["external_id"]) not in self.memory
        ]
        for batch in _batches(wanted, IDS_PER_CALL):
            for statistics in self._youtube.statistics(batch):
                self.memory.remember("statistics", statistics.video_id, {"views": statistics.views})
            for video_id in batch:
                if ("statistics", video_id) not in self.memory:  # taken down since it was listed
                    self.memory.remember("statistics", video_id, None, state="absent")

    def _not_yet_read(self, members: Sequence[str]) -> list[str]:
        """Channels that members endorse and nobody asked about, unless the limit is reached."""
        if len(members) >= self._scope.channel_limit:
            return []
        found: dict[str, None] = {}
        for targets in self.memory.results("subscriptions").values():
            found.update(dict.fromkeys(target for target, _ in targets))
        for targets in self.memory.results("featured").values():
            found.update(dict.fromkeys(targets))
        return [channel_id for channel_id in found if ("channel", channel_id) not in self.memory]


def _batches(items: Sequence[str], size: int) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _channel_json(channel: Any) -> dict[str, Any]:
    return {
        "external_id": channel.channel_id,
        "handle": channel.handle,
        "title": channel.title,
        "description": channel.description,
        "country": channel.country,
        "language": channel.language,
        "topics": [address.rsplit("/", 1)[-1].replace("_", " ") for address in channel.topic_categories],
        "picture_url": channel.picture_url,
        "uploads_playlist": channel.uploads_playlist,
        "created_at": channel.published_at.isoformat() if channel.published_at else None,
        "subscribers": channel.subscribers,
        "subscribers_hidden": channel.subscribers_hidden,
        "total_views": channel.total_views,
        "post_count": channel.video_count,
    }


def _video_json(video: Any) -> dict[str, Any]:
    return {
        "external_id": video.video_id,
        "title": video.title,
        "published_at": video.published_at.isoformat(),
        "mentions": sorted({*CHANNEL_LINK.findall(video.description), *HANDLE.findall(video.description)}),
    }

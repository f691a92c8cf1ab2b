"""What `search.list` finds: words in channels and in videos."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sandbox.model import LANGUAGE_OF_MARKET, Creator, UnknownCreator, Video
from sandbox.world import World

MOST_RESULTS = 500
"""The platform hands out no more than about this many results of one search."""
SEARCHES_REMEMBERED = 64
CHANNELS_LOOKED_THROUGH = 40


@dataclass(frozen=True)
class VideoSearch:
    """The filters of a search for videos; None does not filter."""

    words: str = ""
    region: str | None = None
    language: str | None = None
    channel_id: str | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    only_paid_promotion: bool = False
    order: str = "relevance"


class Query:
    """``red fox|wolf -zoo``: alternatives by ``|``, all words of one must occur, words with ``-`` must not.

    Words are matched anywhere, so that languages without spaces work.

    Examples:
        >>> Query("fox|wolf -zoo").matches("A WOLF at home"), Query("fox -zoo").matches("fox in the zoo")
        (True, False)
    """

    def __init__(self, text: str) -> None:
        words = text.casefold().split()
        self._unwanted = [word[1:] for word in words if word.startswith("-") and len(word) > 1]
        wanted = " ".join(word for word in words if not word.startswith("-"))
        self._alternatives = [alternative.replace('"', " ").split() for alternative in wanted.split("|")]

    @property
    def plain_words(self) -> str:
        """The wanted words without operators, for a search that ranks."""
        return " ".join(word for alternative in self._alternatives for word in alternative)

    def matches(self, text: str) -> bool:
        folded = text.casefold()
        if any(word in folded for word in self._unwanted):
            return False
        return any(all(word in folded for word in alternative) for alternative in self._alternatives)


class Finder:
    """Searches one world; remembers the last searches of an instant, because paging asks for the same again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._remembered = lru_cache(maxsize=SEARCHES_REMEMBERED)(self._videos)

    def channels(self, words: str, region: str | None, language: str | None) -> Sequence[Creator]:
        plain = Query(words).plain_words
        return self._world.search_channels(plain, region=region, language=language)[:MOST_RESULTS]

    def videos(self, search: VideoSearch) -> Sequence[Video]:
        found = self._remembered(search, self._world.now)
        gone = {channel for channel in {video.channel_id for video in found} if not self._is_there(channel)}
        return [video for video in found if video.channel_id not in gone]

    def _is_there(self, channel_id: str) -> bool:
        """False for a channel that vanished after the search was remembered."""
        try:
            self._world.creator(channel_id)
        except UnknownCreator:
            return False
        return True

    def _videos(self, search: VideoSearch, now: datetime) -> Sequence[Video]:
        query = Query(search.words)
        found = [
            (self._rank(query, creator, video), video)
            for creator in self._creators(search, query)
            for video in self._world.videos(creator.channel_id)
            if _in_window(search, video, now) and query.matches(_text(creator, video))
        ]
        keys: dict[str, Callable[[tuple[int, Video]], tuple[float, ...]]] = {
            "relevance": lambda pair: (-pair[0], -pair[1].published_at.timestamp()),
            "date": lambda pair: (-pair[1].published_at.timestamp(),),
            "viewCount": lambda pair: (-self._world.statistics(pair[1].video_id).views,),
        }
        found.sort(key=keys.get(search.order, keys["relevance"]))
        return [video for _, video in found[:MOST_RESULTS]]

    def _creators(self, search: VideoSearch, query: Query) -> Sequence[Creator]:
        """Whose videos are looked through: the best channels for the words, and all that the brand is in touch with.

        Reading the videos of all channels would hold the server for seconds.
        """
        if search.channel_id is not None:
            known = [one for one in self._world.creators if one.channel_id == search.channel_id]
            return [one for one in known if self._is_there(one.channel_id)]
        best = self._world.search_channels(query.plain_words, region=search.region, language=search.language)
        language = search.language or LANGUAGE_OF_MARKET.get(search.region or "")
        known = [one for one in self._in_touch() if language is None or one.language == language]
        return list({one.channel_id: one for one in [*best[:CHANNELS_LOOKED_THROUGH], *known]}.values())

    def _in_touch(self) -> Iterator[Creator]:
        for address in self._world.addresses():
            try:
                yield self._world.creator(self._world.creator_by_address(address).channel_id)
            except UnknownCreator:
                continue

    def _rank(self, query: Query, creator: Creator, video: Video) -> int:
        return 4 * query.matches(video.title) + 2 * query.matches(creator.name) + query.matches(" ".join(video.tags))


def _in_window(search: VideoSearch, video: Video, now: datetime) -> bool:
    after, before = search.published_after, search.published_before
    return (
        (after is None or video.published_at >= after)
        and video.published_at < (before or now.max.replace(tzinfo=now.tzinfo))
        and (video.declares_paid_promotion or not search.only_paid_promotion)
    )


def _text(creator: Creator, video: Video) -> str:
    return "\n".join((video.title, video.description, " ".join(video.tags), creator.name))

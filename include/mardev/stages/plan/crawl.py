"""Discovers the channels of a campaign's markets and what connects them, from a few starting points.

Search finds the first channels; from there the crawl follows who endorses whom, round by round, and keeps those of the
campaign's countries. Every answer is remembered, and which question comes next follows from the answers alone, so a
crawl that was stopped anywhere asks nothing twice and finds the same. A spent quota raises `QuotaExhausted` and the
crawl goes on after the reset.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from mardev.connectors.youtube.points import CHANNEL_ID, channel_point
from mardev.stages.plan.crawl_memory import CrawlMemory
from mardev.stages.plan.mentions import mentions_in

if TYPE_CHECKING:
    from mardev.connectors.platform import Platform

__all__ = ["CHANNEL_ID", "Crawl", "CrawlScope", "channel_point", "starting_point"]

IDS_PER_CALL = 50
UPLOADS_READ = 15
SEARCH_RESULTS = 50
ASKED_AT_ONCE = 4
"""Requests under way at once: waiting for one answer costs no time while another is read."""
RECENT = timedelta(days=60)


@dataclass(frozen=True)
class CrawlScope:
    """What to look for.

    Attributes:
        topics: plain words to search for.
        markets: ISO 3166 countries whose channels are kept.
        languages: BCP 47 languages; they decide where a platform tells no country.
        starting_points: channel ids, handles (``@name``) or keywords, as `starting_point` gives them.
        channel_limit: most channels to read in full.
    """

    topics: Sequence[str]
    markets: Sequence[str]
    languages: Sequence[str]
    starting_points: Sequence[str]
    channel_limit: int


Progress = Callable[[str, int, int], None]


def starting_point(written: str) -> str:
    """What a person meant: the id or the handle of a channel; anything else as it was written.

    Examples:
        >>> starting_point("https://www.youtube.com/@ada.plays/videos"), starting_point("cozy games")
        ('@ada.plays', 'cozy games')
    """
    return channel_point(written) or written.strip()


class Crawl:
    """One crawl over one platform. Call `run`, then read `members` and `memory`."""

    def __init__(
        self,
        platform: "Platform",
        memory: CrawlMemory,
        scope: CrawlScope,
        now: datetime,
        *,
        is_id: Callable[[str], bool] = lambda point: bool(CHANNEL_ID.match(point)),
    ) -> None:
        self._platform = platform
        self._scope = scope
        self._now = now
        self._is_id = is_id
        self._asked: dict[str, None] = {}
        self.memory = memory

    def run(self, progress: Progress) -> None:
        """Ask until nothing new turns up or the limit is reached.

        Raises:
            QuotaExhausted: a bucket is spent; what was answered is remembered.
        """
        self._asked = {}
        try:
            frontier = self._starting_channels(progress)
            while frontier:
                self._asked.update(dict.fromkeys(frontier))
                self._read_channels(frontier, progress)
                members = self.members()
                self._read_surroundings(members, progress)
                frontier = self._not_yet_asked(members)
        finally:
            self.memory.flush()

    def members(self) -> list[str]:
        """Channel ids inside the campaign's markets, in the order they were asked about, up to the limit.

        Of a crawl under way: as far as it came. A later round never changes what an earlier one found.
        """
        channels = self.memory.results("channel")
        inside = (one for one in self._asked if one in channels and self._is_inside(channels[one]))
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

    def _is_inside(self, channel: Mapping[str, Any]) -> bool:
        if channel["country"] or self._platform.capabilities().tells_country:
            return channel["country"] in self._scope.markets
        return not channel["language"] or channel["language"] in self._scope.languages

    def _starting_channels(self, progress: Progress) -> list[str]:
        found: dict[str, None] = {}
        words = list(self._scope.topics)
        handles = []
        for point in self._scope.starting_points:
            if self._is_id(point):
                found[point] = None
            elif point.startswith("@"):
                handles.append(point)
                found.update(dict.fromkeys(self._channel_of_handle(point, progress)))
            else:
                words.append(point)
        searches = self.searches(words)
        for number, (word, market) in enumerate(searches):
            progress("search", number, len(searches))
            found.update(dict.fromkeys(self._search(word, market)))
        return list(found)

    def searches(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """Word and market of each search."""
        can = self._platform.capabilities()
        return list(product(words, self._scope.markets if can.searches_by_market else [""])) if can.can_search else []

    def _channel_of_handle(self, handle: str, progress: Progress) -> list[str]:
        if ("handle", handle) not in self.memory:
            progress("handle", 0, 1)
            ids = [account.external_id for account in self._platform.accounts_of_handle(handle)]
            self.memory.remember("handle", handle, ids)
        return list(self.memory.results("handle")[handle])

    def _search(self, word: str, market: str) -> list[str]:
        key = f"{market}:{word}"
        if ("search", key) not in self.memory:
            self.memory.remember("search", key, list(self._platform.search(word, market, SEARCH_RESULTS)))
        return list(self.memory.results("search")[key])

    def _read_channels(self, channel_ids: Sequence[str], progress: Progress) -> None:
        asked = [channel_id for channel_id in channel_ids if ("channel", channel_id) not in self.memory]
        for number, batch in enumerate(_batches(asked, IDS_PER_CALL)):
            progress("channel", number * IDS_PER_CALL, len(asked))
            answers = {account.external_id: account for account in self._platform.accounts(batch)}
            for channel_id in batch:
                if account := answers.get(channel_id):
                    self.memory.remember("channel", channel_id, _channel_json(account))
                else:
                    self.memory.remember("channel", channel_id, None, state="absent")

    def _read_surroundings(self, members: Sequence[str], progress: Progress) -> None:
        channels = self.memory.results("channel")
        for one in self._platform.lists():
            self._ask_each(one.step, members, partial(self._endorsed, one.step), progress)
        can = self._platform.capabilities()
        with_posts = [one for one in members if channels[one]["uploads_playlist"] or not can.posts_need_address]
        self._ask_each(
            "uploads", with_posts, lambda one: self._newest_posts(one, channels[one]["uploads_playlist"]), progress
        )
        if can.views_come_apart:
            self._read_statistics(members, progress)

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

    def _endorsed(self, step: str, channel_id: str) -> list[Any] | None:
        from mardev.connectors.errors import AccessHidden, NotThere

        try:
            found = list(self._platform.endorsed(step, channel_id))
        except AccessHidden:
            return None
        except NotThere:  # terminated since its details were read
            return []
        if step in UNDATED:
            return [one.external_id for one in found]
        return [[one.external_id, (one.since or self._now).isoformat()] for one in found]

    def _newest_posts(self, channel_id: str, posts_at: str | None) -> list[dict[str, Any]] | None:
        from mardev.connectors.errors import AccessHidden, NotThere

        try:
            return [_post_json(post) for post in self._platform.posts(channel_id, posts_at, UPLOADS_READ)]
        except AccessHidden:  # turned private since its details were read
            return None
        except NotThere:  # a channel without posts may have no list of them
            return []

    def _read_statistics(self, members: Sequence[str], progress: Progress) -> None:
        since = (self._now - RECENT).isoformat()
        uploads = self.memory.results("uploads")
        wanted = [
            video["external_id"]
            for channel_id in members
            for video in uploads.get(channel_id, [])
            if video["published_at"] >= since and ("statistics", video["external_id"]) not in self.memory
        ]
        for number, batch in enumerate(_batches(wanted, IDS_PER_CALL)):
            progress("statistics", number * IDS_PER_CALL, len(wanted))
            for one in self._platform.counters(batch):
                counted = {"views": one.views, "likes": one.likes, "comments": one.comments}
                self.memory.remember("statistics", one.external_id, counted)
            for post_id in batch:
                if ("statistics", post_id) not in self.memory:  # taken down since it was listed
                    self.memory.remember("statistics", post_id, None, state="absent")

    def _not_yet_asked(self, members: Sequence[str]) -> list[str]:
        """Channels that members endorse and this run did not come to yet, unless the limit is reached."""
        if len(members) >= self._scope.channel_limit:
            return []
        found: dict[str, None] = {}
        for one in self._platform.lists():
            endorsed = self.memory.results(one.step)
            for member in members:
                found.update(dict.fromkeys(_target(entry) for entry in endorsed.get(member, ())))
        return [channel_id for channel_id in found if channel_id not in self._asked]


UNDATED = frozenset({"featured"})
"""Lists whose entries tell no date: remembered as plain ids."""


def _target(entry: Any) -> str:
    return str(entry if isinstance(entry, str) else entry[0])


def _batches(items: Sequence[str], size: int) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _channel_json(account: Any) -> dict[str, Any]:
    return {
        "external_id": account.external_id,
        "handle": account.handle,
        "title": account.title,
        "description": account.description,
        "country": account.country,
        "language": account.language,
        "topics": list(account.topics),
        "picture_url": account.picture_url,
        "uploads_playlist": account.posts_at,
        "created_at": account.created_at.isoformat() if account.created_at else None,
        "subscribers": account.subscribers,
        "subscribers_hidden": account.subscribers_hidden,
        "total_views": account.total_views,
        "post_count": account.post_count,
    } | ({"links": list(account.links), "proved_links": list(account.proved_links)} if account.links else {})


def _post_json(post: Any) -> dict[str, Any]:
    from mardev.topidis.growth_steps import says_giveaway, says_promoted

    told = {
        "external_id": post.external_id,
        "title": post.title,
        "published_at": post.published_at.isoformat(),
        "mentions": sorted({*mentions_in(post.text), *post.mentioned_ids}),
    }
    beside = {name: getattr(post, name) for name in ("views", "likes", "comments", "shares", "language")}
    announced = {"says_giveaway": says_giveaway(post.text), "says_promoted": says_promoted(post.text)}
    return (
        told
        | {name: value for name, value in beside.items() if value is not None}
        | {name: True for name, is_said in announced.items() if is_said}
    )

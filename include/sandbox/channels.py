"""Counters and videos of channels at an instant: ordinary and sponsored videos together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.economy.comments import COMMENTS_OF_A_MATE, Comment, Comments
from sandbox.economy.growth import likes_and_comments
from sandbox.economy.videos import SPONSORED_BLOCK
from sandbox.hashing import unit
from sandbox.model import Creator, Statistics, Subscription, UnknownCreator, UnknownVideo, Video
from sandbox.parts import Parts

DAYS_PER_YEAR = 365.0
PLATFORM = "youtube"
GIVEAWAY = {
    "de": "🎁 GEWINNSPIEL: Abonniere und kommentiere, um mitzumachen!",
    "en": "🎁 GIVEAWAY: subscribe and comment to enter!",
    "pt": "🎁 SORTEIO: inscreva-se e comente para participar!",
    "ja": "🎁 プレゼント企画：チャンネル登録とコメントで応募できます！",
}
"""Stands above the description of the newest video while a giveaway runs, and stays there."""


class Channels:
    """Reads; changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._comments = Comments(parts.seed, parts.population)

    # ---- who is there
    def creator(self, number: int, now: datetime) -> Creator:
        """With the handle and the openness of the instant."""
        known, troubles = self._parts.population.creators[number], self._parts.troubles
        suffix = troubles.suffix(number, PLATFORM, now)
        if suffix:
            known = replace(known, handle=known.handle + suffix)
        if not known.subscriptions_hidden and troubles.is_private(number, PLATFORM, now):
            known = replace(known, subscriptions_hidden=True)
        return known

    def by_handle(self, handle: str, now: datetime) -> Creator:
        """Raises UnknownCreator."""
        first = self._parts.population.by_handle.get(handle)
        numbers = [*self._parts.troubles.renamed_creators(), *([] if first is None else [first])]
        for number in numbers:
            gone = self._parts.troubles.is_gone(number, PLATFORM, now)
            if not gone and (found := self.creator(number, now)).handle == handle:
                return found
        raise UnknownCreator(handle)

    def still_there(self, creators: Sequence[Creator], now: datetime) -> list[Creator]:
        """Those who are not gone, as they are at the instant."""
        troubles = self._parts.troubles
        return [self.creator(one.number, now) for one in creators if not troubles.is_gone(one.number, PLATFORM, now)]

    # ---- counters
    def subscribers(self, number: int, now: datetime) -> int:
        population = self._parts.population
        crowd = self._parts.troubles.crowd(number, PLATFORM, now)
        years = (now - self._parts.start).total_seconds() / 86_400 / DAYS_PER_YEAR
        return int(population.subscribers_at_start[number] * (1 + population.growth_per_year[number] * years) * crowd)

    def total_views(self, number: int, now: datetime) -> int:
        creator = self._parts.population.creators[number]
        years_before = max(0.0, (self._parts.start - creator.created_at).days / DAYS_PER_YEAR - 0.33)
        before = int(creator.traits.average_views * 40 * years_before * 0.5)
        recent = self._parts.catalogue.count_and_views(number, now)[1]
        sponsored = sum(self._parts.people.house.views(p, now) for p in self._parts.people.house.of_creator(number))
        left = self._parts.troubles.views_left(number, PLATFORM, creator.created_at, now)
        return int((before + recent + sponsored) * left)

    def video_count(self, number: int, now: datetime) -> int:
        return self._parts.catalogue.count_and_views(number, now)[0] + len(self._parts.people.house.of_creator(number))

    def subscriptions(self, number: int, now: datetime) -> list[Subscription]:
        """Newest first."""
        graph, creators, troubles = self._parts.graph, self._parts.population.creators, self._parts.troubles
        follows = graph.follows(number)
        found = [
            Subscription(creators[int(target)].channel_id, graph.since(follows, position))
            for position, target in enumerate(follows.targets)
            if not troubles.is_gone(int(target), PLATFORM, now)
        ]
        return sorted((s for s in found if s.since <= now), key=lambda s: (s.since, s.channel_id), reverse=True)

    def featured(self, number: int, now: datetime) -> list[str]:
        """Friends, then the biggest of those it follows; about a third of the channels feature nobody."""
        seed, population = self._parts.seed, self._parts.population
        draw = unit(seed, number, "features")
        if draw < 0.35:
            return []
        followed = [population.by_channel_id[s.channel_id] for s in self.subscriptions(number, now)]
        friends = [friend for friend in population.friends[number] if friend in followed]
        biggest = sorted(followed, key=lambda other: -population.influence[other])
        chosen = list(dict.fromkeys([*friends, *biggest]))[: 1 + int(draw * 5)]
        return [population.creators[other].channel_id for other in chosen[:5]]

    def videos(self, number: int, now: datetime, limit: int | None) -> list[Video]:
        """Newest first."""
        house, catalogue, start = self._parts.people.house, self._parts.catalogue, self._parts.start.timestamp()
        entries = [(start + seconds, catalogue.video_id(key)) for key, seconds in catalogue.published(number, now)]
        entries += [(p.published_at.timestamp(), p.video_id) for p in house.of_creator(number)]
        entries.sort(key=lambda entry: (-entry[0], entry[1]))
        return [self.video(video_id, now) for _, video_id in entries[:limit]]

    def video(self, video_id: str, now: datetime) -> Video:
        """Raises UnknownVideo."""
        found = self._video(video_id, now)
        number = self._parts.population.by_channel_id[found.channel_id]
        for giveaway in self._parts.troubles.giveaways(number, now):
            if self._newest_at(number, giveaway.at) == video_id:
                text = f"{GIVEAWAY[found.language]}\n\n{found.description}"
                found = replace(found, description=text, updated_at=max(found.updated_at, giveaway.at))
        return found

    def _newest_at(self, number: int, instant: datetime) -> str:
        out = self._parts.catalogue.published(number, instant)
        return self._parts.catalogue.video_id(out[-1][0]) if out else ""

    def _video(self, video_id: str, now: datetime) -> Video:
        key = self._parts.catalogue.key(video_id)
        if self._parts.troubles.is_gone(key.creator, PLATFORM, now):
            raise UnknownVideo(video_id)
        if key.block == SPONSORED_BLOCK:
            return self._parts.people.house.read(self._parts.people.house.find(video_id), now)
        return self._parts.catalogue.read(key, now)

    def statistics(self, video_id: str, now: datetime) -> Statistics:
        """Raises UnknownVideo."""
        key, troubles = self._parts.catalogue.key(video_id), self._parts.troubles
        if troubles.is_gone(key.creator, PLATFORM, now):
            raise UnknownVideo(video_id)
        if key.block == SPONSORED_BLOCK:
            views = self._parts.people.house.views(self._parts.people.house.find(video_id), now)
        else:
            views = self._parts.catalogue.views(key, now)
        seed = self._parts.seed
        like_share = 0.02 + 0.06 * unit(seed, video_id, "likes")
        comment_share = 0.001 + 0.006 * unit(seed, video_id, "comments")
        likes, comments = likes_and_comments(views, like_share, comment_share)
        mates = len(troubles.mates(key.creator))
        if views:
            likes, comments = likes + mates, comments + COMMENTS_OF_A_MATE * mates
        return Statistics(self._views_left(video_id, views, now), likes, comments)

    def comment(self, video_id: str, place: int, now: datetime) -> Comment:
        """The comment at a place, the oldest first. Raises UnknownVideo."""
        video = self.video(video_id, now)
        creator = self._parts.population.by_channel_id[video.channel_id]
        counted_at = self._counted_at(video, place, now)
        return self._comments.read(video, creator, self._parts.troubles.mates(creator), place, counted_at, now)

    def _counted_at(self, video: Video, place: int, now: datetime) -> datetime:
        """When, to the second, the video first had more comments than `place`."""
        early, late = 0, int((now - video.published_at).total_seconds())
        while early < late:
            middle = (early + late) // 2
            counters = self.statistics(video.video_id, video.published_at + timedelta(seconds=middle))
            early, late = (early, middle) if counters.comments > place else (middle + 1, late)
        return video.published_at + timedelta(seconds=early)

    def _views_left(self, video_id: str, views: int, now: datetime) -> int:
        """Views that the platform still counts."""
        key, troubles = self._parts.catalogue.key(video_id), self._parts.troubles
        if not troubles.has_any(key.creator):
            return views
        return int(views * troubles.views_left(key.creator, PLATFORM, self._video(video_id, now).published_at, now))

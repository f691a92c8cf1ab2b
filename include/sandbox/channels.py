"""Counters and videos of channels at an instant: ordinary and sponsored videos together."""

from datetime import datetime

from sandbox.economy.growth import likes_and_comments
from sandbox.economy.videos import SPONSORED_BLOCK
from sandbox.hashing import unit
from sandbox.model import Statistics, Subscription, Video
from sandbox.parts import Parts

DAYS_PER_YEAR = 365.0


class Channels:
    """Reads; changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def subscribers(self, number: int, now: datetime) -> int:
        population = self._parts.population
        years = (now - self._parts.start).total_seconds() / 86_400 / DAYS_PER_YEAR
        return int(population.subscribers_at_start[number] * (1 + population.growth_per_year[number] * years))

    def total_views(self, number: int, now: datetime) -> int:
        creator = self._parts.population.creators[number]
        years_before = max(0.0, (self._parts.start - creator.created_at).days / DAYS_PER_YEAR - 0.33)
        before = int(creator.traits.average_views * 40 * years_before * 0.5)
        recent = self._parts.catalogue.count_and_views(number, now)[1]
        return (
            before
            + recent
            + sum(self._parts.people.house.views(p, now) for p in self._parts.people.house.of_creator(number))
        )

    def video_count(self, number: int, now: datetime) -> int:
        return self._parts.catalogue.count_and_views(number, now)[0] + len(self._parts.people.house.of_creator(number))

    def subscriptions(self, number: int, now: datetime) -> list[Subscription]:
        """Newest first."""
        graph, creators = self._parts.graph, self._parts.population.creators
        follows = graph.follows(number)
        found = [
            Subscription(creators[int(target)].channel_id, graph.since(follows, position))
            for position, target in enumerate(follows.targets)
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
        key = self._parts.catalogue.key(video_id)
        if key.block == SPONSORED_BLOCK:
            return self._parts.people.house.read(self._parts.people.house.find(video_id), now)
        return self._parts.catalogue.read(key, now)

    def statistics(self, video_id: str, now: datetime) -> Statistics:
        key = self._parts.catalogue.key(video_id)
        if key.block == SPONSORED_BLOCK:
            views = self._parts.people.house.views(self._parts.people.house.find(video_id), now)
        else:
            views = self._parts.catalogue.views(key, now)
        seed = self._parts.seed
        like_share = 0.02 + 0.06 * unit(seed, video_id, "likes")
        comment_share = 0.001 + 0.006 * unit(seed, video_id, "comments")
        return Statistics(views, *likes_and_comments(views, like_share, comment_share))

"""Sponsored videos: when they go out, what stands under them, how they are changed."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import numpy as np

from sandbox.clock import desk_hours
from sandbox.economy.creators import Population
from sandbox.economy.growth import GrowthCurve
from sandbox.economy.markets import MARKETS
from sandbox.economy.verticals import BY_KEY
from sandbox.economy.videos import SPONSORED_BLOCK, VideoCatalogue, VideoKey
from sandbox.hashing import generator, unit
from sandbox.model import Creator, UnknownVideo, Video
from sandbox.people.deals import Deal, Publication, Revision
from sandbox.people.writing import PostText, post_text

LATE_BY = timedelta(hours=48)
FORMAT_REACH = {
    "dedicated_video": 0.85,
    "integrated_mention": 1.0,
    "short": 1.3,
    "live_stream": 0.7,
    "giveaway": 1.1,
    "post": 0.5,
}
FORMAT_CLICKS = {
    "dedicated_video": 1.5,
    "integrated_mention": 1.0,
    "short": 0.5,
    "live_stream": 1.1,
    "giveaway": 1.6,
    "post": 0.8,
}
DAY_SECONDS = 86_400


class PublishingHouse:
    """Everything sponsored that is out."""

    def __init__(self, seed: int, population: Population) -> None:
        self._seed, self._population = seed, population
        self.publications: list[Publication] = []
        self._by_video: dict[str, Publication] = {}
        self._of_creator: dict[int, list[Publication]] = {}
        self.video_id_of: VideoCatalogue | None = None

    # ---- planning
    def publication_instant(self, deal: Deal, now: datetime) -> datetime:
        """In the first half of the agreed window; two days after its end for a deal with the fault `late`."""
        soonest = now + timedelta(hours=3)
        start, end = deal.window or (soonest, soonest + timedelta(days=2))
        if deal.fault == "late":
            after = max(end + LATE_BY, soonest)
            return desk_hours(after, after)[0]
        hours = [hour for hour in desk_hours(max(start, soonest), max(end, soonest)) if hour <= end]
        if not hours:
            return max(start, min(soonest, max(end, now + timedelta(hours=1))))
        early = hours[: max(1, (len(hours) + 1) // 2)]
        return early[int(unit(self._seed, "publish", deal.reference) * len(early))]

    def text_of(self, deal: Deal, creator: Creator, *, without: str = "") -> PostText:
        """The text as it was agreed, or with one part forgotten."""
        return post_text(
            self._seed,
            creator,
            deal.format,
            deal.points,
            deal.url,
            "" if without == "code" else deal.code,
            "" if without == "disclosure" else deal.disclosure,
        )

    # ---- going out
    def publish(self, deal: Deal, creator: Creator, at: datetime) -> Publication:
        """The video goes out with what was agreed, minus the planted fault."""
        url = _mistyped(deal.url) if deal.fault == "wrong_link" else deal.url
        disclosure = "" if deal.fault == "undisclosed" else deal.disclosure
        text = post_text(self._seed, creator, deal.format, deal.points, url, deal.code, disclosure)
        position = len(self.publications)
        publication = self._publication(deal, creator, at, position, Revision(at, text, slug_of(url)))
        deal.publication = publication
        self.publications.append(publication)
        self._by_video[publication.video_id] = publication
        self._of_creator.setdefault(creator.number, []).append(publication)
        return publication

    def revise(self, deal: Deal, creator: Creator, at: datetime) -> None:
        """Put in what was agreed."""
        if deal.publication is not None:
            deal.publication.revisions.append(Revision(at, self.text_of(deal, creator), slug_of(deal.url)))

    def _publication(self, deal: Deal, creator: Creator, at: datetime, position: int, first: Revision) -> Publication:
        rng = generator(self._seed, "publication", deal.reference)
        traits = creator.traits
        total = traits.average_views * FORMAT_REACH.get(deal.format, 0.9) * float(np.exp(rng.normal(-0.1, 0.35)))
        base_rate = 0.0045 + 0.016 * traits.fit**1.5
        is_short = deal.format == "short"
        assert self.video_id_of is not None  # noqa: S101 -- the world sets it before anybody publishes
        return Publication(
            video_id=self.video_id_of.video_id(VideoKey(creator.number, SPONSORED_BLOCK, position)),
            creator=creator.number,
            position=position,
            published_at=at,
            duration_seconds=int(rng.integers(20, 59) if is_short else rng.integers(300, 1500)),
            is_short=is_short,
            is_live=deal.format == "live_stream",
            curve=GrowthCurve(total, float(rng.uniform(1.2, 4.5)), float(rng.uniform(0.6, 0.85)), total * 0.002),
            click_rate=base_rate * FORMAT_CLICKS.get(deal.format, 1.0) * float(np.exp(rng.normal(0, 0.3))),
            install_rate=MARKETS[creator.market].install_rate * (0.35 + 0.75 * traits.fit),
            market=creator.market,
            revisions=[first],
            reference=deal.reference,
        )

    # ---- reading
    def of_creator(self, creator: int) -> list[Publication]:
        """Oldest first."""
        return self._of_creator.get(creator, [])

    def find(self, video_id: str) -> Publication:
        """UnknownVideo: not a sponsored one."""
        try:
            return self._by_video[video_id]
        except KeyError as error:
            raise UnknownVideo(video_id) from error

    def read(self, publication: Publication, now: datetime) -> Video:
        """The video as people see it."""
        creator = self._population.creators[publication.creator]
        revision = publication.reading_at(now)
        return Video(
            video_id=publication.video_id,
            channel_id=creator.channel_id,
            title=revision.text.title,
            description=revision.text.description,
            published_at=publication.published_at,
            updated_at=revision.since,
            duration_seconds=publication.duration_seconds,
            is_short=publication.is_short,
            is_live=publication.is_live,
            language=creator.language,
            tags=creator.topics,
            category_id=BY_KEY[creator.vertical].category_id,
            declares_paid_promotion=revision.text.is_disclosed,
        )

    @staticmethod
    def views(publication: Publication, now: datetime) -> int:
        age_days = (now - publication.published_at).total_seconds() / DAY_SECONDS
        return int(publication.curve.views(age_days))


def slug_of(url: str) -> str:
    """Last part of the path of an address."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] if url else ""


def _mistyped(url: str) -> str:
    """The address with another last character."""
    return url[:-1] + ("g" if url.endswith("q") else "q") if url else url

"""Tracking links with their history, and real requests on them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.hashing import token
from sandbox.model import Link, SlugTaken, UnknownLink, Visit

SLUG_LENGTH = 6
BOT_WORDS = (
    "bot",
    "crawler",
    "spider",
    "preview",
    "facebookexternalhit",
    "curl/",
    "python-requests",
    "python-httpx",
    "wget/",
)


@dataclass(frozen=True, slots=True)
class Pointing:
    """Where a link leads from an instant on."""

    since: datetime
    long_url: str


class LinkTable:
    """All links of the redirector."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._links: dict[str, Link] = {}
        self._pointings: dict[str, list[Pointing]] = {}
        self._real_visits: dict[str, list[Visit]] = {}

    def free_slug(self, wanted: str | None) -> str:
        """The wanted slug, or a new short one. SlugTaken: somebody has it."""
        if wanted:
            if wanted in self._links:
                raise SlugTaken(f"The slug {wanted} is in use")
            return wanted
        attempt = 0
        while (slug := token(SLUG_LENGTH, self._seed, "slug", len(self._links), attempt)) in self._links:
            attempt += 1
        return slug

    def create(self, slug: str, long_url: str, title: str, tags: tuple[str, ...], at: datetime) -> Link:
        link = self._links[slug] = Link(slug, long_url, title, tags, at)
        self._pointings[slug] = [Pointing(at, long_url)]
        return link

    def get(self, slug: str) -> Link:
        """UnknownLink."""
        try:
            return self._links[slug]
        except KeyError as error:
            raise UnknownLink(slug) from error

    def all(self) -> list[Link]:
        return list(self._links.values())

    def edit(
        self, slug: str, long_url: str | None, title: str | None, tags: tuple[str, ...] | None, at: datetime
    ) -> Link:
        """UnknownLink. What is None stays."""
        link = self.get(slug)
        if long_url is not None and long_url != link.long_url:
            self._pointings[slug].append(Pointing(at, long_url))
        link = replace(
            link,
            long_url=link.long_url if long_url is None else long_url,
            title=link.title if title is None else title,
            tags=link.tags if tags is None else tags,
        )
        self._links[slug] = link
        return link

    def long_url_at(self, slug: str, instant: datetime) -> str | None:
        """Where the link led at the instant; None when there was no such link yet."""
        found = None
        for pointing in self._pointings.get(slug, []):
            if pointing.since <= instant:
                found = pointing.long_url
        return found

    def record(self, visit: Visit) -> None:
        self._real_visits.setdefault(visit.slug, []).append(visit)

    def real_visits(self, slug: str) -> list[Visit]:
        return self._real_visits.get(slug, [])

    def real_visit_count(self) -> int:
        return sum(len(visits) for visits in self._real_visits.values())


def looks_like_a_bot(user_agent: str) -> bool:
    """As the redirector judges: by the user agent alone."""
    lowered = user_agent.lower()
    return not user_agent or any(word in lowered for word in BOT_WORDS)

"""What the link shortener tells, as exact types."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mardev.connectors.reading import FieldMissing, Item, flag, instant, optional_text, text, texts


@dataclass(frozen=True)
class ShortUrlRecord:
    """A tracking link."""

    short_code: str
    short_url: str
    long_url: str
    title: str | None
    tags: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class VisitRecord:
    """One request on a tracking link.

    Attributes:
        visit_key: the same whenever this visit is read again; the service gives none, so it is made of what the
            visit says and its number among visits that say the very same.
        country: two letters, None when not located.
        potential_bot: the service's own guess.
    """

    visit_key: str
    short_code: str
    visited_at: datetime
    referer: str | None = field(repr=False)
    user_agent: str | None = field(repr=False)
    country: str | None
    potential_bot: bool


def read_short_url(item: Item) -> ShortUrlRecord:
    """A short URL of the API.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    return ShortUrlRecord(
        short_code=text(item, "shortCode"),
        short_url=text(item, "shortUrl"),
        long_url=text(item, "longUrl"),
        title=optional_text(item, "title"),
        tags=texts(item, "tags"),
        created_at=instant(item, "dateCreated"),
    )


def visit_reader(short_code: str) -> Callable[[Item], VisitRecord]:
    """Reads visits of one link, all of an instant together, so that equal ones are numbered alike every time."""
    equal_visits: Counter[tuple[str, ...]] = Counter()

    def read(item: Item) -> VisitRecord:
        visited_at = instant(item, "date")
        referer = optional_text(item, "referer")
        user_agent = optional_text(item, "userAgent")
        country = optional_text(item, "visitLocation.countryCode")
        potential_bot = flag(item, "potentialBot")
        if potential_bot is None:
            raise FieldMissing("potentialBot is missing")
        said = (visited_at.isoformat(), referer or "", user_agent or "", country or "")
        equal_visits[said] += 1
        identity = "\n".join((short_code, *said, str(equal_visits[said])))
        return VisitRecord(
            visit_key=hashlib.sha256(identity.encode()).hexdigest()[:32],
            short_code=short_code,
            visited_at=visited_at,
            referer=referer,
            user_agent=user_agent,
            country=country.upper() if country and len(country) == 2 else None,  # ISO 3166-1 alpha-2
            potential_bot=potential_bot,
        )

    return read

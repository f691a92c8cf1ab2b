"""Audiences of sponsored videos: who clicks, which of them are machines, who installs, signs up and buys.

What an audience would do on a day is drawn once per video and day. Whether it worked (was the link in the description,
was the redirector up, was the landing page up) is decided click by click, so an outage changes nothing before it began.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sandbox.hashing import digest, generator
from sandbox.people.deals import Publication

DAY = timedelta(days=1)
HONEST_BOT_SHARE = 0.07
"""Crawlers that say who they are."""
DISGUISED_BOT_SHARE = 0.03
"""Machines with the user agent of a browser."""
ABROAD_SHARE = 0.1
SIGN_UP_SHARE, PURCHASE_SHARE, OTHER_SHARE = 0.42, 0.4, 0.08
CODE_SHARE = 0.4
CODE_ONLY_PER_CLICK = 0.012
"""Installs of people who typed the code without clicking, per human click."""
UNTOLD_PER_CLICK = 0.02
"""Installs that nobody can attribute, per human click."""
FIRST_HOUR_PREVIEWS = 4
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
BROWSERS = (
    f"Mozilla/5.0 (Linux; Android 16; Nuvo 7) {_CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 15; Tarn 12 Pro) {_CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) {_SAFARI}",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
)
CRAWLERS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Discordbot/2.0; +https://discordapp.com",
    "Twitterbot/1.0",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
)
SERVER_COUNTRIES = ("US", "IE", "NL", "SG")
NEIGHBOURS = {"DE": ("AT", "CH", "PL"), "US": ("CA", "GB", "AU"), "BR": ("PT", "AO", "US"), "JP": ("US", "TW", "KR")}


@dataclass(frozen=True, slots=True)
class Wish:
    """A conversion that happens when nothing is in the way. Delays count from the click."""

    kind: str
    delay: timedelta
    amount_cents: int
    uses_code: bool


@dataclass(frozen=True, slots=True)
class Click:
    """What one person or machine would do."""

    key: str
    at: datetime
    nature: str
    """human, honest_bot, disguised_bot, code_only or untold (the last two never touch the link)."""
    user_agent: str
    country: str
    tracking_draw: float
    """In [0, 1): below the market's share the analytics property may count the session."""
    wishes: tuple[Wish, ...]

    @property
    def touches_link(self) -> bool:
        return self.nature in ("human", "honest_bot", "disguised_bot")


class Audience:
    """Draws days of clicks and keeps them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._days: dict[tuple[str, int], list[Click]] = {}

    def clicks(self, publication: Publication, now: datetime, since: datetime | None = None) -> list[Click]:
        """Everything up to `now` in order; whole days before `since` may be left out."""
        days = (now - publication.published_at) // DAY
        first = max(0, ((since or publication.published_at) - publication.published_at) // DAY)
        found = []
        for day in range(first, days + 1):
            drawn = self._day(publication, day)
            found += drawn if day < days else [click for click in drawn if click.at <= now]
        return found

    def _day(self, publication: Publication, day: int) -> list[Click]:
        key = (publication.video_id, day)
        if key not in self._days:
            self._days[key] = self._draw(publication, day)
        return self._days[key]

    def _draw(self, publication: Publication, day: int) -> list[Click]:
        rng = generator(self._seed, "audience", publication.video_id, day)
        ages = day + np.arange(25) / 24
        views = np.diff(publication.curve.views(ages))
        human = rng.poisson(views * publication.click_rate)
        groups = (
            ("human", human),
            (
                "honest_bot",
                rng.poisson(human * HONEST_BOT_SHARE) + (np.arange(24) == 0) * (day == 0) * FIRST_HOUR_PREVIEWS,
            ),
            ("disguised_bot", rng.poisson(human * DISGUISED_BOT_SHARE)),
            ("code_only", rng.poisson(views * publication.click_rate * CODE_ONLY_PER_CLICK)),
            ("untold", rng.poisson(views * publication.click_rate * UNTOLD_PER_CLICK)),
        )
        clicks: list[Click] = []
        for nature, counts in groups:
            hours = np.repeat(np.arange(24), counts)
            seconds = np.sort(hours * 3600 + rng.integers(0, 3600, len(hours)))
            draws = rng.random((len(hours), 12))
            clicks += [
                self._click(publication, day, nature, position, int(second), draws[position].tolist())
                for position, second in enumerate(seconds)
            ]
        return sorted(clicks, key=lambda click: (click.at, click.key))

    def _click(
        self, publication: Publication, day: int, nature: str, position: int, second: int, draws: list[float]
    ) -> Click:
        machine = nature in ("honest_bot", "disguised_bot")
        country = publication.market
        if machine:
            country = SERVER_COUNTRIES[int(draws[0] * len(SERVER_COUNTRIES))]
        elif draws[1] < ABROAD_SHARE:
            country = NEIGHBOURS[publication.market][int(draws[0] * 3)]
        agents = CRAWLERS if nature == "honest_bot" else BROWSERS
        key = digest(self._seed, "click", publication.video_id, day, nature, position, size=8).hex()
        return Click(
            key=key,
            at=publication.published_at + timedelta(days=day, seconds=second),
            nature=nature,
            user_agent=agents[int(draws[2] * len(agents))],
            country=country,
            tracking_draw=draws[3],
            wishes=() if machine else _wishes(draws[4:], publication.install_rate, always=nature != "human"),
        )


def _wishes(draws: list[float], install_rate: float, *, always: bool) -> tuple[Wish, ...]:
    """Install, then perhaps sign-up, then perhaps purchase; eight draws in [0, 1)."""
    if not always and draws[0] >= install_rate:
        return ()
    uses_code = draws[1] < CODE_SHARE
    delay = timedelta(seconds=int(60 + 2400 * draws[2] ** 3))
    wishes = [Wish("install", delay, 0, uses_code)]
    if draws[3] < SIGN_UP_SHARE:
        delay += timedelta(seconds=int(120 + 80_000 * draws[4] ** 4))
        wishes.append(Wish("sign_up", delay, 0, uses_code))
        if draws[5] < PURCHASE_SHARE:
            delay += timedelta(seconds=int(600 + 5 * 86_400 * draws[6] ** 2))
            wishes.append(Wish("purchase", delay, int(299 + 5700 * draws[7] ** 3), uses_code))
    elif draws[3] > 1 - OTHER_SHARE:
        wishes.append(Wish("other", delay + timedelta(hours=1), 0, uses_code))
    return tuple(wishes)

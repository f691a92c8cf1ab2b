"""Which hits on a link were people.

List-based rules only (declared robots, prefetchers, our own checks) and one rule on time (bursts). Every hit stays;
one that is no click carries its reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

OWN_CHECK_MARKS = ("mardev-link-check", "mardev-check")
"""Words in the user agent of our own checks: of the link checker, and of any other check of ours."""
BURST_WINDOW = timedelta(seconds=30)
"""Hits of one visitor on one link closer together than this are one click."""
_PREFETCH = re.compile(
    r"facebookexternalhit|facebot|twitterbot|slackbot|slack-imgproxy|discordbot|telegrambot|whatsapp/|linkedinbot|skypeuripreview|"
    r"pinterestbot|embedly|google-pagerenderer|googleimageproxy|prefetch|preview|vkshare|redditbot|mastodon/|iframely|line-poker",
    re.I,
)
_ROBOT = re.compile(
    r"bot\b|bot[/;)]|crawl|spider|slurp|scrap|archiver|fetch|monitor|uptime|pingdom|headless|phantomjs|selenium|puppeteer|playwright|"
    r"lighthouse|^curl/|^wget/|python-|python/|httpx/|aiohttp|go-http-client|okhttp|java/|libwww|axios/|node-fetch|ruby|perl|"
    r"googlebot|bingpreview|mediapartners|adsbot|ahrefs|semrush|dataprovider|gptbot|ccbot|bytespider|censys|nmap|masscan",
    re.I,
)
_NOT_A_ROBOT = re.compile(r"cubot", re.I)
"""A maker of telephones."""


class Exclusion(StrEnum):
    """Why a hit does not count as a click."""

    OWN_CHECK = "own check"
    NO_USER_AGENT = "no user agent"
    PREFETCH = "prefetch"
    BOT = "bot"
    BURST = "burst"


@dataclass(frozen=True)
class Visit:
    """A request on a tracking link, as the redirector recorded it.

    Attributes
    ----------
    visitor : something that tells visitors apart; empty when the redirector does not say
    is_marked_bot : the redirector's own judgement
    """

    short_code: str
    visited_at: datetime
    user_agent: str
    visitor: str = ""
    is_marked_bot: bool = False


def judge_hit(visit: Visit, *, previous_at: datetime | None = None) -> Exclusion | None:
    """Why the hit is no click; None when it is one.

    Parameters
    ----------
    previous_at : when the same visitor last hit the same link, if known

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 10, 6, 12, tzinfo=UTC)
    >>> judge_hit(Visit("x7k", at, "Mozilla/5.0 (compatible; Googlebot/2.1)"))
    <Exclusion.BOT: 'bot'>
    >>> judge_hit(Visit("x7k", at, "Mozilla/5.0 (Linux; Android 15; CUBOT KINGKONG) Chrome/140.0 Mobile")) is None
    True
    """
    by_agent = _judge_agent(visit.user_agent.strip())
    if by_agent:
        return by_agent
    if visit.is_marked_bot:
        return Exclusion.BOT
    if previous_at is not None and timedelta(0) <= visit.visited_at - previous_at < BURST_WINDOW:
        return Exclusion.BURST
    return None


@lru_cache(maxsize=4_096)
def _judge_agent(agent: str) -> Exclusion | None:
    """What the user agent alone says; the same few come again and again."""
    if any(mark in agent.lower() for mark in OWN_CHECK_MARKS):
        return Exclusion.OWN_CHECK
    if not agent:
        return Exclusion.NO_USER_AGENT
    if _PREFETCH.search(agent):
        return Exclusion.PREFETCH
    return Exclusion.BOT if _ROBOT.search(_NOT_A_ROBOT.sub("", agent)) else None


def judge_hits(visits: Sequence[Visit]) -> list[Exclusion | None]:
    """One judgement for each visit, in the order given (which need not be by time).

    Of a burst of one visitor on one link the first hit counts; each further one within 30 seconds of the one before
    does not. A visit without `visitor` is never part of a burst.
    """
    verdicts: list[Exclusion | None] = [None] * len(visits)
    last: dict[tuple[str, str], datetime] = {}
    for place in sorted(range(len(visits)), key=lambda number: (visits[number].visited_at, number)):
        visit = visits[place]
        who = (visit.short_code, visit.visitor)
        verdicts[place] = judge_hit(visit, previous_at=last.get(who) if visit.visitor else None)
        if verdicts[place] in (None, Exclusion.BURST):
            last[who] = visit.visited_at
    return verdicts

"""Sudden steps in the number of subscribers, and whether something public explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

ROUNDING = 0.005
"""Platforms show three significant figures: a change of half a per cent may be none."""
SMALLEST_STEP = 0.04
STEP_DEVIATIONS = 6.0
EXPLAINED_WITHIN = timedelta(days=4)
LIFTED_VIEWS = 2.0
SUBSCRIBING_VIEWERS = 0.2
LOST_AGAIN_WITHIN = timedelta(days=45)
LOST_AGAIN_SHARE = 0.5
FEWEST_READINGS = 5

GIVEAWAY_WORDS = (
    "giveaway", "give away", "raffle", "sweepstake", "gewinnspiel", "verlosung", "verlose", "sorteio", "sorteo",
    "concours",
    "tirage au sort", "プレゼント企画", "懸賞", "抽選", "抽奖", "이벤트", "konkurs", "çekiliş", "розыгрыш", "سحب",
)  # fmt: skip

PROMOTED_WORDS = (
    "sponsored", "sponsoring", "paid partnership", "collab", "shoutout", "shout-out", "shout out", "#ad ", "werbung",
    "anzeige", "kooperation", "kollab", "publicidad", "publicidade", "publipost", "patrocina", "colaboraci",
    "colaboraç", "parceria", "partenariat", "sponsorisé", "sponsorizzat", "collaborazione", "współprac", "iş birliği",
    "реклама", "коллаб", "コラボ", "タイアップ", "プロモーション", "合作", "联动", "콜라보", "협찬", "광고",
    "إعلان", "تعاون",
)  # fmt: skip


@dataclass(frozen=True)
class PostFigures:
    """Counters of one post, and what it says of itself.

    Attributes
    ----------
    views, likes, comments : None where the platform hides or lacks them
    is_giveaway : it raffles something
    is_promoted : sponsored, a collaboration or a shout-out by somebody larger
    """

    published_at: datetime
    views: int | None
    likes: int | None = None
    comments: int | None = None
    is_giveaway: bool = False
    is_promoted: bool = False


@dataclass(frozen=True)
class GrowthStep:
    """A jump between two readings.

    Attributes
    ----------
    gained_share : of the subscribers before
    explanation : what public facts explain it with, empty when nothing does
    was_lost_again : half of it or more was gone within 45 days
    """

    at: datetime
    gained_share: float
    explanation: str
    was_lost_again: bool


def says_giveaway(text: str) -> bool:
    """Whether a title or description announces a giveaway, in the languages of the list."""
    lowered = text.lower()
    return any(word in lowered for word in GIVEAWAY_WORDS)


def says_promoted(text: str) -> bool:
    """Whether a title or description speaks of an advertisement, a collaboration or a shout-out.

    Examples
    --------
    >>> says_promoted("Kooperation mit Ada"), says_promoted("Mein bestes Spiel #ad"), says_promoted("An #adventure")
    (True, True, False)
    """
    lowered = f"{text.lower()} "
    return any(word in lowered for word in PROMOTED_WORDS)


def growth_steps(history: Sequence[tuple[datetime, int]], posts: Sequence[PostFigures]) -> list[GrowthStep]:
    """Jumps that the channel's own growth does not account for.

    Parameters
    ----------
    history : instant and subscribers, in order of time; fewer than five readings tell nothing
    posts : of the same time; a giveaway, a promotion, or a much-viewed post explains a step beside it: twice the
        usual views, and no more new subscribers than a fifth of them

    Notes
    -----
    A step is a daily growth (difference of logarithms) more than 6 scaled median absolute deviations above the median
    of the channel, where the deviation is at least what rounding may cause, and at least 4 % of the subscribers.
    """
    readings = [(at, count) for at, count in history if count > 0]
    if len(readings) < FEWEST_READINGS:
        return []
    seconds = np.array([at.timestamp() for at, _ in readings])
    counts = np.array([count for _, count in readings], dtype=np.float64)
    days = np.maximum(np.diff(seconds) / 86_400, 1e-6)
    gained = np.diff(np.log(counts))
    daily = gained / days
    middle = np.median(daily)
    spread = max(1.4826 * float(np.median(np.abs(daily - middle))), ROUNDING)
    found = []
    for place in np.flatnonzero(
        (daily - middle > STEP_DEVIATIONS * spread / np.maximum(days, 1)) & (gained > np.log1p(SMALLEST_STEP))
    ):
        at = readings[place + 1][0]
        found.append(
            GrowthStep(
                at=at,
                gained_share=float(np.expm1(gained[place])),
                explanation=_explanation(readings[place][0], at, counts[place + 1] - counts[place], posts),
                was_lost_again=_lost_again(readings, int(place)),
            )
        )
    return found


def _explanation(before: datetime, after: datetime, gained: float, posts: Sequence[PostFigures]) -> str:
    near = [post for post in posts if before - EXPLAINED_WITHIN <= post.published_at <= after + timedelta(days=1)]
    if any(post.is_giveaway for post in near):
        return "a giveaway ran at that time"
    if any(post.is_promoted for post in near):
        return "a collaboration, shout-out or advertisement ran at that time"
    known = [post.views for post in posts if post.views is not None]
    for post in near:
        # A post cannot bring more subscribers than a part of those who saw it.
        if post.views and post.views >= max(LIFTED_VIEWS * float(np.median(known)), gained / SUBSCRIBING_VIEWERS):
            return f"a post of that time had {post.views / float(np.median(known)):.1f} times the usual views"
    return ""


def _lost_again(readings: Sequence[tuple[datetime, int]], place: int) -> bool:
    before, (at, after) = readings[place][1], readings[place + 1]
    later = [count for instant, count in readings[place + 2 :] if instant - at <= LOST_AGAIN_WITHIN]
    return bool(later) and after - min(later) >= LOST_AGAIN_SHARE * (after - before)

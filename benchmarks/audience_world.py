"""Public figures of the frozen world's creators, some of them bought, some of them moved by a giveaway.

Drawn with the sandbox's own sizes (views grow with subscribers to the power 0.93), in each market at another level, so
that one threshold for all countries would blame the wrong ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from benchmarks.standard_world import StandardWorld
from mardev.domain.words import tier_of
from mardev.topidis.audience_signals import AudienceFigures
from mardev.topidis.growth_steps import PostFigures
from sandbox.hashing import generator

DAYS = 120
KINDS = ("ordinary", "bought_views", "bought_subscribers", "giveaway")
SHARES = (0.82, 0.05, 0.05, 0.08)
LIKE_LEVEL = {"de": 0.030, "en": 0.042, "pt": 0.075, "ja": 0.018}
VIEW_LEVEL = {"de": 1.0, "en": 0.8, "pt": 1.6, "ja": 0.55}


@dataclass(frozen=True)
class AudienceWorld:
    """Figures, and of which kind each channel is."""

    channels: list[AudienceFigures]
    kinds: list[str]


def audience_world(world: StandardWorld, *, seed: int) -> AudienceWorld:
    """Draw posts and daily subscriber counts of every creator."""
    start = datetime.fromisoformat(world.parameters["start"])
    kinds = [str(kind) for kind in generator(seed, "audience", "kinds").choice(KINDS, len(world.nodes), p=SHARES)]
    return AudienceWorld([_channel(world, number, kind, start, seed) for number, kind in enumerate(kinds)], kinds)


def _channel(world: StandardWorld, number: int, kind: str, start: datetime, seed: int) -> AudienceFigures:
    rng = generator(seed, "audience", number)
    language = world.language[number]
    real = float(world.subscribers[number])
    shown = real * (rng.uniform(5, 15) if kind == "bought_subscribers" else 1.0)
    step_day = int(rng.integers(30, 100))
    posts = []
    average = 0.3 * VIEW_LEVEL[language] * real**0.93 * np.exp(rng.normal(0, 0.35))
    like_level = LIKE_LEVEL[language] * np.exp(rng.normal(0, 0.25))
    raffle = int(rng.integers(0, 24)) if kind == "giveaway" else -1
    for place in range(24):
        at = start - timedelta(days=DAYS - 5 * place)
        views = average * np.exp(rng.normal(0, 0.55))
        likes, comments = views * like_level * np.exp(rng.normal(0, 0.2)), views * 0.004 * np.exp(rng.normal(0, 0.3))
        if kind == "bought_views":
            # A seller delivers the same number each time; few of its viewers like anything.
            views, likes, comments = average * 8 * np.exp(rng.normal(0, 0.05)), likes * 0.6, comments * 0.5
        if place == raffle:
            step_day = 5 * place + 1
            views, comments, likes = (
                views * rng.uniform(1.5, 6),
                comments * rng.uniform(10, 60),
                likes * rng.uniform(2, 8),
            )
        # Two of three raffles are announced in words.
        posts.append(
            PostFigures(at, int(views), int(likes), int(comments), is_giveaway=place == raffle and rng.random() < 0.67)
        )
    return AudienceFigures(
        channel_key=world.nodes[number],
        subscribers=_rounded(shown),
        band=str(tier_of(int(shown))),
        country=world.country[number] or "",
        posts=posts,
        history=_history(rng, shown, kind, step_day, start),
        repeated_comment_share=float(np.clip(rng.beta(2, 30) * (3 if kind == "bought_views" else 1), 0, 0.95)),
        comments_read=int(rng.integers(40, 200)),
    )


def _history(
    rng: np.random.Generator, shown: float, kind: str, step_day: int, start: datetime
) -> list[tuple[datetime, int]]:
    grown = np.cumsum(rng.normal(0.0007, 0.0004, DAYS))
    step = {"bought_subscribers": 1.2, "giveaway": rng.uniform(0.06, 0.3)}.get(kind, 0.0)
    logs = np.log(shown) + grown - grown[-1] - step * (np.arange(DAYS) < step_day)
    return [(start - timedelta(days=DAYS - day), _rounded(float(np.exp(log)))) for day, log in enumerate(logs)]


def _rounded(count: float) -> int:
    """Three significant figures, as the platform shows it."""
    digits = max(int(np.floor(np.log10(max(count, 1)))) - 2, 0)
    return int(count // 10**digits * 10**digits)

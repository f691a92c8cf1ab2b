"""What the audience-quality score looks at: seven signals, each measured against what is usual for such a channel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from mardev.topidis.graph import FloatArray
from mardev.topidis.growth_steps import PostFigures
from mardev.topidis.reference import Usual, usual

FEWEST_POSTS = 10


class Signal(StrEnum):
    """What is looked at."""

    FEW_VIEWS = "few_views"
    LIKES = "likes"
    COMMENTS = "comments"
    EVEN_VIEWS = "even_views"
    REPEATED_COMMENTS = "repeated_comments"
    GROWTH_STEP = "growth_step"
    COORDINATED = "coordinated"


WEIGHTS: Mapping[Signal, float] = {
    Signal.FEW_VIEWS: 0.35,
    Signal.LIKES: 0.20,
    Signal.COMMENTS: 0.15,
    Signal.EVEN_VIEWS: 0.30,
    Signal.REPEATED_COMMENTS: 0.25,
    Signal.GROWTH_STEP: 0.30,
    Signal.COORDINATED: 0.60,
}
"""Share of the score that a signal takes away at most."""


@dataclass(frozen=True)
class AudienceFigures:
    """What is publicly known of one channel.

    Attributes
    ----------
    subscribers : None when hidden
    band, country : what it is compared within; an unknown country is one of its own
    posts : of the last twelve months
    history : instant and subscribers, in order of time
    repeated_comment_share : comments that repeat another one word by word, or hold no word at all; None when not read
    comments_read : on how many comments that share rests
    """

    channel_key: str
    subscribers: int | None
    band: str
    country: str
    posts: Sequence[PostFigures] = ()
    history: Sequence[tuple[datetime, int]] = ()
    repeated_comment_share: float | None = None
    comments_read: int = 0


@dataclass(frozen=True, eq=False)
class Measured:
    """One signal of all channels: deviation above the usual in the suspicious direction, and how to say it."""

    signal: Signal
    deviations: FloatArray
    support: FloatArray
    say: Callable[[int], str]


def measure(channels: Sequence[AudienceFigures]) -> list[Measured]:
    """The signals that are measured against other channels, of n channels; the rest are looked at one by one."""
    return [*_ratios(channels), _evenness(channels), _repetition(channels)]


def ordinary_posts(channel: AudienceFigures) -> list[PostFigures]:
    """Posts that say what is usual for the channel: no giveaways, whose figures are of another kind."""
    return [post for post in channel.posts if not post.is_giveaway and post.views]


def _ratios(channels: Sequence[AudienceFigures]) -> list[Measured]:
    views = np.array([_median([post.views for post in ordinary_posts(channel)]) for channel in channels])
    subscribers = np.array([float(channel.subscribers or np.nan) for channel in channels])
    likes = np.array([_median_ratio(channel, lambda post: post.likes) for channel in channels])
    comments = np.array([_median_ratio(channel, lambda post: post.comments) for channel in channels])
    per_subscriber = np.log10(views / subscribers)
    reach, liked, talked = (_usual(np.asarray(one), channels) for one in (per_subscriber, likes, comments))
    return [
        Measured(
            Signal.FEW_VIEWS,
            -reach.deviations(per_subscriber),
            reach.support,
            lambda i: (
                f"A post is viewed by {_percent(10 ** per_subscriber[i])} of the subscribers; "
                f"{_percent(10 ** reach.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
        Measured(
            Signal.LIKES,
            np.abs(liked.deviations(likes)),
            liked.support,
            lambda i: (
                f"{_percent(10 ** likes[i])} of the views bring a like; "
                f"{_percent(10 ** liked.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
        Measured(
            Signal.COMMENTS,
            np.abs(talked.deviations(comments)),
            talked.support,
            lambda i: (
                f"{_percent(10 ** comments[i])} of the views bring a comment; "
                f"{_percent(10 ** talked.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
    ]


def _evenness(channels: Sequence[AudienceFigures]) -> Measured:
    scatter = np.array([_scatter(channel) for channel in channels])
    normal = _usual(scatter, channels)
    return Measured(
        Signal.EVEN_VIEWS,
        -normal.deviations(scatter),
        normal.support,
        lambda i: (
            f"Views differ by a factor of {10 ** (10 ** scatter[i]):.2f} from post to post; "
            f"{10 ** (10 ** normal.middle[i]):.2f} is usual {_where(channels[i])}."
        ),
    )


def _repetition(channels: Sequence[AudienceFigures]) -> Measured:
    share = np.array(
        [
            np.nan
            if channel.repeated_comment_share is None
            # Two comments more of each kind: a share of five comments says little.
            else (channel.repeated_comment_share * channel.comments_read + 1) / (channel.comments_read + 2)
            for channel in channels
        ]
    )
    odds = np.log(share / (1 - share))
    normal = _usual(odds, channels)
    return Measured(
        Signal.REPEATED_COMMENTS,
        normal.deviations(odds),
        normal.support,
        lambda i: (
            f"{_percent(channels[i].repeated_comment_share or 0.0)} of {channels[i].comments_read} comments repeat "
            f"another or say nothing; {_percent(1 / (1 + np.exp(-normal.middle[i])))} is usual {_where(channels[i])}."
        ),
    )


def _usual(values: FloatArray, channels: Sequence[AudienceFigures]) -> Usual:
    return usual(values, [channel.band for channel in channels], [channel.country for channel in channels])


def _median(values: Sequence[int | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if len(known) >= FEWEST_POSTS // 2 else float("nan")


def _median_ratio(channel: AudienceFigures, of: Callable[[PostFigures], int | None]) -> float:
    """Logarithm (base 10) of the median share of the views; half a like where there is none."""
    shares = [
        max(count, 0.5) / post.views
        for post in ordinary_posts(channel)
        if (count := of(post)) is not None and post.views
    ]
    return float(np.log10(np.median(shares))) if len(shares) >= FEWEST_POSTS // 2 else float("nan")


def _scatter(channel: AudienceFigures) -> float:
    """Logarithm of the spread of the logarithms of the views: what a factor from post to post is usual."""
    views = [post.views for post in ordinary_posts(channel) if post.views]
    if len(views) < FEWEST_POSTS:
        return float("nan")
    logs = np.log10(views)
    return float(np.log10(max(1.4826 * float(np.median(np.abs(logs - np.median(logs)))), 1e-3)))


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 1 else f"{100 * share:.0f} %"


def _where(channel: AudienceFigures) -> str:
    return f"for {channel.band} channels in {channel.country or 'no known country'}"

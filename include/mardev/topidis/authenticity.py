"""How far a creator's public figures look like those of real people: an open score with reasons and confidence.

The formula is published in `docs/interfaces/audience_quality.md`. The score speaks of figures, never of a person's
intent: what is odd is called suspicious, and what a giveaway or a promotion explains is not held against anybody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np

from mardev.topidis.graph import FloatArray
from mardev.topidis.growth_steps import PostFigures, growth_steps
from mardev.topidis.pods import Pod
from mardev.topidis.reference import SHRINKAGE, Usual, usual

FEWEST_POSTS = 10
FEWEST_SUBSCRIBERS = 2_000
MILD, CLEAR = 2.5, 5.0
"""Deviations from the usual at which a figure begins to count, and counts in full."""
LARGE_STEP = 0.5
"""Share of the subscribers that, gained at once and unexplained, counts in full."""


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


class Verdict(StrEnum):
    """What a person should do with the score."""

    TOO_LITTLE_DATA = "too little data"
    NOTHING_UNUSUAL = "nothing unusual"
    LOOK_CLOSER = "look closer"
    SUSPICIOUS = "suspicious"


SUSPICIOUS_BELOW, LOOK_CLOSER_BELOW = 60.0, 85.0
INDEPENDENT_REASONS = 2


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


@dataclass(frozen=True)
class Reason:
    """One signal of one channel.

    Attributes
    ----------
    strength : 0 (usual) to 1 (counts in full)
    points_lost : of the 100, for this signal alone
    text : in plain words, with the figures it rests on
    is_explained : seen, but not held against the creator
    """

    signal: Signal
    strength: float
    text: str
    is_explained: bool = False

    @property
    def points_lost(self) -> float:
        return 0.0 if self.is_explained else 100 * WEIGHTS[self.signal] * self.strength


@dataclass(frozen=True)
class AudienceQuality:
    """The score of one channel.

    Attributes
    ----------
    score : 0 to 100, None when there is too little data
    confidence : 0 to 1, how much of what could be looked at was known, and how well
    reasons : the weightiest first, what is explained last
    """

    channel_key: str
    score: float | None
    confidence: float
    verdict: Verdict
    reasons: Sequence[Reason] = field(default_factory=tuple)


@dataclass(frozen=True, eq=False)
class _Measured:
    """One signal of all channels: deviation above the usual in the suspicious direction, and how to say it."""

    signal: Signal
    deviations: FloatArray
    support: FloatArray
    say: Callable[[int], str]


def audience_quality(channels: Sequence[AudienceFigures], pods: Sequence[Pod] = ()) -> list[AudienceQuality]:
    """Score channels against each other.

    Parameters
    ----------
    channels : n channels of one platform and one definition of a view; ratios of different definitions do not compare
    pods : groups that `pods.find_pods` found among them

    Returns
    -------
    n scores in the order given: ``100 * product over signals of (1 - weight * strength)``, where the strength rises
    from 0 at 2.5 robust deviations from what is usual in the size band and country to 1 at 5.

    Notes
    -----
    A channel with fewer than 10 posts or 2,000 subscribers gets no score. It is suspicious only below 60 with two
    independent reasons, or in a group whose engagement is coordinated: one odd figure alone never is.
    """
    measured = [*_ratios(channels), _evenness(channels), _repetition(channels)]
    member_of = {key: pod for pod in pods for key in pod.channel_keys}
    return [
        _score(place, channel, measured, member_of.get(channel.channel_key)) for place, channel in enumerate(channels)
    ]


def ordinary_posts(channel: AudienceFigures) -> list[PostFigures]:
    """Posts that say what is usual for the channel: no giveaways, whose figures are of another kind."""
    return [post for post in channel.posts if not post.is_giveaway and post.views]


def _ratios(channels: Sequence[AudienceFigures]) -> list[_Measured]:
    views = np.array([_median([post.views for post in ordinary_posts(channel)]) for channel in channels])
    subscribers = np.array([float(channel.subscribers or np.nan) for channel in channels])
    likes = np.array([_median_ratio(channel, lambda post: post.likes) for channel in channels])
    comments = np.array([_median_ratio(channel, lambda post: post.comments) for channel in channels])
    per_subscriber = np.log10(views / subscribers)
    reach, liked, talked = (_usual(np.asarray(one), channels) for one in (per_subscriber, likes, comments))
    return [
        _Measured(
            Signal.FEW_VIEWS,
            -reach.deviations(per_subscriber),
            reach.support,
            lambda i: (
                f"A post is viewed by {_percent(10 ** per_subscriber[i])} of the subscribers; "
                f"{_percent(10 ** reach.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
        _Measured(
            Signal.LIKES,
            np.abs(liked.deviations(likes)),
            liked.support,
            lambda i: (
                f"{_percent(10 ** likes[i])} of the views bring a like; "
                f"{_percent(10 ** liked.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
        _Measured(
            Signal.COMMENTS,
            np.abs(talked.deviations(comments)),
            talked.support,
            lambda i: (
                f"{_percent(10 ** comments[i])} of the views bring a comment; "
                f"{_percent(10 ** talked.middle[i])} is usual {_where(channels[i])}."
            ),
        ),
    ]


def _evenness(channels: Sequence[AudienceFigures]) -> _Measured:
    scatter = np.array([_scatter(channel) for channel in channels])
    normal = _usual(scatter, channels)
    return _Measured(
        Signal.EVEN_VIEWS,
        -normal.deviations(scatter),
        normal.support,
        lambda i: (
            f"Views differ by a factor of {10 ** (10 ** scatter[i]):.2f} from post to post; "
            f"{10 ** (10 ** normal.middle[i]):.2f} is usual {_where(channels[i])}."
        ),
    )


def _repetition(channels: Sequence[AudienceFigures]) -> _Measured:
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
    return _Measured(
        Signal.REPEATED_COMMENTS,
        normal.deviations(odds),
        normal.support,
        lambda i: (
            f"{_percent(channels[i].repeated_comment_share or 0.0)} of {channels[i].comments_read} comments repeat "
            f"another or say nothing; {_percent(1 / (1 + np.exp(-normal.middle[i])))} is usual {_where(channels[i])}."
        ),
    )


def _score(place: int, channel: AudienceFigures, measured: Sequence[_Measured], pod: Pod | None) -> AudienceQuality:
    counted = len([post for post in channel.posts if post.views is not None])
    if (channel.subscribers or 0) < FEWEST_SUBSCRIBERS or counted < FEWEST_POSTS:
        return AudienceQuality(channel.channel_key, None, 0.0, Verdict.TOO_LITTLE_DATA)
    reasons = [
        Reason(one.signal, strength, one.say(place))
        for one in measured
        if (strength := _strength(one.deviations[place])) > 0
    ]
    reasons += _growth_reasons(channel)
    if pod is not None:
        reasons.append(
            Reason(
                Signal.COORDINATED,
                1.0,
                f"The same {len(pod.author_keys)} accounts comment within the first hour, again and again, on posts of "
                f"{len(pod.channel_keys)} channels of one group (as often by chance: {pod.p_value:.1%}).",
            )
        )
    held = [reason for reason in reasons if not reason.is_explained]
    score = 100 * float(np.prod([1 - WEIGHTS[reason.signal] * reason.strength for reason in held]))
    return AudienceQuality(
        channel.channel_key,
        round(score, 1),
        _confidence(place, measured, counted),
        _verdict(score, held),
        tuple(sorted(reasons, key=lambda reason: (reason.is_explained, -reason.points_lost))),
    )


def _growth_reasons(channel: AudienceFigures) -> list[Reason]:
    steps = growth_steps(channel.history, channel.posts)
    if not steps:
        return []
    # One step costs once: the one that nothing explains, if there is one.
    step = min(steps, key=lambda one: (bool(one.explanation), not one.was_lost_again, -one.gained_share))
    lost = ", and half of it was gone again within 45 days" if step.was_lost_again else ""
    told = f"Subscribers rose by {step.gained_share:.0%} at once around {step.at.date()}{lost}"
    if step.explanation:
        return [Reason(Signal.GROWTH_STEP, 1.0, f"{told}: {step.explanation}.", is_explained=True)]
    return [
        Reason(
            Signal.GROWTH_STEP,
            min(1.0, step.gained_share / LARGE_STEP + (0.5 if step.was_lost_again else 0.0)),
            f"{told}; no giveaway, promotion or much-viewed post explains it. Ask what happened.",
        )
    ]


def _verdict(score: float, held: Sequence[Reason]) -> Verdict:
    clear = [reason for reason in held if reason.strength >= 0.5]
    is_coordinated = any(reason.signal is Signal.COORDINATED for reason in held)
    if score < SUSPICIOUS_BELOW and (is_coordinated or len(clear) >= INDEPENDENT_REASONS):
        return Verdict.SUSPICIOUS
    return Verdict.LOOK_CLOSER if score < LOOK_CLOSER_BELOW else Verdict.NOTHING_UNUSUAL


def _confidence(place: int, measured: Sequence[_Measured], counted: int) -> float:
    weights = np.array([WEIGHTS[one.signal] for one in measured])
    support = np.array([one.support[place] for one in measured])
    is_known = np.array([not np.isnan(one.deviations[place]) for one in measured])
    signals = float((weights * is_known * (support + SHRINKAGE / 2) / (support + SHRINKAGE)).sum() / weights.sum())
    return round(signals * min(1.0, counted / (2 * FEWEST_POSTS)), 2)


def _strength(deviation: float) -> float:
    return 0.0 if np.isnan(deviation) else float(np.clip((deviation - MILD) / (CLEAR - MILD), 0, 1))


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

"""How far a creator's public figures look like those of real people: an open score with reasons and confidence.

The formula is published in `docs/interfaces/audience_quality.md`. The score speaks of figures, never of a person's
intent: what is odd is called suspicious, and what a giveaway or a promotion explains is not held against anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from mardev.topidis.audience_signals import FEWEST_POSTS, WEIGHTS, AudienceFigures, Measured, Signal, measure
from mardev.topidis.growth_steps import growth_steps
from mardev.topidis.pods import Pod
from mardev.topidis.reference import SHRINKAGE

FEWEST_SUBSCRIBERS = 2_000
MILD, CLEAR = 2.5, 5.0
"""Deviations from the usual at which a figure begins to count, and counts in full."""
LARGE_STEP = 0.5
"""Share of the subscribers that, gained at once and unexplained, counts in full."""


class Verdict(StrEnum):
    """What a person should do with the score."""

    TOO_LITTLE_DATA = "too little data"
    NOTHING_UNUSUAL = "nothing unusual"
    LOOK_CLOSER = "look closer"
    SUSPICIOUS = "suspicious"


SUSPICIOUS_BELOW, LOOK_CLOSER_BELOW = 60.0, 85.0
INDEPENDENT_REASONS = 2


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
    measured = measure(channels)
    member_of = {key: pod for pod in pods for key in pod.channel_keys}
    return [
        _score(place, channel, measured, member_of.get(channel.channel_key)) for place, channel in enumerate(channels)
    ]


def _score(place: int, channel: AudienceFigures, measured: Sequence[Measured], pod: Pod | None) -> AudienceQuality:
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


def _confidence(place: int, measured: Sequence[Measured], counted: int) -> float:
    weights = np.array([WEIGHTS[one.signal] for one in measured])
    support = np.array([one.support[place] for one in measured])
    is_known = np.array([not np.isnan(one.deviations[place]) for one in measured])
    signals = float((weights * is_known * (support + SHRINKAGE / 2) / (support + SHRINKAGE)).sum() / weights.sum())
    return round(signals * min(1.0, counted / (2 * FEWEST_POSTS)), 2)


def _strength(deviation: float) -> float:
    return 0.0 if np.isnan(deviation) else float(np.clip((deviation - MILD) / (CLEAR - MILD), 0, 1))

"""How counters grow: ``V * (1 - exp(-(t / tau) ** b)) + tail * t``, t in days, never falling."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np


@dataclass(frozen=True, slots=True)
class GrowthCurve:
    """Parameters of one video, or arrays of the same length for many."""

    total: float | np.ndarray
    """Views that the first wave brings, V."""
    tau_days: float | np.ndarray
    shape: float | np.ndarray
    """b, below 1: fast first."""
    tail_per_day: float | np.ndarray

    def at(self, position: int) -> "GrowthCurve":
        """The curve of one of many."""
        columns = (self.total, self.tau_days, self.shape, self.tail_per_day)
        return GrowthCurve(*(float(np.asarray(column)[position]) for column in columns))

    def views(self, age_days: float | np.ndarray) -> np.ndarray:
        """Views (float) at the age; 0 before publication."""
        age = np.maximum(np.asarray(age_days, dtype=np.float64), 0.0)
        wave = self.total * -np.expm1(-((age / self.tau_days) ** self.shape))
        return np.asarray(wave + self.tail_per_day * age)


@dataclass(frozen=True, slots=True)
class ViewBreak:
    """A platform begins to count more as a view: what comes after the instant is multiplied, what was counted stays."""

    at: datetime
    factor: float


FROM_THE_FIRST_FRAME = ViewBreak(datetime(2026, 8, 27, tzinfo=UTC), 1.4)
"""YouTube's change of August 2026 with a size of our own making: nobody has published the true one."""


def views_across(
    curve: GrowthCurve, age_days: float | np.ndarray, break_age_days: float | np.ndarray, factor: float
) -> np.ndarray:
    """Views (float) at the age, counted by another definition from `break_age_days` on (negative: all its life)."""
    age = np.asarray(age_days, dtype=np.float64)
    counted_before = curve.views(np.minimum(age, break_age_days))
    return np.asarray(counted_before + factor * (curve.views(age) - counted_before))


def draw_curves(rng: np.random.Generator, average_views: float, count: int) -> GrowthCurve:
    """Curves of `count` videos of a channel whose videos bring `average_views` on average."""
    total = average_views * np.exp(rng.normal(-0.15, 0.55, count))
    return GrowthCurve(
        total=total,
        tau_days=rng.uniform(1.5, 7.0, count),
        shape=rng.uniform(0.6, 0.9, count),
        tail_per_day=total * rng.uniform(0.0005, 0.004, count),
    )


def likes_and_comments(views: int, like_share: float, comment_share: float) -> tuple[int, int]:
    """Both grow with the views and never fall."""
    return int(views * like_share), int(views * comment_share)

"""How counters grow: ``V * (1 - exp(-(t / tau) ** b)) + tail * t``, t in days, never falling."""

from dataclasses import dataclass

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

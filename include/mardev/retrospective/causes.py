"""What a cause is: something that went wrong, which side it is on, and what it is estimated to have cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Side = Literal["marketing", "technology", "both", "undetermined"]
Category = Literal["people", "process", "technology", "data", "content", "channel", "environment", "measurement"]


@dataclass(frozen=True)
class EvidenceItem:
    """One fact behind a finding: a plain sentence, its figure if it has one, where to look."""

    sentence: str
    figure: float | None = None
    unit: str = ""
    page_path: str = ""


@dataclass(frozen=True)
class Volumes:
    """Counts along the funnel. Losses are >= 0."""

    views: float = 0.0
    clicks: float = 0.0
    conversions: float = 0.0

    def of(self, name: str) -> float:
        return float(getattr(self, name))

    def __add__(self, other: "Volumes") -> "Volumes":
        return Volumes(self.views + other.views, self.clicks + other.clicks, self.conversions + other.conversions)

    def scaled(self, share: float) -> "Volumes":
        return Volumes(self.views * share, self.clicks * share, self.conversions * share)

    def capped(self, most: "Volumes") -> "Volumes":
        """No entry above that of `most`, none below zero."""
        return Volumes(
            max(0.0, min(self.views, most.views)),
            max(0.0, min(self.clicks, most.clicks)),
            max(0.0, min(self.conversions, most.conversions)),
        )


@dataclass(frozen=True)
class Cause:
    """Something that went wrong.

    Attributes
    ----------
    cause : stable short name
    subject : what it happened to (a placement, an incident); makes the key
    statement : one plain sentence without the loss
    lost : estimate of what the iteration would have had more without it
    """

    cause: str
    subject: str
    side: Side
    category: Category
    statement: str
    lost: Volumes = field(default_factory=Volumes)
    evidence: Sequence[EvidenceItem] = ()


def duration(time: timedelta) -> str:
    """A time as people say it.

    Examples
    --------
    >>> duration(timedelta(hours=36)), duration(timedelta(days=3, hours=2)), duration(timedelta(minutes=20))
    ('36 hours', '3 days', '20 minutes')
    """
    hours = time.total_seconds() / 3600
    if hours < 1:
        return _counted(max(1, round(hours * 60)), "minute")
    return _counted(round(hours), "hour") if hours < 48 else _counted(round(hours / 24), "day")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"

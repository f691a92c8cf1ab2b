"""Lessons proposed from findings; people edit and sign them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mardev.retrospective.fishbone import Finding


@dataclass(frozen=True)
class LessonDraft:
    """What to do differently.

    Attributes
    ----------
    valid_days : after so many days it must be confirmed or it expires
    """

    finding_key: str
    lane: Literal["marketing", "technology"]
    statement: str
    valid_days: int = 180


def draft_lessons(findings: Iterable[Finding]) -> list[LessonDraft]:
    raise NotImplementedError

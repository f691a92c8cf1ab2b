"""The next iteration, proposed from what this one brought."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mardev.retrospective.fishbone import Finding


@dataclass(frozen=True)
class PlacementResult:
    """What one placement brought."""

    placement_key: str
    channel_key: str
    creator: str
    market: str
    integration_type: str
    cost: Decimal
    views: int
    clicks: int
    conversions: int
    revenue: Decimal = Decimal(0)
    was_published: bool = True


def propose_form(
    form: Mapping[str, Any], results: Iterable[PlacementResult], findings: Iterable[Finding]
) -> tuple[dict[str, Any], list[str]]:
    raise NotImplementedError

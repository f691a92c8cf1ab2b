"""A series of figures as one small line: the places of its points, for an SVG that the page's template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, MARGIN = 240, 48, 4


@dataclass(frozen=True)
class Line:
    """A line from the first to the last moment, its lowest figure at the bottom.

    Attributes:
        points: ``x,y x,y ...`` inside `WIDTH` x `HEIGHT` pixels.
        first, last: the figures at both ends.
        first_at, last_at: when they were read.
    """

    points: str
    first: float
    last: float
    first_at: datetime
    last_at: datetime


def line_of(series: Sequence[tuple[datetime, float]]) -> Line | None:
    """The line of moments and figures in order of time; None when there are fewer than two moments.

    Examples:
        >>> from datetime import UTC
        >>> days = [datetime(2026, 10, day, tzinfo=UTC) for day in (1, 2, 5)]
        >>> line_of(list(zip(days, (10.0, 20.0, 30.0)))).points
        '4.0,44.0 62.0,24.0 236.0,4.0'
        >>> line_of([(days[0], 1.0)]) is None
        True
    """
    if len(series) < 2 or series[-1][0] <= series[0][0]:
        return None
    begin, span = series[0][0], (series[-1][0] - series[0][0]).total_seconds()
    low, high = min(value for _, value in series), max(value for _, value in series)
    places = []
    for at, value in series:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (at - begin).total_seconds() / span
        share = (value - low) / (high - low) if high > low else 0.5
        places.append(f"{x:.1f},{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share:.1f}")
    return Line(" ".join(places), series[0][1], series[-1][1], series[0][0], series[-1][0])

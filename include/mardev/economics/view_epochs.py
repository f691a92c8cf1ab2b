"""Views across the days on which a platform changed what counts as one: never compared by accident, bridged openly."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean, stdev

from mardev.errors import ViewDefinitionsDiffer

LEAST_DAYS = 5
"""Days a series needs on either side of a change to say anything of it."""
LEAST_SERIES = 3
"""Series without which the spread between them cannot be told."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class ViewFigure:
    """A number of views with the definition it was counted by.

    Attributes
    ----------
    views : >= 0; a count, a mean or a forecast
    definition : as in the column `view_definition`, for instance ``youtube:started``
    as_of : the day it was counted
    """

    views: float
    definition: str
    as_of: date


@dataclass(frozen=True)
class ViewBridge:
    """What one view of the old definition is in views of the new one, fitted from series that cross the change.

    Attributes
    ----------
    factor : new views for one old view, > 0
    low, high : `CONFIDENCE` interval of the factor
    series_count : series it was fitted from
    """

    from_definition: str
    to_definition: str
    changed_on: date
    factor: float
    low: float
    high: float
    series_count: int


@dataclass(frozen=True)
class ViewComparison:
    """How one figure stands to another: ``now / before``.

    Attributes
    ----------
    ratio : dimensionless
    low, high : interval that the bridge's error leaves; equal to `ratio` without a bridge
    is_bridged : whether a fitted factor stands between the two
    sentence : what a page says beside it; empty without a bridge
    """

    ratio: float
    low: float
    high: float
    is_bridged: bool
    sentence: str = ""


def compare_views(before: ViewFigure, now: ViewFigure, bridge: ViewBridge | None = None) -> ViewComparison:
    """The ratio of two figures, refused across definitions unless a bridge leads from the one to the other.

    Parameters
    ----------
    before, now : the figures; `before` must have views
    bridge : from the definition of `before` to that of `now`; used only where they differ

    Raises
    ------
    ViewDefinitionsDiffer
        The definitions differ and no bridge, or one between other definitions, was given: says what and when.
    ValueError
        `before` has no views.

    Examples
    --------
    >>> old = ViewFigure(100, "youtube:watched", date(2026, 8, 1))
    >>> new = ViewFigure(160, "youtube:started", date(2026, 9, 1))
    >>> bridge = ViewBridge("youtube:watched", "youtube:started", date(2026, 8, 27), 1.6, 1.5, 1.7, 12)
    >>> compare_views(old, new, bridge).ratio
    1.0
    """
    if not before.views > 0:
        raise ValueError(f"before has {before.views} views, expected more than 0")
    ratio = now.views / before.views
    if before.definition == now.definition:
        return ViewComparison(ratio, ratio, ratio, False)
    if bridge is None or (bridge.from_definition, bridge.to_definition) != (before.definition, now.definition):
        raise _refusal([before, now])
    sentence = (
        f"On {bridge.changed_on:%d %B %Y} the platform changed what counts as a view; older views are multiplied by "
        f"{bridge.factor:.2f} (between {bridge.low:.2f} and {bridge.high:.2f}, from {bridge.series_count} series)."
    )
    return ViewComparison(ratio / bridge.factor, ratio / bridge.high, ratio / bridge.low, True, sentence)


def average_views(figures: Sequence[ViewFigure]) -> float:
    """Mean of figures of one definition.

    Raises
    ------
    ViewDefinitionsDiffer
        They were counted by different definitions.
    ValueError
        There are none.
    """
    if not figures:
        raise ValueError("there is nothing to average")
    if len({figure.definition for figure in figures}) > 1:
        raise _refusal(figures)
    return fmean(figure.views for figure in figures)


def daily_views(counted: Sequence[ViewFigure]) -> list[ViewFigure]:
    """Views of each day between successive readings of a growing counter, days of a change left out.

    Parameters
    ----------
    counted : readings of one counter, oldest first. A counter that fell was corrected by the platform: that step and
        every step between two definitions say nothing of a day and are left out.

    Returns
    -------
    list, at most one shorter than `counted`
        Mean views a day up to each reading, with its definition.

    Examples
    --------
    >>> days = [
    ...     ViewFigure(v, d, date(2026, 8, n)) for v, d, n in ((0, "a", 1), (10, "a", 2), (40, "b", 3), (60, "b", 4))
    ... ]
    >>> [(figure.views, figure.definition) for figure in daily_views(days)]
    [(10.0, 'a'), (20.0, 'b')]
    """
    found = []
    for earlier, later in pairwise(counted):
        days = (later.as_of - earlier.as_of).days
        if days > 0 and later.views >= earlier.views and earlier.definition == later.definition:
            found.append(ViewFigure((later.views - earlier.views) / days, later.definition, later.as_of))
    return found


def fit_bridge(
    series: Mapping[str, Sequence[ViewFigure]],
    *,
    from_definition: str,
    to_definition: str,
    changed_on: date,
    window_days: int = 28,
    rollout_days: int = 3,
) -> ViewBridge:
    """The factor between two definitions, from series of daily views that cross the day of the change.

    Parameters
    ----------
    series : name of a channel to its daily views, in any order
    changed_on : first whole day of the new definition
    window_days : days on either side that count
    rollout_days : days before `changed_on` on which both definitions were in use somewhere: left out

    Returns
    -------
    ViewBridge
        Its interval is that of the mean over the series.

    Raises
    ------
    ValueError
        Fewer than 3 series have 5 days with views on either side.

    Notes
    -----
    For each series the logarithm of the daily views is regressed on a parabola in time (a post ages fast first), the
    day of the week and a step at the change (interrupted time series [1]_); the factor is e to the mean of the steps,
    weighted alike, with the t interval of the spread between the series. A trend is not taken for the step; a second
    event on the same days is. Series of posts are smoother than those of channels, which jump with each upload.

    References
    ----------
    .. [1] Bernal, Cummins, Gasparrini, International Journal of Epidemiology 46(1), 2017. doi:10.1093/ije/dyw098
    """
    from scipy.stats import t

    steps = []
    for figures in series.values():
        inside = [
            figure
            for figure in figures
            if abs((figure.as_of - changed_on).days) <= window_days
            and not changed_on - timedelta(days=rollout_days) <= figure.as_of < changed_on
            and figure.views > 0
            and figure.definition in (from_definition, to_definition)
        ]
        new_count = sum(figure.definition == to_definition for figure in inside)
        if min(new_count, len(inside) - new_count) >= LEAST_DAYS:
            steps.append(_step(inside, changed_on, to_definition))
    if len(steps) < LEAST_SERIES:
        raise ValueError(
            f"{len(steps)} series have {LEAST_DAYS} days with views on either side of {changed_on}, "
            f"expected {LEAST_SERIES} or more"
        )
    centre = fmean(steps)
    error = stdev(steps) / math.sqrt(len(steps)) * float(t.ppf((1 + CONFIDENCE) / 2, len(steps) - 1))
    return ViewBridge(
        from_definition, to_definition, changed_on, math.exp(centre), math.exp(centre - error),
        math.exp(centre + error), len(steps),
    )  # fmt: skip


def _step(figures: Sequence[ViewFigure], changed_on: date, to_definition: str) -> float:
    """The step of one series, on the logarithm."""
    import numpy as np

    days = np.array([(figure.as_of - changed_on).days for figure in figures], dtype=np.float64)
    after = np.array([figure.definition == to_definition for figure in figures], dtype=np.float64)
    weekday = np.array([figure.as_of.weekday() for figure in figures])
    months = days / 28.0
    columns = [np.ones_like(days), months, months**2, after]
    # A week has seven days; their sum is the constant, so the first is left out. Short series do without.
    if len(figures) >= 3 * 7:
        columns += [(weekday == day).astype(np.float64) for day in range(1, 7)]
    views = np.log([figure.views for figure in figures])
    solution, *_ = np.linalg.lstsq(np.stack(columns, axis=1), views, rcond=None)
    return float(solution[3])


def _refusal(figures: Sequence[ViewFigure]) -> ViewDefinitionsDiffer:
    told = ", ".join(
        f"{definition} on {max(one.as_of for one in figures if one.definition == definition):%d %B %Y}"
        for definition in sorted({figure.definition for figure in figures})
    )
    return ViewDefinitionsDiffer(
        f"These views were counted by different definitions ({told}), so they cannot be compared as they are. Compare "
        "within one definition, or bridge them with a factor fitted from series that cross the change."
    )

"""What is usual for creators of the same size and country: robust, and honest where few are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mardev.topidis.graph import FloatArray

SHRINKAGE = 20.0
"""A cell of this many creators counts as much as the wider one it stands in."""
MAD_TO_DEVIATION = 1.4826
SMALLEST_SPREAD = 0.05


@dataclass(frozen=True, eq=False)
class Usual:
    """For each creator the middle and the spread of those it is compared with.

    Attributes
    ----------
    middle, spread : (n,) in the unit of the values; the spread is that of a normal distribution
    support : (n,) creators of the same band and country whose value is known
    """

    middle: FloatArray
    spread: FloatArray
    support: FloatArray

    def deviations(self, values: FloatArray) -> FloatArray:
        """(n,) how many spreads each value lies above the middle; NaN stays NaN."""
        return (values - self.middle) / self.spread


def usual(values: FloatArray, bands: Sequence[str], countries: Sequence[str]) -> Usual:
    """Median and scaled median absolute deviation per size band and country, shrunk towards the band and all.

    Parameters
    ----------
    values : (n,) a figure of each creator, NaN where it is not known; logarithms for ratios
    bands, countries : n names; creators with the same pair are one cell

    Returns
    -------
    Usual
        Of a cell with k known creators the middle is ``(k * own + 20 * band) / (k + 20)``, of a band likewise towards
        all; spreads are shrunk on the logarithm and never below 0.05.

    Notes
    -----
    Medians, because a few creators with bought figures must not move what their neighbours are measured by: up to half
    of a cell may be odd [1]_. Shrinkage, because a threshold from three creators is none; vendors' thresholds that are
    the same everywhere blame whole countries.

    References
    ----------
    .. [1] Rousseeuw, Croux, Alternatives to the Median Absolute Deviation, JASA 88 (1993). doi:10.2307/2291267

    Examples
    --------
    >>> u = usual(np.array([1.0, 1.0, 9.0]), ["nano"] * 3, ["DE"] * 3)
    >>> u.middle.tolist(), u.support.tolist()
    ([1.0, 1.0, 1.0], [3.0, 3.0, 3.0])
    """
    known = ~np.isnan(values)
    everybody = np.zeros(len(values), dtype=np.int64)
    band = _numbers(bands)
    cell = _numbers([f"{one}\0{other}" for one, other in zip(bands, countries, strict=True)])
    middle = np.zeros(len(values))
    log_spread = np.full(len(values), np.log(SMALLEST_SPREAD))
    support = np.zeros(len(values))
    for level, (group, shrinkage) in enumerate(((everybody, 0.0), (band, SHRINKAGE), (cell, SHRINKAGE))):
        wider = middle.copy(), log_spread.copy()
        for number in np.unique(group):
            members = group == number
            own = values[members & known]
            support[members] = len(own) if level == 2 else 0
            if len(own) == 0:
                continue
            share = len(own) / (len(own) + shrinkage)
            own_middle = np.median(own)
            own_spread = max(MAD_TO_DEVIATION * float(np.median(np.abs(own - own_middle))), SMALLEST_SPREAD)
            middle[members] = share * own_middle + (1 - share) * wider[0][members]
            log_spread[members] = share * np.log(own_spread) + (1 - share) * wider[1][members]
    return Usual(middle, np.exp(log_spread), support)


def _numbers(names: Sequence[str]) -> np.ndarray:
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1] if len(names) else np.zeros(0, dtype=np.int64)

"""Which placement a sale belongs to: one sale, one credit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class ConversionSeen:
    """A conversion as the shop reported it."""

    conversion_key: str
    converted_at: datetime
    promo_code: str | None = None
    utm_content: str | None = None
    is_test: bool = False


@dataclass(frozen=True)
class CreditablePlacement:
    """A placement with the time in which conversions may be credited to it (both ends included)."""

    placement_key: str
    promo_code: str
    counts_from: datetime
    counts_until: datetime


@dataclass(frozen=True)
class Credit:
    """A conversion given to a placement."""

    conversion_key: str
    placement_key: str
    given_by: Literal["code", "link"]


def credit_conversions(
    conversions: Iterable[ConversionSeen], placements: Iterable[CreditablePlacement]
) -> list[Credit]:
    """Give each conversion to at most one placement.

    Parameters
    ----------
    conversions : in any order; the same key twice counts once, the first as given
    placements : distinct keys, distinct codes

    Returns
    -------
    list of Credit, in the order of the conversions
        The code decides, because it was typed in on purpose; else the link. Either only inside the placement's time: a
        code used outside its time leaves the decision to the link. Test conversions are never credited. Codes and keys
        are compared without regard to case and surrounding blanks.

    Raises
    ------
    ValueError
        Two placements share a key or a code.

    Examples
    --------
    >>> from datetime import UTC
    >>> start, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
    >>> placements = [CreditablePlacement("a-1", "MRA4K", start, end), CreditablePlacement("a-2", "TED3Q", start, end)]
    >>> sale = ConversionSeen("order-1", datetime(2026, 10, 9, tzinfo=UTC), promo_code="mra4k ", utm_content="a-2")
    >>> credit_conversions([sale], placements)
    [Credit(conversion_key='order-1', placement_key='a-1', given_by='code')]
    """
    by_code: dict[str, CreditablePlacement] = {}
    by_key: dict[str, CreditablePlacement] = {}
    for placement in placements:
        code, key = _plain(placement.promo_code), _plain(placement.placement_key)
        if code in by_code or key in by_key:
            raise ValueError(
                f"Two placements share the key {placement.placement_key} or the code {placement.promo_code}"
            )
        by_key[key] = placement
        if code:
            by_code[code] = placement
    credits: dict[str, Credit] = {}
    seen: set[str] = set()
    for conversion in conversions:
        if conversion.is_test or conversion.conversion_key in seen:
            continue
        seen.add(conversion.conversion_key)
        ways: tuple[tuple[Literal["code", "link"], CreditablePlacement | None], ...] = (
            ("code", by_code.get(_plain(conversion.promo_code))),
            ("link", by_key.get(_plain(conversion.utm_content))),
        )
        for given_by, found in ways:
            if found is not None and found.counts_from <= conversion.converted_at <= found.counts_until:
                credits[conversion.conversion_key] = Credit(conversion.conversion_key, found.placement_key, given_by)
                break
    return list(credits.values())


def _plain(text: str | None) -> str:
    return (text or "").strip().lower()

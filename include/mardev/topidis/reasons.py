"""Why a creator is on the list, in one plain sentence."""

from decimal import Decimal
from functools import cache


def reason_for(
    *,
    added_reach: float,
    market: str,
    price: Decimal,
    currency: str,
    endorser_count: int = 0,
    vertical_size: int = 0,
    vertical: str = "",
    is_first: bool = False,
    is_wished_for: bool = False,
    is_reserve: bool = False,
) -> str:
    """The sentence beside a name.

    Examples
    --------
    >>> reason_for(
    ...     added_reach=41_000,
    ...     market="DE",
    ...     price=Decimal(320),
    ...     currency="EUR",
    ...     endorser_count=12,
    ...     vertical_size=200,
    ...     vertical="Gaming (German)",
    ... )
    'Reaches 41,000 people in Germany nobody before on the list reaches, for 320 EUR; endorsed by 12 of the 200
    channels we found in Gaming (German).'
    """
    people = f"{_people(added_reach)} people in {country_name(market)}"
    start = "Asked for; reaches" if is_wished_for else "In reserve; would reach" if is_reserve else "Reaches"
    nobody = "" if is_first else " nobody before on the list reaches"
    sentence = f"{start} {people}{nobody}, for {price:,.0f} {currency}"
    if endorser_count and vertical_size:
        group = f"in {vertical}" if vertical else "in the same community"
        sentence += f"; endorsed by {endorser_count:,} of the {vertical_size:,} channels we found {group}"
    return sentence + "."


@cache
def country_name(market: str) -> str:
    """English name of a country code; the code itself when there is none.

    Examples
    --------
    >>> country_name("BR"), country_name("ZZZ")
    ('Brazil', 'ZZZ')
    """
    from babel import Locale

    return str(Locale("en").territories.get(market.upper(), market))


def _people(count: float) -> str:
    """Two significant figures: more would promise what an estimate cannot keep."""
    whole = round(count)
    digits = len(str(whole)) - 2
    return f"{round(whole, -digits) if digits > 0 else whole:,}"

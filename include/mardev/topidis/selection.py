"""Whom to ask: a shortlist under a budget, the reason beside each name."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from mardev.topidis.greedy import Candidate, GrowingPlan, per_price
from mardev.topidis.reasons import reason_for
from mardev.topidis.unique_reach import ReachModel

__all__ = [
    "Candidate",
    "Shortlist",
    "ShortlistRow",
    "is_inside_tolerance",
    "next_from_reserve",
    "propose_shortlist",
]

DEAL_COST_STEPS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, math.inf)
"""Tried costs of handling one more deal, in shares of budget / head count; the best plan is kept."""
RESERVE_SHARE = 0.5
MINIMUM_RESERVE = 3


@dataclass(frozen=True)
class ShortlistRow:
    """A candidate with its place in the plan.

    Attributes
    ----------
    approach_order : 1 is asked first; the reserve counts on after the chosen
    added_reach : people nobody before on the list (in approach order) reaches
    reason : one plain sentence
    """

    candidate: Candidate
    choice: Literal["chosen", "reserve"]
    approach_order: int
    added_reach: float
    reason: str


@dataclass(frozen=True)
class Shortlist:
    """Who is proposed, who is in reserve, and what has to be said about it.

    Attributes
    ----------
    expected_reach : people reached by at least one of the chosen
    total_price : of the chosen
    tolerance_share : how far the money may move without asking again
    warnings : plain sentences: wishes that could not be met
    missed : must-haves that are not among the chosen, each with its sentence
    """

    chosen: tuple[ShortlistRow, ...]
    reserve: tuple[ShortlistRow, ...]
    expected_reach: float
    total_price: Decimal
    currency: str
    tolerance_share: Decimal
    warnings: tuple[str, ...]
    missed: Mapping[str, str] = field(default_factory=dict)


def propose_shortlist(
    candidates: Sequence[Candidate],
    *,
    reach: ReachModel,
    budget: Decimal,
    currency: str,
    head_count: int,
    must_have: Collection[str] = (),
    never: Collection[str] = (),
    quotas: Mapping[str, int] | None = None,
    reserve_count: int | None = None,
    tolerance_share: Decimal = Decimal("0.10"),
) -> Shortlist:
    """The creators that together reach most different people for the money.

    Parameters
    ----------
    candidates : each channel once; all of them known to `reach`
    reach : estimate of unique reach, with the same audiences
    budget : money for placements, in `currency`, >= 0
    head_count : most deals the team can look after, > 0
    must_have, never : channel keys; `never` wins
    quotas : market -> least number of creators there
    reserve_count : how many stand by; half the chosen, at least three, unless given
    tolerance_share : passed on into the plan

    Returns
    -------
    Shortlist
        The must-haves, then the other chosen, both by falling influence (big fish first); then the reserve in the
        order in which it would be used.

    Raises
    ------
    ValueError
        Negative budget or price, head count below 1, a channel twice, or one that `reach` does not know.

    Notes
    -----
    Must-haves first, then each market's minimum, then lazy greedy [1]_ by reach added per price + h, where h is a cost
    of handling one more deal. Plain reach per price (h = 0) fills a capped head count with cheap creators and leaves
    money over; reach alone (h infinite) spends it on a few. Both and six h between are run, and the best single
    creator; the plan with the highest reach wins. Without must-haves, quotas and head count the better of h = 0 and the
    best single reaches at least (1 - 1/e)/2 of the best possible [2]_.

    References
    ----------
    .. [1] Leskovec et al., "Cost-effective outbreak detection in networks", KDD 2007. doi:10.1145/1281192.1281239
    .. [2] Khuller, Moss, Naor, "The budgeted maximum coverage problem", IPL 70, 1999. doi:10.1016/S0020-0190(99)00031-9
    """
    _refuse_nonsense(candidates, reach, budget, head_count)
    pool = [candidate for candidate in candidates if candidate.channel_key not in set(never)]
    plan = GrowingPlan(reach, budget, head_count)
    missed = _add_must_haves(plan, pool, list(must_have), set(never), currency)
    warnings = [*missed.values(), *_add_minimums(plan, pool, quotas or {}, currency)]
    best = _best_filled(plan, pool)
    wished = set(must_have)
    chosen = sorted(best.members, key=lambda c: (c.channel_key not in wished, -c.influence, -c.audience, c.channel_key))
    count = max(MINIMUM_RESERVE, math.ceil(len(chosen) * RESERVE_SHARE)) if reserve_count is None else reserve_count
    reserve = _reserve(best, pool, count)
    rows = _rows(reach, chosen, reserve, wished, currency)
    return Shortlist(
        chosen=tuple(row for row in rows if row.choice == "chosen"),
        reserve=tuple(row for row in rows if row.choice == "reserve"),
        expected_reach=best.reached.total,
        total_price=best.spent,
        currency=currency,
        tolerance_share=tolerance_share,
        warnings=tuple(warnings),
        missed=missed,
    )


def next_from_reserve(
    reserve: Sequence[ShortlistRow], *, market: str, money_left: Decimal, taken: Collection[str] = ()
) -> ShortlistRow | None:
    """The first of the reserve that fits: of the same market if there is one, never dearer than the money left.

    `taken` are channel keys that were used already.
    """
    fitting = [
        row
        for row in sorted(reserve, key=lambda row: row.approach_order)
        if row.candidate.channel_key not in taken and row.candidate.price <= money_left
    ]
    return next((row for row in fitting if row.candidate.market == market), fitting[0] if fitting else None)


def is_inside_tolerance(planned: Decimal, actual: Decimal, tolerance_share: Decimal) -> bool:
    """Whether `actual` exceeds `planned` by no more than the signed share."""
    return actual <= planned * (1 + tolerance_share)


def _refuse_nonsense(candidates: Sequence[Candidate], reach: ReachModel, budget: Decimal, head_count: int) -> None:
    if budget < 0 or head_count < 1:
        raise ValueError(f"budget is {budget} and head count {head_count}; expected >= 0 and >= 1")
    twice = [key for key, count in Counter(c.channel_key for c in candidates).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]} is twice among the candidates")
    for candidate in candidates:
        if candidate.price < 0:
            raise ValueError(f"{candidate.channel_key} has the price {candidate.price}")
        if not reach.knows(candidate.channel_key):
            raise ValueError(f"{candidate.channel_key} is not in the reach model")


def _add_must_haves(
    plan: GrowingPlan, pool: Sequence[Candidate], must_have: list[str], never: set[str], currency: str
) -> dict[str, str]:
    by_key = {candidate.channel_key: candidate for candidate in pool}
    missed = {}
    for key in dict.fromkeys(must_have):
        candidate = by_key.get(key)
        if candidate is None:
            why = "is on the never list" if key in never else "is not among the creators we found"
            missed[key] = f"{key} was asked for but {why}."
        elif plan.has_room_for(candidate):
            plan.add(candidate)
        else:
            left = plan.budget - plan.spent
            places = plan.head_count - len(plan.members)
            missed[key] = (
                f"{candidate.title} was asked for at {candidate.price:,.0f} {currency}, but only {left:,.0f} "
                f"{currency} and {places} {'place was' if places == 1 else 'places were'} left."
            )
    return missed


def _add_minimums(plan: GrowingPlan, pool: Sequence[Candidate], quotas: Mapping[str, int], currency: str) -> list[str]:
    warnings = []
    for market in sorted(quotas):
        before = sum(member.market == market for member in plan.members)
        wanted = max(0, quotas[market] - before)
        full = plan.head_count
        plan.head_count = min(full, len(plan.members) + wanted)
        size = len(plan.members)
        plan.fill([c for c in pool if c.market == market], per_price(0.0))
        plan.head_count = full
        found = len(plan.members) - size
        if found < wanted:
            warnings.append(
                f"{market} has {before + found} of the {quotas[market]} creators wanted there: "
                f"no other fits into {plan.budget - plan.spent:,.0f} {currency}."
            )
    return warnings


def _best_filled(plan: GrowingPlan, pool: Sequence[Candidate]) -> GrowingPlan:
    per_place = float(plan.budget) / plan.head_count
    tries = []
    for step in DEAL_COST_STEPS:
        attempt = plan.copy()
        attempt.fill(pool, per_price(step * per_place))
        tries.append(attempt)
    return max(tries, key=lambda attempt: (attempt.reached.total, -attempt.spent))


def _reserve(best: GrowingPlan, pool: Sequence[Candidate], count: int) -> list[Candidate]:
    """The next by reach added per price, none dearer than the dearest chosen: it stands in for one of them."""
    if count <= 0:
        return []
    ceiling = max((member.price for member in best.members), default=best.budget)
    standby = best.copy()
    standby.budget = best.spent + sum((c.price for c in pool), Decimal(0))
    standby.head_count = len(best.members) + count
    standby.fill([c for c in pool if c.price <= ceiling], per_price(0.0))
    return standby.members[len(best.members) :]


def _rows(
    reach: ReachModel, chosen: Sequence[Candidate], reserve: Sequence[Candidate], wished: set[str], currency: str
) -> list[ShortlistRow]:
    rows = []
    growing = reach.start()
    for order, candidate in enumerate([*chosen, *reserve], start=1):
        is_chosen = order <= len(chosen)
        added = growing.add(candidate.channel_key)
        reason = reason_for(
            added_reach=added,
            market=candidate.market,
            price=candidate.price,
            currency=currency,
            endorser_count=candidate.endorser_count,
            vertical_size=candidate.vertical_size,
            vertical=candidate.vertical,
            is_first=order == 1,
            is_wished_for=candidate.channel_key in wished,
            is_reserve=not is_chosen,
        )
        rows.append(ShortlistRow(candidate, "chosen" if is_chosen else "reserve", order, added, reason))
    return rows

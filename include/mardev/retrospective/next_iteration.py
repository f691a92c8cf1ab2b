"""The next iteration, proposed from what this one brought."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mardev.retrospective.fishbone import Finding

PAUSE = timedelta(days=14)
"""From the end of one flight to the start of the next: time to plan, sign, brief and verify."""
BEST_COUNT = 3
LEAST_MARKET_CONVERSIONS = 5
DEALS_MORE_TIME = timedelta(days=7)


@dataclass(frozen=True)
class PlacementResult:
    """What one placement brought. `cost` and `revenue` in the currency of the budget."""

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
    """The plan form of the next iteration, and one plain sentence for each thing that differs.

    Parameters
    ----------
    form : of this iteration; ``flight_from`` and ``flight_to`` are aware datetimes or ISO texts and come back as they
        came. Read besides: ``campaign``, ``iteration_key``, ``must_have``, ``never``, ``head_count``,
        ``integration_types``
    results : of this iteration's placements
    findings : of this iteration

    Returns
    -------
    (form, reasons)
        A new form with every field of the old one. Nobody is dropped for a weak result alone; who never published goes
        on the never list, the three with most conversions for the money on the must-have list, as long as it has
        places.
    """
    found, brought = list(findings), list(results)
    proposed = dict(form)
    reasons = [_rename(proposed), _move_flight(proposed, found)]
    if "iteration_key" in form:
        proposed["follows_iteration_key"] = proposed.pop("iteration_key")
    reasons += _prefer_the_best(proposed, brought)
    reasons += _leave_out(proposed, brought)
    reasons += _name_best_format(proposed, brought)
    reasons += _name_best_market(brought)
    reasons += [f"To watch: {finding.statement}" for finding in _heaviest(found)]
    return proposed, [reason for reason in reasons if reason]


def creator_reasons(results: Iterable[PlacementResult], currency: str) -> dict[str, str]:
    """Channel key to what this iteration found of its creator, for those that `propose_form` puts on a list.

    Each is the end of a sentence that begins with the creator. `currency` is the budget's.
    """
    brought = list(results)
    found = {
        result.channel_key: f"brought {result.conversions:,} conversions for {result.cost:,.0f} {currency}"
        for result in _best(brought)
    }
    return found | {result.channel_key: "did not publish" for result in brought if not result.was_published}


def _rename(form: dict[str, Any]) -> str:
    """Count on: "Autumn" becomes "Autumn 2", "Autumn 2" becomes "Autumn 3"."""
    old = str(form["campaign"]).strip()
    match = re.fullmatch(r"(.*\S)\s+(\d{1,3})", old)
    form["campaign"] = f"{match[1]} {int(match[2]) + 1}" if match else f"{old} 2"
    return f'Follows "{old}".'


def _move_flight(form: dict[str, Any], findings: Sequence[Finding]) -> str:
    was_text = isinstance(form["flight_from"], str)
    start, end = (_instant(form[name]) for name in ("flight_from", "flight_to"))
    pause = PAUSE
    reason = "The same length of flight, two weeks after the last one ended."
    if any(finding.cause == "lost_deals" and finding.weight > 0 for finding in findings):
        pause += DEALS_MORE_TIME
        reason = (
            "The same length of flight, three weeks after the last one ended: offers that failed left too little time."
        )
    new_start = end + pause
    for name, instant in (("flight_from", new_start), ("flight_to", new_start + (end - start))):
        form[name] = instant.isoformat() if was_text else instant
    return reason


def _prefer_the_best(form: dict[str, Any], results: Sequence[PlacementResult]) -> list[str]:
    wished = list(form.get("must_have") or [])
    both = list(dict.fromkeys([*wished, *(result.channel_key for result in _best(results))]))
    both = both[: max(int(form.get("head_count") or len(both)), len(wished))]
    best = [result for result in _best(results) if result.channel_key in both]
    if not best:
        return []
    form["must_have"] = both
    names = ", ".join(f"{result.creator} ({result.conversions:,} for {result.cost:,.0f})" for result in best)
    return [f"Again with those who brought most conversions for the money: {names}."]


def _best(results: Sequence[PlacementResult]) -> list[PlacementResult]:
    paid = [result for result in results if result.was_published and result.conversions > 0]
    return sorted(paid, key=lambda result: (-_return(result), result.channel_key))[:BEST_COUNT]


def _leave_out(form: dict[str, Any], results: Sequence[PlacementResult]) -> list[str]:
    absent = [result for result in results if not result.was_published]
    if not absent:
        return []
    refused = list(form.get("never") or [])
    form["never"] = list(dict.fromkeys([*refused, *(result.channel_key for result in absent)]))
    form["must_have"] = [key for key in form.get("must_have") or [] if key not in form["never"]]
    return [f"Without {', '.join(result.creator for result in absent)}, who did not publish."]


def _name_best_format(form: dict[str, Any], results: Sequence[PlacementResult]) -> list[str]:
    """Order the formats by conversions for the money; none is dropped on the evidence of one iteration."""
    by_format = _totals(results, "integration_type")
    known = [name for name in form.get("integration_types") or [] if name in by_format]
    if len(known) < 2:
        return []
    ranked = sorted(known, key=lambda name: (-_ratio(*by_format[name]), name))
    form["integration_types"] = [*ranked, *(name for name in form["integration_types"] if name not in ranked)]
    return [f"{ranked[0].replace('_', ' ').capitalize()} comes first: most conversions for the money."]


def _name_best_market(results: Sequence[PlacementResult]) -> list[str]:
    by_market = {
        market: totals
        for market, totals in _totals(results, "market").items()
        if totals[0] >= LEAST_MARKET_CONVERSIONS and totals[1] > 0
    }
    if len(by_market) < 2:
        return []
    best = max(sorted(by_market), key=lambda market: _ratio(*by_market[market]))
    conversions, cost = by_market[best]
    return [f"{best} brought most for the money: {conversions:,} conversions at {cost / conversions:,.2f} each."]


def _heaviest(findings: Sequence[Finding]) -> list[Finding]:
    known = [finding for finding in findings if finding.side != "undetermined"]
    return sorted(known, key=lambda finding: (-finding.weight, finding.finding_key))[:BEST_COUNT]


def _totals(results: Sequence[PlacementResult], field: str) -> dict[str, tuple[int, Decimal]]:
    totals: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for result in results:
        conversions, cost = totals[getattr(result, field)]
        totals[getattr(result, field)] = (conversions + result.conversions, cost + result.cost)
    return dict(totals)


def _return(result: PlacementResult) -> float:
    return _ratio(result.conversions, result.cost)


def _ratio(conversions: int, cost: Decimal) -> float:
    """Conversions for the money, as if one more unit of it had been spent: free placements do not divide by zero."""
    return conversions / (float(cost) + 1)


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value

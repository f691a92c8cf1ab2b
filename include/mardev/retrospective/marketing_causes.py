"""Causes on the side of creators, content and process, with what each is estimated to have cost."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mardev.economics.forecast import share_of_views_by
from mardev.retrospective.causes import Cause, EvidenceItem, Side, Volumes, duration
from mardev.retrospective.evidence import IterationEvidence, PlacementEvidence

LOST_DEALS = {"declined": "declined", "silent": "never answered", "withdrawn": "was withdrawn"}


def marketing_causes(evidence: IterationEvidence) -> list[Cause]:
    """Everything marketing-side that the evidence shows, the same order for the same evidence.

    A placement's losses never exceed what it really fell short of its plan.
    """
    causes: list[Cause] = []
    for placement in sorted(evidence.placements, key=lambda placement: placement.placement_key):
        room = _shortfall(placement)
        for cause in _of_placement(placement, evidence.flight_to):
            lost = cause.lost.capped(room)
            room = room + lost.scaled(-1)
            causes.append(_with_loss(cause, lost))
    causes += _lost_deals(evidence)
    causes += list(_overrides(evidence))
    return causes


def expected_of(placement: PlacementEvidence) -> Volumes:
    return Volumes(placement.expected_views, placement.expected_clicks, placement.expected_conversions)


def is_sound(placement: PlacementEvidence) -> bool:
    """Published in time with the right link, so that a weak result has no cause known here."""
    return (
        placement.published_at is not None
        and placement.published_at <= placement.window_to
        and placement.link_was_right is not False
    )


def _of_placement(placement: PlacementEvidence, flight_to: datetime) -> Iterator[Cause]:
    if placement.published_at is None:
        yield _held(placement) if placement.held_by else _unpublished(placement)
        return
    if placement.published_at > placement.window_to:
        yield _late(placement, placement.published_at, flight_to)
    if placement.link_was_right is False:
        yield _wrong_link(placement, placement.published_at, flight_to)
    if placement.is_disclosed is False:
        yield _undisclosed(placement, placement.published_at, flight_to)


def _unpublished(placement: PlacementEvidence) -> Cause:
    fact = EvidenceItem(
        f"No post was found on the channel until the end of the flight; agreed were {placement.window_from:%d %B} "
        f"to {placement.window_to:%d %B}.",
        page_path=placement.page_path,
    )
    statement = f"{placement.creator} ({placement.market}) did not publish."
    return Cause(
        "unpublished", placement.placement_key, "marketing", "people", statement, expected_of(placement), [fact]
    )


def _held(placement: PlacementEvidence) -> Cause:
    side: Side = "technology" if placement.held_by == "technology" else "marketing"
    fact = EvidenceItem(f"Held by {side}: {placement.hold_reason or 'no reason given'}", page_path=placement.page_path)
    statement = f"The placement of {placement.creator} ({placement.market}) was held back by {side}."
    return Cause("held", placement.placement_key, side, "process", statement, expected_of(placement), [fact])


def _late(placement: PlacementEvidence, published_at: datetime, flight_to: datetime) -> Cause:
    """Lost is the part of the growth curve that no longer fits into the flight."""
    delay = published_at - placement.window_to
    in_time = share_of_views_by(_days(flight_to - placement.window_to))
    late = share_of_views_by(_days(flight_to - published_at))
    lost = expected_of(placement).scaled(1 - late / in_time if in_time else 0.0)
    fact = EvidenceItem(
        f"Agreed until {placement.window_to:%d %B %H:%M}, published on {published_at:%d %B %H:%M}.",
        delay / timedelta(hours=1),
        "hours late",
        placement.page_path,
    )
    statement = f"{placement.creator} ({placement.market}) published {duration(delay)} late."
    return Cause("late_post", placement.placement_key, "marketing", "people", statement, lost, [fact])


def _wrong_link(placement: PlacementEvidence, published_at: datetime, flight_to: datetime) -> Cause:
    """Until it was mended, viewers who clicked did not reach us: the clicks of that part of the growth are lost."""
    until = placement.link_fixed_at or flight_to
    whole = share_of_views_by(_days(flight_to - published_at))
    share = share_of_views_by(_days(min(until, flight_to) - published_at)) / whole if whole else 0.0
    lost = Volumes(0.0, placement.expected_clicks * share, placement.expected_conversions * share)
    ending = f"mended after {duration(until - published_at)}" if placement.link_fixed_at else "never mended"
    fact = EvidenceItem(
        f"The first check of the post found another link than the one we gave; {ending}.",
        (until - published_at) / timedelta(hours=1),
        "hours with the wrong link",
        placement.page_path,
    )
    statement = f"{placement.creator} ({placement.market}) published with a wrong link."
    return Cause("wrong_link", placement.placement_key, "marketing", "content", statement, lost, [fact])


def _undisclosed(placement: PlacementEvidence, published_at: datetime, flight_to: datetime) -> Cause:
    until = placement.disclosure_fixed_at or flight_to
    ending = f"mended after {duration(until - published_at)}" if placement.disclosure_fixed_at else "never mended"
    fact = EvidenceItem(
        f"The first check found no marking as paid content; {ending}. A legal risk without a measurable loss.",
        (until - published_at) / timedelta(hours=1),
        "hours without the marking",
        placement.page_path,
    )
    statement = f"{placement.creator} ({placement.market}) published without marking the post as paid."
    return Cause("undisclosed", placement.placement_key, "marketing", "content", statement, Volumes(), [fact])


def _lost_deals(evidence: IterationEvidence) -> list[Cause]:
    """Offers that failed cost what the signed plan expected and no placement replaced."""
    lost_deals = [deal for deal in evidence.deals if deal.state in LOST_DEALS]
    if not lost_deals:
        return []
    booked = sum((expected_of(placement) for placement in evidence.placements), Volumes())
    planned = Volumes(evidence.planned_views, evidence.planned_clicks, evidence.planned_conversions)
    lost = (planned + booked.scaled(-1)).capped(planned)
    facts = [
        EvidenceItem(
            f"{deal.creator} ({deal.market}) {LOST_DEALS[deal.state]}.",
            deal.expected_views,
            "views expected",
            deal.page_path,
        )
        for deal in sorted(lost_deals, key=lambda deal: (-deal.expected_views, deal.creator))
    ]
    count = len(lost_deals)
    offers = "offer" if count == 1 else "offers"
    ending = " and the reserve did not make up for it." if lost.views > 0 else "; the reserve made up for it."
    statement = f"{count} {offers} came to nothing{ending}"
    return [Cause("lost_deals", "deals", "marketing", "people", statement, lost, facts)]


def _overrides(evidence: IterationEvidence) -> Iterator[Cause]:
    for override in evidence.overrides:
        fact = EvidenceItem(f"{override.person}: {override.reason}", page_path=override.page_path)
        statement = f"{override.person} let {override.stage} go on without the check-in of {override.lane}."
        yield Cause(
            "override", f"{override.stage}-{override.lane}", override.lane, "process", statement, evidence=[fact]
        )


def _shortfall(placement: PlacementEvidence) -> Volumes:
    delivered = Volumes(placement.views, placement.clicks, placement.conversions)
    expected = expected_of(placement)
    return (expected + delivered.scaled(-1)).capped(expected)


def _with_loss(cause: Cause, lost: Volumes) -> Cause:
    return Cause(cause.cause, cause.subject, cause.side, cause.category, cause.statement, lost, cause.evidence)


def _days(time: timedelta) -> float:
    return time / timedelta(days=1)

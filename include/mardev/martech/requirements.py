"""What a plan asks of the systems, by when, and whether that is ready."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from mardev.domain.words import ConversionKind
from mardev.martech.systems import system

Approach = Literal["reuse", "configure", "integrate", "build"]
ReadinessState = Literal["ready", "in_time", "gap"]

TEST_TIME = timedelta(days=1)
"""What is needed must stand a day before the flight, so that it can be tested."""
REPAIR_DAYS = 1
KNOWN_MARKETS = frozenset({"DE", "US", "BR", "JP"})
"""Markets that have an app page; another one has to be built."""
NEW_LANDING_DAYS = 10
CONVERSION_WORDS = {
    ConversionKind.INSTALL: "installs",
    ConversionKind.SIGN_UP: "sign-ups",
    ConversionKind.PURCHASE: "purchases with their revenue",
    ConversionKind.OTHER: "conversions",
}


@dataclass(frozen=True)
class Requirement:
    """Something a system must do for this plan.

    Attributes
    ----------
    markets : which markets it concerns; empty means all
    lead_days : working time until it is there, in days; 0 when it exists
    """

    requirement_key: str
    system_key: str
    need: str
    approach: Approach
    owner: str
    lead_days: int
    markets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """Whether a requirement is met in time.

    Attributes
    ----------
    due_at : the latest instant at which it must be there
    """

    state: ReadinessState
    due_at: datetime
    detail: str


def requirements_for(
    form: Mapping[str, Any],
    shortlist: Sequence[Mapping[str, Any]],
    *,
    landing_markets: frozenset[str] = KNOWN_MARKETS,
) -> list[Requirement]:
    """What the plan needs from each system.

    Parameters
    ----------
    form : the filled plan form; read are ``markets``, ``conversion_kind`` and ``campaign``
    shortlist : the chosen rows of the plan, only counted
    landing_markets : country codes that have an app page

    Returns
    -------
    list of Requirement
        `requirement_key` is stable ("links", "codes", "landing-de", ...); lead times are working estimates.
    """
    count = len(shortlist)
    markets = tuple(str(market).upper() for market in form["markets"])
    counted = CONVERSION_WORDS[ConversionKind(form["conversion_kind"])]
    needs = [
        _need("links", "redirector", f"{count} tracking links, one for each placement", "configure", 1),
        _need("codes", "shop", f"{count} promo codes taken over from a file", "configure", 1),
        _need("conversions", "shop", f"Orders that report {counted} with link and code", "reuse", 0),
        _need("outbox", "mail", f"Offers and briefs to {count} creators and the reserve", "reuse", 0),
        _need("answers", "mailbox", "Answers and drafts read from the brand mailbox", "reuse", 0),
        _need(
            "counters", "youtube", "Counters of each post while the flight lasts, inside the daily quota", "reuse", 0
        ),
        _need("sessions", "analytics", "Sessions by placement, as a second opinion on clicks", "reuse", 0),
        _need("records", "warehouse", "A record of every decision, click and conversion", "reuse", 0),
    ]
    for market in markets:
        exists = market in landing_markets
        needs.append(
            _need(
                f"landing-{market.lower()}",
                "landing",
                f"App page for {market} that counts {counted}",
                "reuse" if exists else "build",
                0 if exists else NEW_LANDING_DAYS,
                (market,),
            )
        )
    return needs


def readiness(
    requirement: Requirement, health: Mapping[tuple[str, str], bool], now: datetime, flight_from: datetime
) -> Readiness:
    """Whether the requirement is met when the flight starts.

    Parameters
    ----------
    health : (system key, market or "") -> healthy at its last check; a missing entry means never checked
    now, flight_from : aware instants of the iteration's clock

    Returns
    -------
    Readiness
        ``ready``: it exists and its system is healthy. ``in_time``: it will be there a day before the flight.
        ``gap``: it will not. A broken system counts one more day.
    """
    due_at = flight_from - TEST_TIME
    states = [health.get((requirement.system_key, market)) for market in requirement.markets or ("",)]
    name = system(requirement.system_key).name
    days = requirement.lead_days
    if False in states:
        days += REPAIR_DAYS
        reason = f"{name} failed its last check"
    elif None in states:
        reason = f"{name} was never checked"
    elif days == 0:
        return Readiness("ready", due_at, f"{name} is there and passed its last check.")
    else:
        reason = f"takes {days} working {'day' if days == 1 else 'days'}"
    there_at = add_working_days(now, days)
    if there_at <= due_at:
        return Readiness("in_time", due_at, f"{_capital(reason)}; expected on {there_at:%d %B %Y}, in time.")
    late = -(-(there_at - due_at) // timedelta(days=1))
    days_late = f"{late} {'day' if late == 1 else 'days'}"
    return Readiness(
        "gap", due_at, f"{_capital(reason)}; expected on {there_at:%d %B %Y}, {days_late} too late to be tested first."
    )


def earliest_flight(requirements: Sequence[Requirement], now: datetime) -> datetime:
    """The first instant at which a flight could start with everything tested; `now` when nothing is needed."""
    longest = max((requirement.lead_days for requirement in requirements), default=0)
    return add_working_days(now, longest) + TEST_TIME if longest else now


def add_working_days(start: datetime, days: int) -> datetime:
    """`start` plus so many days from Monday to Friday.

    Examples
    --------
    >>> from datetime import UTC
    >>> add_working_days(datetime(2026, 10, 9, 8, tzinfo=UTC), 1).isoformat()  # a Friday
    '2026-10-12T08:00:00+00:00'
    """
    instant = start
    while days > 0:
        instant += timedelta(days=1)
        days -= instant.weekday() < 5
    return instant


def _need(
    key: str, system_key: str, need: str, approach: Approach, lead_days: int, markets: tuple[str, ...] = ()
) -> Requirement:
    return Requirement(key, system_key, need, approach, system(system_key).owner, lead_days, markets)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

"""Which checks open an incident and which close it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mardev.martech.systems import system

FAILURES_TO_OPEN = 2
FAILURES_TO_OPEN_IN_CUSTOMER_PATH = 1
"""A customer who meets a broken page is lost at once; a collector that fails once tries again."""
SUCCESSES_TO_CLOSE = 1


@dataclass(frozen=True)
class CheckSeen:
    """One system check. `market` is empty for systems that serve all markets."""

    system_key: str
    market: str
    checked_at: datetime
    is_healthy: bool
    detail: str = ""


@dataclass(frozen=True)
class IncidentChange:
    """An incident to open, or an open one to close.

    Attributes
    ----------
    since : open: the first failed check of this trouble; close: the first check that passed again
    """

    change: Literal["open", "close"]
    system_key: str
    market: str
    since: datetime
    title: str
    detail: str
    next_step: str


def judge_checks(checks: Sequence[CheckSeen], open_incidents: Collection[tuple[str, str]]) -> list[IncidentChange]:
    """What the checks say about incidents.

    Parameters
    ----------
    checks : recent checks in any order; those before an incident was opened may be among them
    open_incidents : (system key, market) of incidents that are open

    Returns
    -------
    list of IncidentChange, by system and market
        One at most for each system and market. A system in the customer's path opens at its first failed check, another
        one after two failed in a row; an open incident closes when the last check passed.

    Examples
    --------
    >>> from datetime import UTC
    >>> failed = CheckSeen("landing", "DE", datetime(2026, 10, 20, 8, tzinfo=UTC), False, "503")
    >>> [(change.change, change.title) for change in judge_checks([failed], open_incidents=[])]
    [('open', 'App page (DE) does not answer')]
    """
    by_system: dict[tuple[str, str], list[CheckSeen]] = defaultdict(list)
    for check in checks:
        by_system[check.system_key, check.market].append(check)
    changes = []
    for where, seen in sorted(by_system.items()):
        ordered = sorted(seen, key=lambda check: check.checked_at)
        change = _closing(ordered) if where in open_incidents else _opening(ordered)
        if change is not None:
            changes.append(change)
    return changes


def _last_run(ordered: Sequence[CheckSeen]) -> list[CheckSeen]:
    """The checks at the end that say the same as the last one."""
    run: list[CheckSeen] = []
    for check in reversed(ordered):
        if check.is_healthy != ordered[-1].is_healthy:
            break
        run.insert(0, check)
    return run


def _opening(ordered: Sequence[CheckSeen]) -> IncidentChange | None:
    run = _last_run(ordered)
    record = system(run[-1].system_key)
    needed = FAILURES_TO_OPEN_IN_CUSTOMER_PATH if record.in_customer_path else FAILURES_TO_OPEN
    if run[-1].is_healthy or len(run) < needed:
        return None
    return IncidentChange(
        "open",
        run[-1].system_key,
        run[-1].market,
        run[0].checked_at,
        f"{_name(run[-1])} does not answer",
        run[-1].detail,
        f"{record.owner} repairs it; until then marketing cannot {', '.join(record.activities)}.",
    )


def _closing(ordered: Sequence[CheckSeen]) -> IncidentChange | None:
    run = _last_run(ordered)
    if not run[-1].is_healthy or len(run) < SUCCESSES_TO_CLOSE:
        return None
    return IncidentChange(
        "close",
        run[-1].system_key,
        run[-1].market,
        run[0].checked_at,
        f"{_name(run[-1])} answers again",
        run[-1].detail,
        "",
    )


def _name(check: CheckSeen) -> str:
    name = system(check.system_key).name
    return f"{name} ({check.market})" if check.market else name

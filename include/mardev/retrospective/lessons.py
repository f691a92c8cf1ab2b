"""Lessons proposed from findings; people edit and sign them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mardev.retrospective.fishbone import Finding

LESSONS = {
    "late_post": "Ask creators who published late for an earlier date, and remind them the day before.",
    "unpublished": "Speak with creators who did not publish before asking them again; pay on publication.",
    "wrong_link": "Send link and code again in the go-live mail, and check a post within the first hour.",
    "undisclosed": "Show the disclosure wording first in brief and go-live mail; hold drafts without it.",
    "lost_deals": "Start the approach earlier and keep a longer reserve in the markets where offers came to nothing.",
    "held": "Settle what held placements back before the briefs go out.",
    "override": "Find out why the check-in was missing, and move its check to an earlier stage.",
    "landing_outage": "Watch the app page of each market around the clock in a flight; let a static page stand in.",
    "shop_outage": "Queue orders while the shop is out, and test redeeming a code before each flight.",
    "redirector_outage": "Let a second redirector stand by, and point the links to the app page while it is out.",
    "failed_task": "Mend the step that failed, and add a test that fails without the mending.",
    "blocked_gate": "Settle the quarantined rows with the source's owner, and agree on what a good row is.",
    "measurement_gap": "Collect missed counters once the source answers again, and mark the days in every report.",
    "unexplained": "Look together at the step of the funnel that fell behind, and plan one test for it next time.",
}
OTHER = "Agree on who watches for this next time."
VALID_DAYS = 180


@dataclass(frozen=True)
class LessonDraft:
    """What to do differently.

    Attributes
    ----------
    valid_days : after so many days it must be confirmed or it expires
    """

    finding_key: str
    lane: Literal["marketing", "technology"]
    statement: str
    valid_days: int = VALID_DAYS


def draft_lessons(findings: Iterable[Finding]) -> list[LessonDraft]:
    """One lesson for each kind of cause and lane, the heaviest first.

    A cause on both sides, or on none, gives each lane the same lesson. The lesson hangs on the heaviest finding of its
    kind.
    """
    heaviest: dict[tuple[str, Literal["marketing", "technology"]], Finding] = {}
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for finding in findings:
        for lane in _lanes(finding.side):
            key = (finding.cause, lane)
            weights[key] += finding.weight
            if key not in heaviest or finding.weight > heaviest[key].weight:
                heaviest[key] = finding
    ordered = sorted(heaviest, key=lambda key: (-weights[key], key))
    return [LessonDraft(heaviest[key].finding_key, key[1], LESSONS.get(key[0], OTHER)) for key in ordered]


def _lanes(side: str) -> tuple[Literal["marketing", "technology"], ...]:
    if side == "marketing":
        return ("marketing",)
    return ("technology",) if side == "technology" else ("marketing", "technology")

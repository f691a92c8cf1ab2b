"""The incident script `demo`: faults planted on the accepted creators of each campaign, in order of acceptance."""

from datetime import datetime, timedelta

from sandbox.clock import desk_hours
from sandbox.incidents import SCRIPTS, Incidents
from sandbox.model import Creator, SandboxError
from sandbox.people.deals import Deal

FAULT_OF_RANK = {2: "late", 3: "undisclosed", 4: "wrong_link"}
OUTAGE_AFTER = timedelta(days=3)
"""The outage begins on the fourth day of the flight."""
OUTAGE_LASTS = timedelta(hours=36)


class DemoScript:
    """Plants nothing while its name is `none`."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents
        self.name = "none"

    def choose(self, name: str) -> None:
        """SandboxError: no such script."""
        if name not in SCRIPTS:
            raise SandboxError(f"No script {name}; there are {', '.join(SCRIPTS)}")
        self.name = name

    @property
    def is_demo(self) -> bool:
        return self.name == "demo"

    def on_acceptance(self, deal: Deal, creator: Creator, now: datetime) -> str:
        """Fault to be planted on the deal; with the first acceptance the landing page there is planned to fail.

        The flight is what the offer said; briefs name the shorter window of the single post.
        """
        if not self.is_demo:
            return ""
        if deal.acceptance_rank == 1:
            flight_from = deal.window[0] if deal.window else now
            wanted = max(flight_from + OUTAGE_AFTER, now + timedelta(hours=1))
            begins = desk_hours(wanted, wanted)[0]
            self._incidents.start("landing", creator.market, "outage", begins, begins + OUTAGE_LASTS, scripted=True)
        return FAULT_OF_RANK.get(deal.acceptance_rank or 0, "")

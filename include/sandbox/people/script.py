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
        self._market_of: dict[str, str] = {}
        self._planned: set[str] = set()

    def choose(self, name: str) -> None:
        """SandboxError: no such script."""
        if name not in SCRIPTS:
            raise SandboxError(f"No script {name}; there are {', '.join(SCRIPTS)}")
        self.name = name

    @property
    def is_demo(self) -> bool:
        return self.name == "demo"

    def on_acceptance(self, deal: Deal, creator: Creator) -> str:
        """Fault to be planted on the deal; the first acceptance decides where the landing page will fail."""
        if not self.is_demo:
            return ""
        self._market_of.setdefault(deal.campaign, creator.market)
        return FAULT_OF_RANK.get(deal.acceptance_rank or 0, "")

    def on_window(self, deal: Deal, now: datetime) -> None:
        """The flight of a campaign is known: plan its outage, once."""
        if not self.is_demo or deal.window is None or deal.campaign in self._planned:
            return
        if deal.campaign not in self._market_of:
            return
        self._planned.add(deal.campaign)
        wanted = max(deal.window[0] + OUTAGE_AFTER, now + timedelta(hours=1))
        begins = desk_hours(wanted, wanted)[0]
        market = self._market_of[deal.campaign]
        self._incidents.start("landing", market, "outage", begins, begins + OUTAGE_LASTS, scripted=True)

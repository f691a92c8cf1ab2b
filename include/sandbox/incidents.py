"""Outages of the systems around the app store: caused by a person, or by the script."""

from dataclasses import replace
from datetime import datetime

from sandbox.model import MARKETS, SYSTEMS, Incident, SandboxError

SCRIPTS = ("demo", "none")


class Incidents:
    """All outages, past, open and to come."""

    def __init__(self) -> None:
        self.all: list[Incident] = []

    @staticmethod
    def check(system: str, market: str | None) -> None:
        """SandboxError: a system or market that does not exist."""
        if system not in SYSTEMS:
            raise SandboxError(f"No system {system}; there are {', '.join(SYSTEMS)}")
        if market is not None and market not in MARKETS:
            raise SandboxError(f"No market {market}; there are {', '.join(MARKETS)}")

    def start(
        self, system: str, market: str | None, kind: str, at: datetime, until: datetime | None = None, *, scripted: bool
    ) -> Incident:
        self.check(system, market)
        incident = Incident(len(self.all) + 1, system, market, kind, at, until, scripted)
        self.all.append(incident)
        return incident

    def end(self, system: str, market: str | None, at: datetime) -> list[Incident]:
        """End what is open at `at`; without a market in every market."""
        ended = []
        for position, incident in enumerate(self.all):
            if incident.covers(system, market, at) and (market is None or incident.market in (market, None)):
                ended.append(replace(incident, ended_at=at))
                self.all[position] = ended[-1]
        return ended

    def active(self, system: str, market: str | None, at: datetime) -> bool:
        """Whether `system` in `market` is out at `at`; without a market: anywhere."""
        return any(incident.covers(system, market, at) for incident in self.all)

    def next_boundary(self, after: datetime) -> datetime | None:
        """When a scripted outage next begins or ends."""
        boundaries = [
            instant
            for incident in self.all
            if incident.scripted
            for instant in (incident.started_at, incident.ended_at)
            if instant is not None and instant > after
        ]
        return min(boundaries, default=None)

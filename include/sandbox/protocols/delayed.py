"""Troubles that wait for a number of requests, so that something can happen in the middle of a crawl."""

import logging
from dataclasses import dataclass

from sandbox.model import SandboxError
from sandbox.world import World

log = logging.getLogger("sandbox.troubles")


@dataclass(slots=True)
class Waiting:
    """A trouble and the requests that its platform still answers before it happens."""

    kind: str
    channel_id: str
    platform: str
    requests_left: int


class DelayedTroubles:
    """In memory only: a restart of the server forgets those that still wait."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.waiting: list[Waiting] = []

    def wait(self, one: Waiting) -> None:
        """Let it happen after so many requests to its platform."""
        self.waiting.append(one)

    def count(self, system: str) -> None:
        """A request to a system comes in."""
        for one in [one for one in self.waiting if one.platform == system]:
            if one.requests_left > 0:
                one.requests_left -= 1
                continue
            self.waiting.remove(one)
            try:
                self._world.cause_trouble(one.kind, one.channel_id, one.platform)
            except SandboxError as refusal:
                log.warning("A trouble that waited does not happen: %s", refusal)

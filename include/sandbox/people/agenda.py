"""What people have planned: a queue of things to do at an instant, in a fixed order."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import desk_hours
from sandbox.hashing import pick
from sandbox.people.reading import ReadMail


@dataclass(order=True, frozen=True, slots=True)
class Task:
    """`action` is what the creator does; `deal` is the number of the agreement."""

    due: datetime
    sequence: int
    action: str = field(compare=False)
    deal: int = field(compare=False)
    mail: ReadMail | None = field(compare=False, default=None)


class Agenda:
    """Tasks by instant, then by the order in which they were planned."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._tasks: list[Task] = []
        self._planned = 0

    def plan(self, due: datetime, action: str, deal: int, mail: ReadMail | None = None) -> None:
        self._planned += 1
        heapq.heappush(self._tasks, Task(due, self._planned, action, deal, mail))

    def next_due(self) -> datetime | None:
        return self._tasks[0].due if self._tasks else None

    def take_due(self, until: datetime) -> Task | None:
        """The next task that is due up to the instant, and remove it."""
        return heapq.heappop(self._tasks) if self._tasks and self._tasks[0].due <= until else None

    def desk_hour(self, now: datetime, after_hours: float, within_hours: float, *key: object) -> datetime:
        """A desk hour between the two delays, drawn by the key."""
        hours = desk_hours(now + timedelta(hours=after_hours), now + timedelta(hours=within_hours))
        return pick(hours, self._seed, "desk-hour", *key)

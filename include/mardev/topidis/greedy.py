"""Growing a plan creator by creator under a budget and a head count."""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mardev.topidis.unique_reach import GrowingReach, ReachModel


@dataclass(frozen=True)
class Candidate:
    """A channel that could carry the message, with what it would cost.

    Attributes
    ----------
    audience : people expected to see the placement, counted once each
    price : of one placement, in the currency of the budget
    influence : score of the graph run; orders the approach (big fish first)
    vertical : name of its community
    endorser_count : channels of its vertical that endorse it
    vertical_size : channels found in its vertical
    """

    channel_key: str
    title: str
    market: str
    audience: float
    price: Decimal
    influence: float
    vertical: str = ""
    endorser_count: int = 0
    vertical_size: int = 0


class GrowingPlan:
    """Chosen creators with the money and the places they leave."""

    def __init__(self, reach: ReachModel, budget: Decimal, head_count: int) -> None:
        self.reach = reach
        self.budget = budget
        self.head_count = head_count
        self.members: list[Candidate] = []
        self.reached: GrowingReach = reach.start()
        self.spent = Decimal(0)

    def copy(self) -> "GrowingPlan":
        other = GrowingPlan(self.reach, self.budget, self.head_count)
        for member in self.members:
            other.add(member)
        return other

    def has_room_for(self, candidate: Candidate) -> bool:
        return len(self.members) < self.head_count and self.spent + candidate.price <= self.budget

    def add(self, candidate: Candidate) -> None:
        self.members.append(candidate)
        self.reached.add(candidate.channel_key)
        self.spent += candidate.price

    def fill(self, pool: Sequence[Candidate], score: Callable[[float, Candidate], float]) -> None:
        """Lazy greedy: a stale score is an upper bound, so only the top of the heap is computed anew."""
        members = {member.channel_key for member in self.members}
        heap = [
            (-score(self.reached.gain(c.channel_key), c), c.channel_key, len(self.members), c)
            for c in pool
            if c.channel_key not in members
        ]
        heapq.heapify(heap)
        while heap and len(self.members) < self.head_count:
            _, key, as_of, candidate = heapq.heappop(heap)
            if not self.has_room_for(candidate):
                continue
            if as_of < len(self.members):
                gain = self.reached.gain(key)
                heapq.heappush(heap, (-score(gain, candidate), key, len(self.members), candidate))
            elif self.reached.gain(key) > 0:
                self.add(candidate)


def per_price(deal_cost: float) -> Callable[[float, Candidate], float]:
    if math.isinf(deal_cost):
        return lambda gain, _: gain
    return lambda gain, candidate: gain / max(float(candidate.price) + deal_cost, 1e-9)

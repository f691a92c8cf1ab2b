"""Whose names carry weight with a creator: whom they follow, and who is known to everybody in their community."""

from dataclasses import dataclass

from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.model import Creator

SHORTEST_NAME = 5
"""Shorter titles would be found inside other words."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Finds names of creators in a text."""

    population: Population
    graph: FollowGraph

    def names_known(self, creator: Creator, text: str) -> int:
        """How many creators the text names whom this one follows, or who are hubs of the same community."""
        named = {other.number for other in self.population.creators if _is_named(other, text)} - {creator.number}
        if not named:
            return 0
        followed = {int(target) for target in self.graph.follows(creator.number).targets}
        community = creator.traits.community
        hubs = {
            number
            for number in named
            if (traits := self.population.creators[number].traits).is_hub and traits.community == community
        }
        return len(hubs | named & followed)


def _is_named(creator: Creator, text: str) -> bool:
    return (len(creator.name) >= SHORTEST_NAME and creator.name in text) or f"@{creator.handle}" in text

"""Whose names carry weight with a creator: whom they follow, and who is known to everybody in their community."""

import re
from dataclasses import dataclass

from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.model import Creator


@dataclass(slots=True)
class Acquaintance:
    """Finds names of creators in a text."""

    population: Population
    graph: FollowGraph
    _pattern: re.Pattern[str] | None = None

    def names_known(self, creator: Creator, text: str) -> int:
        """How many creators the text names whom this one follows, or who are hubs of the same community."""
        named = {self._number(found) for found in self._compiled().findall(text)} - {creator.number}
        followed = {int(target) for target in self.graph.follows(creator.number).targets}
        return sum(
            number in followed
            or (
                self.population.creators[number].traits.is_hub
                and self.population.creators[number].traits.community == creator.traits.community
            )
            for number in named
        )

    def _compiled(self) -> re.Pattern[str]:
        if self._pattern is None:
            names = [creator.name for creator in self.population.creators if len(creator.name) > 4]
            handles = [f"@{creator.handle}" for creator in self.population.creators]
            longest_first = sorted({*names, *handles}, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern

    def _number(self, found: str) -> int:
        if found.startswith("@"):
            return self.population.by_handle[found[1:]]
        return next(creator.number for creator in self.population.creators if creator.name == found)

"""What a graph run knows of each rank: between which places it lies, its parts, and its place in smaller groups."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.domain.words import tier_of
from mardev.stages.lookups import Row
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.topidis.graph import FollowGraph, IntArray
    from mardev.topidis.rank_intervals import RankIntervals

PARTITIONS = 3
STABILITY_REPLICATES = 40


@dataclass(frozen=True)
class RankEvidence:
    """What the warehouse knows beside the graph."""

    read: Set[str]
    """Channels whose list of follows was read; what the others follow is hidden, or not come to yet."""
    subscribers: Mapping[str, int | None]
    """By channel; None where hidden."""


class RankMeasures:
    """Intervals, score and group places of the n channels of a graph, in their order.

    Args:
        graph: what was seen.
        communities: (n,) vertical of each channel.
        channels: rows with `country` and `language`.
        evidence: whose lists were read, and sizes for the tiers.
        damping: of PageRank.
        seed: the same seed gives the same figures.
    """

    def __init__(
        self,
        graph: "FollowGraph",
        communities: "IntArray",
        channels: Sequence[Row],
        evidence: RankEvidence,
        *,
        damping: float,
        seed: int,
    ) -> None:
        import numpy as np

        from mardev.topidis.influence_score import influence_score
        from mardev.topidis.rank_intervals import REPLICATES

        self._damping, self._seed = damping, seed
        self._unread = np.array([key not in evidence.read for key in graph.nodes], dtype=bool)
        self.intervals = self._rank(graph, REPLICATES)
        self._score = influence_score(graph, self.intervals.influence, communities, seed=seed)
        self._best, self._worst = self.intervals.bounds
        self.quality = self._quality(graph)
        self._group_ranks: list[dict[str, dict[str, Any]]] = [{} for _ in channels]
        tiers = [_tier(evidence.subscribers.get(key)) for key in graph.nodes]
        self._rank_within("vertical", communities.tolist())
        self._rank_within("country", [channel["country"] for channel in channels])
        self._rank_within("language", [channel["language"] for channel in channels])
        self._rank_within("tier", tiers)

    def columns(self, number: int) -> dict[str, Any]:
        """The columns of `core.channel_rank` that say how sure a rank is and what it is made of."""
        return {
            "rank_best": int(self._best[number]),
            "rank_worst": int(self._worst[number]),
            "score": round(float(self._score.score[number]), 1),
            "score_parts": {key: round(float(part[number]), 1) for key, part in self._score.parts.items()},
            "group_ranks": self._group_ranks[number],
        }

    def _rank(self, graph: "FollowGraph", replicates: int) -> "RankIntervals":
        from mardev.topidis.rank_intervals import rank_intervals
        from mardev.topidis.verticals import find_communities

        partitions = [find_communities(graph, seed=self._seed + number).labels for number in range(PARTITIONS)]
        return rank_intervals(
            graph, self._unread, partitions, seed=self._seed, replicates=replicates, damping=self._damping
        )

    def _rank_within(self, group: str, values: Sequence[Any]) -> None:
        import numpy as np

        members: dict[Any, list[int]] = {}
        for number, value in enumerate(values):
            if value is not None:
                members.setdefault(value, []).append(number)
        for value, numbers in members.items():
            places = self.intervals.among(np.array(numbers))
            for number, rank, best, worst in zip(numbers, *(side.tolist() for side in places), strict=True):
                self._group_ranks[number][group] = {
                    "of": value, "rank": rank, "best": best, "worst": worst, "among": len(numbers)
                }  # fmt: skip

    def _quality(self, graph: "FollowGraph") -> dict[str, Any]:
        import numpy as np

        from mardev.topidis.influence_score import PARTS
        from mardev.topidis.rank_intervals import separable_pairs
        from mardev.topidis.rank_stability import rank_stability

        n = graph.node_count
        is_separable = separable_pairs(self.intervals)[2]
        stability = rank_stability(
            graph, self.intervals, lambda fewer: self._rank(fewer, STABILITY_REPLICATES), seed=self._seed
        )
        return {
            "level": self.intervals.level,
            "replicates": len(self.intervals.scores),
            "unread_list_share": _share(self._unread.mean()) if n else 0.0,
            "median_interval_share": _share(np.median((self._worst - self._best) / n)) if n else 0.0,
            "separable_pair_share": _share(is_separable.mean()) if len(is_separable) else 0.0,
            "stability": {name: _share(value) for name, value in asdict(stability).items()},
            "score_shares": {part.key: part.share for part in PARTS},
        }


def rank_evidence(connection: sa.Connection, world: str) -> RankEvidence:
    """Read lists and sizes of all channels of a world."""
    listing, latest = tables.follow_list, tables.channel_latest
    read = connection.execute(
        sa.select(listing.c.channel_key).where(listing.c.world == world, listing.c.state == "read")
    ).scalars()
    sizes = connection.execute(sa.select(latest.c.channel_key, latest.c.subscribers))
    return RankEvidence(set(read), {key: subscribers for key, subscribers in sizes})


def _tier(subscribers: int | None) -> str | None:
    return None if subscribers is None else str(tier_of(subscribers))


def _share(value: Any) -> float:
    return round(float(value), 4)

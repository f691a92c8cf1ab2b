"""What the ranks promise, scored against the truth of the frozen world, and of other worlds of the same kind.

The product sees only what a crawl sees: follows of open lists, and who hides the list. The truth (the rank on the
complete graph) is read here alone, after the intervals are computed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from benchmarks import standard_world
from benchmarks.standard_world import StandardWorld
from mardev.topidis.graph import FollowGraph
from mardev.topidis.influence import rank_by_influence, rank_numbers
from mardev.topidis.rank_intervals import LEVEL, RankIntervals, rank_intervals, separable_pairs
from mardev.topidis.verticals import find_communities
from sandbox.economy.creators import populate
from sandbox.economy.graph import FollowGraph as TrueFollows
from sandbox.economy.shape import Shape

SEED = 7
PARTITIONS = 5
OTHER_SEEDS = (1, 2, 3, 4)
DELETED_SHARE = 0.2
DELETIONS = 3
ORACLE_DRAWS = 100
EVERY_PAIR = 2_000_000
TARGETS: dict[str, tuple[str, float]] = {
    "rank_interval_coverage": (">=", 0.85),
    "rank_interval_median_width_share": ("<=", 0.15),
    "separable_pair_share": (">=", 0.5),
    "separable_flip_share": ("<=", 0.05),
}

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class RankFigures:
    """How well the ranks of one world kept their promise; shares in [0, 1]."""

    coverage: float
    """Creators whose true rank lies inside the interval."""
    median_width: float
    """Worst less best place, as a share of the ranking."""
    separable: float
    """Pairs of which the order is claimed."""
    flipped: float
    """Of those, pairs whose order turns round when a fifth of the seen edges is deleted; mean over the deletions."""
    wrong: float
    """Of those, pairs that are truly the other way round."""
    correlation: float
    """Between estimated and true rank (Spearman)."""
    correlation_as_seen: float
    """The same for the plain rank on what was seen."""


def run(progress: Progress) -> dict[str, Any]:
    """Figures and targets for ``python -m benchmarks topidis_ranks``."""
    progress("ranks of the frozen world and of others", 0.0)
    found = figures()
    return {
        "name": "topidis_ranks",
        "figures": found,
        "targets": {name: list(target) for name, target in TARGETS.items()},
        "met": all(found[name] >= limit if sign == ">=" else found[name] <= limit
                   for name, (sign, limit) in TARGETS.items()),
        "context": {"level": LEVEL, "other_worlds": list(OTHER_SEEDS)},
    }  # fmt: skip


def figures() -> dict[str, float]:
    """Those of the frozen world, then what to read them against: other worlds, and the best that is possible."""
    world = standard_world.load()
    frozen = score(world)
    found = {
        "rank_interval_coverage": frozen.coverage,
        "rank_interval_median_width_share": frozen.median_width,
        "separable_pair_share": frozen.separable,
        "separable_flip_share": frozen.flipped,
        "separable_wrong_share": frozen.wrong,
        "rank_correlation": frozen.correlation,
        "rank_correlation_as_seen": frozen.correlation_as_seen,
    }
    for seed in OTHER_SEEDS:
        other = score(standard_world.load(seed=seed), deletions=1)
        found[f"rank_interval_coverage_of_world_{seed}"] = other.coverage
        found[f"rank_interval_median_width_share_of_world_{seed}"] = other.median_width
        found[f"separable_pair_share_of_world_{seed}"] = other.separable
        found[f"separable_flip_share_of_world_{seed}"] = other.flipped
    return found | {f"narrowest_possible_{name}": value for name, value in oracle(world).items()}


def score(world: StandardWorld, *, deletions: int = DELETIONS) -> RankFigures:
    """Estimate from what was seen, then compare with the truth."""
    n = len(world.nodes)
    estimate = estimate_ranks(world, world.observed.source, world.observed.target)
    first, second, is_separable = separable_pairs(estimate, most_pairs=EVERY_PAIR)
    flips = []
    for deletion in range(deletions):
        kept = np.random.default_rng(deletion).random(len(world.observed.source)) >= DELETED_SHARE
        thinned = estimate_ranks(world, world.observed.source[kept], world.observed.target[kept])
        flips.append((thinned.rank[first] > thinned.rank[second])[is_separable].mean())
    best, worst = estimate.bounds
    truth = true_ranks(world)
    seen = rank_numbers(rank_by_influence(FollowGraph.from_arrays(world.nodes, *world.observed)))
    return RankFigures(
        coverage=float(((best <= truth) & (truth <= worst)).mean()),
        median_width=float(np.median((worst - best) / n)),
        separable=float(is_separable.mean()),
        flipped=float(np.mean(flips)),
        wrong=float((truth[first] > truth[second])[is_separable].mean()),
        correlation=float(np.corrcoef(estimate.rank, truth)[0, 1]),
        correlation_as_seen=float(np.corrcoef(seen, truth)[0, 1]),
    )


def estimate_ranks(world: StandardWorld, source: np.ndarray, target: np.ndarray) -> RankIntervals:
    """The product's own intervals on these edges."""
    graph = FollowGraph.from_arrays(world.nodes, source, target)
    partitions = [find_communities(graph, seed=SEED + number).labels for number in range(PARTITIONS)]
    return rank_intervals(graph, world.hidden, partitions, seed=SEED)


def true_ranks(world: StandardWorld) -> np.ndarray:
    """(n,) place on the complete graph."""
    return rank_numbers(rank_by_influence(FollowGraph.from_arrays(world.nodes, *world.edges)))


def oracle(world: StandardWorld, draws: int = ORACLE_DRAWS) -> dict[str, float]:
    """The narrowest intervals of this level that anybody could give who has not seen the hidden lists themselves.

    The observer knows the generator, all its parameters and every creator's true attraction; only the dice of
    the hidden lists are thrown anew. What is left is chance, which no method can remove.
    """
    parameters = world.parameters
    start = datetime.fromisoformat(parameters["start"])
    shape = Shape(**(parameters["shape"] | {"vertical_keys": tuple(parameters["shape"]["vertical_keys"])}))
    population = populate(parameters["seed"], parameters["creators"], start, shape)
    n, hidden = len(world.nodes), np.flatnonzero(world.hidden)
    scores = np.empty((draws, n), dtype=np.float32)
    for draw in range(draws):
        again = TrueFollows(1_000_000 + draw, population, start, shape)
        lists = [again.follows(int(creator)) for creator in hidden]
        begun = [follows.targets[follows.since_seconds <= 0] for follows in lists]
        source = np.concatenate([world.observed.source, np.repeat(hidden, [len(targets) for targets in begun])])
        graph = FollowGraph.from_arrays(world.nodes, source, np.concatenate([world.observed.target, *begun]))
        scores[draw] = rank_by_influence(graph, tolerance=1e-6)
    intervals = RankIntervals(scores, LEVEL)
    best, worst = intervals.bounds
    truth = true_ranks(world)
    return {
        "coverage": round(float(((best <= truth) & (truth <= worst)).mean()), 4),
        "median_width_share": round(float(np.median((worst - best) / n)), 4),
        "separable_pair_share": round(float(separable_pairs(intervals, most_pairs=EVERY_PAIR)[2].mean()), 4),
    }

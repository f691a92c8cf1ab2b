"""What a child process of `benchmarks.graph` does: ``python -m benchmarks.graph_jobs LIBRARY JOB ARRAYS VECTOR``.

Reads the same int64 arrays, imports the library and warms it up on a tiny graph, then takes the time of one job. Prints
one JSON object: seconds of each step, peak memory of the process in MB, and what was found; PageRank goes to VECTOR.
"""

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

THREADS = 2
DAMPING, TOLERANCE = 0.85, 1e-9
SEED = 7


class Clock:
    """Seconds of named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began


Answer = tuple[np.ndarray, dict[str, Any]]


def ours_pagerank(source: np.ndarray, target: np.ndarray, n: int, clock: Clock) -> Answer:
    from mardev.topidis.flow import edge_blocks
    from mardev.topidis.influence import pagerank

    with clock.step("build"):
        flow = edge_blocks(source, target, n, threads=THREADS)
    with clock.step("pagerank"):
        score = pagerank(flow, damping=DAMPING, tolerance=TOLERANCE)
    return score, {}


def networkx_pagerank(source: np.ndarray, target: np.ndarray, n: int, clock: Clock) -> Answer:
    import networkx

    with clock.step("build"):
        graph = networkx.DiGraph()
        graph.add_nodes_from(range(n))
        graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    with clock.step("pagerank"):
        # networkx stops at a total change of n * tol.
        score = networkx.pagerank(graph, alpha=DAMPING, tol=TOLERANCE / n, max_iter=1000)
    return np.array([score[node] for node in range(n)]), {}


def ours_job(source: np.ndarray, target: np.ndarray, n: int, clock: Clock) -> Answer:
    from mardev.topidis.centrality import components, core_numbers, hits
    from mardev.topidis.flow import edge_blocks
    from mardev.topidis.graph import FollowGraph
    from mardev.topidis.influence import pagerank
    from mardev.topidis.verticals import find_communities

    with clock.step("build"):
        graph = FollowGraph.from_arrays(map(str, range(n)), source, target)
        flow = edge_blocks(graph.source, graph.target, n, threads=THREADS)
    with clock.step("pagerank"):
        score = pagerank(flow, damping=DAMPING, tolerance=TOLERANCE)
    with clock.step("hits"):
        hits(flow)
    del flow, source, target
    with clock.step("cores"):
        cores = core_numbers(graph)
    with clock.step("components"):
        parts = components(graph)
    with clock.step("communities"):
        found = find_communities(graph, seed=SEED)
    return score, _found(cores.max(), parts.weak_count, parts.strong_count, found.modularity, found.community_count)


def igraph_job(source: np.ndarray, target: np.ndarray, n: int, clock: Clock) -> Answer:
    import igraph

    with clock.step("build"):
        graph = igraph.Graph(n=n, edges=np.column_stack((source, target)), directed=True)
    with clock.step("pagerank"):
        score = np.array(graph.pagerank(damping=DAMPING))
    with clock.step("hits"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that many scores are zero, which they are
        graph.hub_score()
        graph.authority_score()
    with clock.step("cores"):
        pairs = graph.as_undirected(mode="collapse", combine_edges=None)
        cores = pairs.coreness()
    with clock.step("components"):
        weak = graph.connected_components(mode="weak")
        strong = graph.connected_components(mode="strong")
    with clock.step("communities"):
        found = pairs.community_leiden(objective_function="modularity", n_iterations=2)
    return score, _found(max(cores), len(weak), len(strong), found.modularity, len(found))


def ours_layout(source: np.ndarray, target: np.ndarray, n: int, clock: Clock) -> Answer:
    from mardev.topidis.graph import FollowGraph
    from mardev.topidis.influence import rank_by_influence
    from mardev.topidis.layout import lay_out_by_level
    from mardev.topidis.verticals import find_communities

    graph = FollowGraph.from_arrays(map(str, range(n)), source, target)
    score = rank_by_influence(graph, threads=THREADS)
    labels = find_communities(graph, seed=SEED).labels
    with clock.step("layout"):
        lay_out_by_level(graph, labels, score, seed=SEED)
    return score, {}


def _found(core: int, weak: int, strong: int, modularity: float, communities: int) -> dict[str, Any]:
    return {
        "deepest_core": int(core),
        "weak_components": weak,
        "strong_components": strong,
        "modularity": round(float(modularity), 4),
        "community_count": communities,
    }


JOBS: dict[str, Callable[[np.ndarray, np.ndarray, int, Clock], Answer]] = {
    "ours_pagerank": ours_pagerank,
    "networkx_pagerank": networkx_pagerank,
    "ours_job": ours_job,
    "igraph_job": igraph_job,
    "ours_layout": ours_layout,
}


def main() -> None:
    job, arrays, vector = JOBS[sys.argv[1]], np.load(sys.argv[2]), Path(sys.argv[3])
    source, target, n = arrays["source"], arrays["target"], int(arrays["n"])
    random = np.random.default_rng(SEED)
    small = random.integers(0, 2_000, (2, 8_000))
    small = np.unique(small[:, small[0] != small[1]], axis=1)
    began = time.perf_counter()
    job(small[0], small[1], 2_000, Clock())
    first_call_seconds = time.perf_counter() - began
    clock = Clock()
    score, found = job(source, target, n, clock)
    np.save(vector, score)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {"steps": clock.seconds, "peak_mb": peak_mb, "first_call_seconds": first_call_seconds, "found": found}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()

"""How fast the graph engine is beside NetworkX and igraph: Epinions, and a graph of a million channels.

Every job runs in a child process of its own, from the same int64 arrays, in turns; imports and a warm-up on a tiny
graph (which also loads compiled code) come before the clock. Ratios are of the medians. igraph is under the GPL and
comes with the optional extra `bench`; without it the figures that need it are null and the context says so.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from mardev.settings import PROJECT_ROOT

EPINIONS = PROJECT_ROOT.parent / "shared" / "data" / "epinions" / "soc-Epinions1.txt.gz"
MILLION, TEN_MILLION, COMMUNITIES, SEED = 1_000_000, 10_000_000, 500, 7
EPINIONS_TURNS, MILLION_TURNS = 5, 1
TARGETS: dict[str, tuple[str, float]] = {
    "epinions_pagerank_ratio_networkx": (">=", 15),
    "million_pagerank_ratio_networkx": (">=", 40),
    "epinions_job_ratio_igraph": (">=", 1),
    "million_job_ratio_igraph": (">=", 1),
    "million_peak_mb": ("<=", 2048),
    "million_layout_seconds": ("<=", 180),
    "pagerank_l1_error": ("<=", 1e-6),
}
IGRAPH_MISSING = "igraph is not installed, so nothing was compared with it: install the project's extra `bench`"
EPINIONS_MISSING = f"{EPINIONS.name} is not at {EPINIONS.parent}, so nothing was measured on it"

Progress = Callable[[str, float], None]
"""What is going on, and which share of the whole is done."""


def run(progress: Progress) -> dict[str, Any]:
    """Measure, and say what was met. Takes many minutes and up to 5 GB, most of both for NetworkX."""
    notes: list[str] = [] if find_spec("igraph") else [IGRAPH_MISSING]
    figures: dict[str, float | None] = dict.fromkeys(TARGETS)
    details: dict[str, Any] = {}
    errors: list[float] = []
    with tempfile.TemporaryDirectory(prefix="mardev-bench-") as folder:
        table = Table(Path(folder), progress)
        if EPINIONS.is_file():
            table.measure("epinions", *read_epinions(), EPINIONS_TURNS)
        else:
            notes.append(EPINIONS_MISSING)
        table.measure("million", *million_graph(), MILLION_TURNS)
        for name, runs in table.runs.items():
            figures[f"{name}_pagerank_ratio_networkx"] = _ratio(runs, "networkx_pagerank", "ours_pagerank")
            figures[f"{name}_job_ratio_igraph"] = _ratio(runs, "igraph_job", "ours_job")
            errors += table.errors[name]
            details[name] = {job: _told(answers) for job, answers in runs.items()}
        of_million = table.runs["million"]
        figures["million_peak_mb"] = max(answer["peak_mb"] for answer in of_million["ours_job"])
        figures["million_layout_seconds"] = table.layout_seconds
        figures["pagerank_l1_error"] = max(errors)
    return {
        "name": "graph",
        "figures": figures,
        "targets": {name: list(target) for name, target in TARGETS.items()},
        "met": all(_is_met(figures[name], *target) for name, target in TARGETS.items()),
        "context": {"notes": notes, "seconds": details, "peers": _versions("networkx", "igraph", "networkit", "numba")},
    }


class Table:
    """Answers of the child processes, by graph and job."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder, self._progress = folder, progress
        self.runs: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.errors: dict[str, list[float]] = {}
        self.layout_seconds: float | None = None

    def measure(self, name: str, source: np.ndarray, target: np.ndarray, n: int, turns: int) -> None:
        """Run all jobs on a graph, in turns."""
        arrays = self._folder / f"{name}.npz"
        np.savez(arrays, source=source, target=target, n=n)
        jobs = ["ours_pagerank", "networkx_pagerank", "ours_job", *(["igraph_job"] if find_spec("igraph") else [])]
        runs: dict[str, list[dict[str, Any]]] = {job: [] for job in jobs}
        self.runs[name], self.errors[name] = runs, []
        for turn in range(turns):
            for number, job in enumerate(jobs):
                self._progress(f"{name}: {job}, turn {turn + 1} of {turns}", (turn + number / len(jobs)) / turns)
                runs[job].append(self._child(job, arrays))
            ours, theirs = (np.load(self._folder / f"{job}.npy") for job in jobs[:2])
            self.errors[name].append(float(np.abs(ours - theirs).sum()))
        if name == "million":
            self._progress("million: layout", 0.99)
            self.layout_seconds = self._child("ours_layout", arrays)["steps"]["layout"]

    def _child(self, job: str, arrays: Path) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.graph_jobs", job, str(arrays), str(self._folder / f"{job}.npy")]
        finished = subprocess.run(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True, check=True)
        answer: dict[str, Any] = json.loads(finished.stdout)
        return answer


def read_epinions() -> tuple[np.ndarray, np.ndarray, int]:
    """Who trusts whom: sources, targets, number of nodes; self-loops left out."""
    with gzip.open(EPINIONS) as file:
        pairs = np.loadtxt(file, dtype=np.int64)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return pairs[:, 0].copy(), pairs[:, 1].copy(), int(pairs.max()) + 1


def million_graph(
    n: int = MILLION, m: int = TEN_MILLION, communities: int = COMMUNITIES
) -> tuple[np.ndarray, np.ndarray, int]:
    """Distinct edges in random order: 60 % inside planted communities, targets drawn by a Pareto attraction."""
    random = np.random.default_rng(SEED)
    community = random.integers(0, communities, n)
    members = np.argsort(community, kind="stable")
    first = np.searchsorted(community[members], np.arange(communities + 1))
    attraction = random.pareto(1.5, n) + 1
    upto = np.concatenate([[0.0], np.cumsum(attraction[members])])
    source = random.integers(0, n, m + m // 10)
    begin, end = np.zeros(len(source)), np.full(len(source), upto[-1])
    at_home = random.random(len(source)) < 0.6
    begin[at_home] = upto[first[community[source[at_home]]]]
    end[at_home] = upto[first[community[source[at_home]] + 1]]
    place = np.searchsorted(upto, begin + random.random(len(source)) * (end - begin), side="right") - 1
    target = members[np.minimum(place, n - 1)]
    code = np.unique((source * n + target)[source != target])
    code = random.permutation(code)[:m]
    return code // n, code % n, n


def _ratio(runs: dict[str, list[dict[str, Any]]], slow: str, fast: str) -> float | None:
    if slow not in runs:
        return None
    return median(map(_seconds, runs[slow])) / median(map(_seconds, runs[fast]))


def _seconds(answer: dict[str, Any]) -> float:
    return float(sum(answer["steps"].values()))


def _told(answers: list[dict[str, Any]]) -> dict[str, Any]:
    middle = sorted(answers, key=_seconds)[len(answers) // 2]
    steps = {step: round(seconds, 3) for step, seconds in middle["steps"].items()}
    return {
        "seconds": round(_seconds(middle), 3),
        **steps,
        "peak_mb": round(middle["peak_mb"]),
        "first_call_seconds": round(max(answer["first_call_seconds"] for answer in answers), 2),
        **middle["found"],
    }


def _is_met(figure: float | None, operator: str, limit: float) -> bool:
    if figure is None:
        return False
    return figure >= limit if operator == ">=" else figure <= limit


def _versions(*names: str) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found

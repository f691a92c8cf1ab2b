"""One whole iteration in a real Airflow, beside a skeleton of the same DAGs with nothing inside.

The ratio of the two says how much of an iteration is our work and how much Airflow's: both are run on the same machine,
one after the other, in copies of the project with homes of their own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.project_copy import copy_project
from benchmarks.skeleton_files import write_skeleton

PAIRS = 3
TARGETS = {"ratio_to_skeleton": ["<=", 1.5], "tasks": ["<=", 150]}
Progress = Callable[[str, float], None]
"""What is going on, and which share of the whole is done."""


def run(progress: Progress) -> dict[str, Any]:
    """Run three pairs, live and skeleton first by turns; the first live one gives the skeletons their trace."""
    base = Path(tempfile.mkdtemp(prefix="mardev-bench-"))
    base.chmod(0o711)  # PostgreSQL runs as another user
    found: dict[str, list[dict[str, Any]]] = {"live": [], "skeleton": []}
    try:
        pythons = {"live": copy_project(base / "live"), "skeleton": copy_project(base / "skeleton")}
        live_dags = base / "skeleton" / "dags"
        live_dags.rename(base / "skeleton" / "live_dags")
        write_skeleton(base / "skeleton" / "live_dags", live_dags)
        trace = base / "trace.json"
        for number in range(PAIRS):
            order = ("live", "skeleton") if number % 2 == 0 else ("skeleton", "live")
            for place, kind in enumerate(order):
                progress(f"pair {number + 1} of {PAIRS}: {kind}", (2 * number + place) / (2 * PAIRS))
                found[kind].append(_run_once(pythons[kind], base / kind, base / f"home-{number}-{kind}", kind, trace))
                if not trace.exists():
                    trace.write_text(json.dumps(found["live"][0]["trace"]))
    finally:
        shutil.rmtree(base, ignore_errors=True)
    progress("done", 1.0)
    return _content(found["live"], found["skeleton"])


def _run_once(python: Path, project: Path, home: Path, kind: str, trace: Path) -> dict[str, Any]:
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(python), "-m", "benchmarks.iteration_runs", kind, str(trace)],
        cwd=project,
        env=environment | {"MARDEV_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The {kind} iteration did not run to its end (exit code {done.returncode}).")
    shutil.rmtree(home, ignore_errors=True)
    measured: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{kind}: {measured['wall_seconds']:.1f} s", file=sys.stderr)
    return measured


def _content(live: list[dict[str, Any]], skeleton: list[dict[str, Any]]) -> dict[str, Any]:
    ratios = [one["wall_seconds"] / other["wall_seconds"] for one, other in zip(live, skeleton, strict=True)]
    middle = sorted(live, key=lambda one: one["wall_seconds"])[len(live) // 2]
    figures = {
        "wall_seconds": round(middle["wall_seconds"], 1),
        "cpu_seconds": round(middle["cpu_seconds"], 1),
        "tasks": middle["tasks"],
        "overhead_seconds": round(middle["overhead_seconds"], 1),
        "ratio_to_skeleton": round(statistics.median(ratios), 3),
        "ratio_lowest": round(min(ratios), 3),
        "ratio_highest": round(max(ratios), 3),
        "skeleton_seconds": round(statistics.median(one["wall_seconds"] for one in skeleton), 1),
        "skeleton_tasks": skeleton[0]["tasks"],
        "world_steps": middle["world_steps"],
        "placements": middle["placements"],
    }
    return {
        "name": "iteration",
        "figures": figures,
        "targets": TARGETS,
        "met": figures["ratio_to_skeleton"] <= TARGETS["ratio_to_skeleton"][1]
        and figures["tasks"] <= TARGETS["tasks"][1],
        "context": {"data": "sandbox world of 1,500 creators, seed 7; three markets, 20 wanted placements, 14 days"},
    }

"""How long it takes to read all DAG files, in an interpreter of its own as every task has one."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from typing import Any

from mardev.settings import PROJECT_ROOT

ROUNDS = 3
HEAVY = ("pandas", "networkx", "networkit", "numba", "scipy", "great_expectations", "matplotlib", "googleapiclient")
TARGETS = {"heavy_libraries_imported": ["==", 0], "import_errors": ["==", 0]}

Progress = Callable[[str, float], None]
"""What is going on, and which share of the whole is done."""

CHILD = """
import json, os, sys, time
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
started = time.perf_counter()
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
seconds = time.perf_counter() - started
heavy = [name for name in sys.argv[1:] if name in sys.modules]
print(json.dumps({"seconds": seconds, "heavy": heavy, "dags": len(bag.dags), "errors": sorted(bag.import_errors)}))
"""


def run(progress: Progress) -> dict[str, Any]:
    """Parse all DAGs in fresh interpreters and take the median (wall; Airflow itself was imported before)."""
    rounds = []
    for number in range(ROUNDS):
        progress(f"all DAGs are read, round {number + 1} of {ROUNDS}", number / ROUNDS)
        rounds.append(parse_once())
    progress("done", 1.0)
    middle = sorted(rounds, key=lambda found: found["seconds"])[ROUNDS // 2]
    figures = {
        "seconds": round(middle["seconds"], 3),
        "heavy_libraries_imported": len(middle["heavy"]),
        "dags": middle["dags"],
        "import_errors": len(middle["errors"]),
    }
    return {
        "name": "parse",
        "figures": figures,
        "targets": TARGETS,
        "met": figures["heavy_libraries_imported"] == 0 and figures["import_errors"] == 0,
        "context": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "airflow": metadata.version("apache-airflow"),
            "data": f"{middle['dags']} DAG files of this checkout",
        },
    }


def parse_once() -> dict[str, Any]:
    """One fresh interpreter: seconds, names of heavy libraries found, DAGs, files with import errors."""
    with tempfile.TemporaryDirectory(prefix="mardev-parse-") as home:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")},
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": home,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "PYTHONPATH": str(PROJECT_ROOT / "include"),
        }
        done = subprocess.run(
            [sys.executable, "-c", CHILD, *HEAVY], env=environment, capture_output=True, text=True, check=True
        )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(run(lambda step, share: print(f"{share:4.0%} {step}", file=sys.stderr)), indent=2))

"""Every task reads its DAG file anew, and with it the modules of its stage: the files stay light."""

import json
import os
import subprocess
import sys

from mardev.settings import PROJECT_ROOT

HEAVY = (
    "numpy",
    "pandas",
    "networkx",
    "networkit",
    "numba",
    "scipy",
    "great_expectations",
    "matplotlib",
    "googleapiclient",
)
CHILD = """
import json, os, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
print(json.dumps([sorted(bag.dags), [name for name in sys.argv[1:] if name in sys.modules]]))
"""
STAGES_CHILD = """
import importlib, json, pkgutil, sys
import mardev.stages
names = [module.name for module in pkgutil.walk_packages(mardev.stages.__path__, "mardev.stages.")]
for name in names:
    importlib.import_module(name)
print(json.dumps([names, [name for name in sys.argv[1:] if name in sys.modules]]))
"""


def test_importing_the_stages_imports_nothing_heavy():
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT / "include")}
    done = subprocess.run(
        [sys.executable, "-c", STAGES_CHILD, *HEAVY], env=environment, capture_output=True, text=True, check=True
    )
    stages, heavy = json.loads(done.stdout.strip().splitlines()[-1])
    assert "mardev.stages.plan.candidates" in stages
    assert heavy == []


def test_reading_the_dag_files_imports_nothing_heavy(tmp_path):
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")},
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(tmp_path),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": str(PROJECT_ROOT / "include"),
    }
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *HEAVY], env=environment, capture_output=True, text=True, check=True
    )
    dags, heavy = json.loads(done.stdout.strip().splitlines()[-1])
    assert len(dags) == len(list((PROJECT_ROOT / "dags").glob("*.py")))
    assert heavy == []

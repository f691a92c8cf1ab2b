"""Every task reads its DAG file anew: the files stay light."""

import json
import os
import subprocess
import sys

from mardev.settings import PROJECT_ROOT

HEAVY = ("pandas", "networkx", "networkit", "numba", "scipy", "great_expectations", "matplotlib", "googleapiclient")
CHILD = """
import json, os, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
print(json.dumps([sorted(bag.dags), [name for name in sys.argv[1:] if name in sys.modules]]))
"""


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

"""The DAG files, parsed once."""

import os
import tempfile

import pytest

from mardev.settings import PROJECT_ROOT

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="mardev-dags-"))
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(PROJECT_ROOT / "dags")


@pytest.fixture(scope="session")
def bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(PROJECT_ROOT / "dags")


@pytest.fixture(scope="session")
def dags(bag):
    return bag.dags

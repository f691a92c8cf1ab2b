"""Where a connection comes from, and what it means when Airflow says that there is none."""

import os
import tempfile

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="mardev-connections-"))

import json
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import ConnectionResult, ErrorResponse, GetConnection, TICount

from mardev.domain.words import World
from mardev.errors import FixFirst, TransportFailed
from mardev.orchestration.connections import airflow_connections

NOT_FOUND = ErrorResponse(error=ErrorType.CONNECTION_NOT_FOUND)


class Supervisor:
    """Answers a task's questions as Airflow's supervisor does, the first ones without a database behind it."""

    def __init__(self, *, away_for: int, connection: Any = NOT_FOUND) -> None:
        self._away_for = away_for
        self._connection = connection

    def send(self, question: Any) -> Any:
        self._away_for -= 1
        is_away = self._away_for >= 0
        if isinstance(question, GetConnection):
            return NOT_FOUND if is_away else self._connection
        if is_away:
            raise AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR))
        return TICount(count=0)


@pytest.fixture
def inside_a_task(monkeypatch):
    def start(supervisor: Supervisor) -> None:
        monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)

    return start


def test_a_connection_of_the_environment_is_found_with_its_world(monkeypatch):
    told = {"conn_type": "http", "host": "https://api.example", "extra": {"world": "sandbox", "from": "x"}}
    monkeypatch.setenv("AIRFLOW_CONN_MARDEV_HERE", json.dumps(told))
    record = airflow_connections("mardev_here")
    assert (record.host, record.world, record.extra) == ("https://api.example", World.SANDBOX, {"from": "x"})


def test_a_connection_that_is_not_there_is_for_a_person_to_add(inside_a_task):
    inside_a_task(Supervisor(away_for=0))
    with pytest.raises(FixFirst, match="no connection mardev_gone"):
        airflow_connections("mardev_gone")


def test_a_connection_is_asked_for_later_while_airflows_database_is_away(inside_a_task):
    inside_a_task(Supervisor(away_for=9))
    with pytest.raises(TransportFailed):
        airflow_connections("mardev_gone")


def test_a_connection_is_found_when_airflows_database_is_back_at_once(inside_a_task):
    kept = ConnectionResult(
        conn_id="mardev_back", conn_type="http", host="h", extra='{"world": "sandbox"}',
        schema=None, login=None, password=None, port=None,
    )  # fmt: skip
    inside_a_task(Supervisor(away_for=1, connection=kept))
    assert airflow_connections("mardev_back").host == "h"

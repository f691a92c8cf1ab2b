"""Where a connection record comes from: Airflow inside its processes, a private file outside."""

import json
from pathlib import Path
from typing import Any

from mardev.domain.connection import ConnectionLookup, ConnectionRecord
from mardev.domain.words import World
from mardev.errors import FixFirst, TransportFailed


def airflow_connections(name: str) -> ConnectionRecord:
    """The connection `name` as Airflow gives it to a task or a trigger (its UI, or its environment).

    Raises:
        FixFirst: there is no such connection, or it does not say which world it belongs to.
        TransportFailed: Airflow cannot tell now.
    """
    found = _find(name)
    extra = dict(found.extra_dejson)
    return ConnectionRecord(
        name=name,
        world=_world(name, extra.pop("world", None)),
        host=found.host or "",
        port=found.port,
        login=found.login or "",
        password=found.password or "",
        extra=extra,
    )


def _find(name: str) -> Any:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return Connection.get(name)
    except AirflowNotFoundException:
        # Airflow says "not found" also while its database is away.
        _ask_airflows_database()
    try:
        return Connection.get(name)
    except AirflowNotFoundException as error:
        raise _missing(name, "Airflow (Admin, Connections)") from error


def _ask_airflows_database() -> None:
    """Ask something that only a working database answers; Airflow's client repeats it for a while.

    Raises:
        TransportFailed: no answer.
    """
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    if not hasattr(task_runner, "SUPERVISOR_COMMS"):  # neither a task nor a trigger: nobody to ask
        return
    try:
        RuntimeTaskInstance.get_ti_count(dag_id="none")
    except Exception as error:
        raise TransportFailed("Airflow cannot tell its connections now.") from error


def file_connections(path: Path) -> ConnectionLookup:
    """The same records outside Airflow, from the file that set-up keeps in step.

    Raises:
        FixFirst: there is no such file; a lookup raises it for a name that is not in it.
    """
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise FixFirst(f"{path} does not exist yet; `mardev up` writes it.") from error
    records = {
        entry["name"]: ConnectionRecord(**{**entry, "world": _world(entry["name"], entry.get("world"))})
        for entry in content
    }

    def lookup(name: str) -> ConnectionRecord:
        try:
            return records[name]
        except KeyError:
            raise _missing(name, str(path)) from None

    return lookup


def _world(name: str, value: object) -> World:
    try:
        return World(str(value))
    except ValueError:
        raise FixFirst(
            f'Connection {name} does not say which world it belongs to. Set "world" to "sandbox" or "live" in its '
            "extra fields (Airflow, Admin, Connections)."
        ) from None


def _missing(name: str, place: str) -> FixFirst:
    return FixFirst(f"There is no connection {name} in {place}. Add it there, or run `mardev up` to write the missing.")

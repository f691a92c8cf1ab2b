"""What a stage may wait for. Each condition is one question to the warehouse, asked again and again.

A condition `name` is the file ``sql/queries/condition_<name>.sql``: one row, one boolean column. Its parameters are
what the wait was started with, and `now`, the instant of the iteration's world.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mardev.errors import FixFirst

CLOCK_REACHED = "clock_reached"
"""The one condition that needs no warehouse: parameter `instant`, ISO 8601."""


def is_met(engine: sa.Engine, queries: Path, name: str, parameters: Mapping[str, Any], now: datetime) -> bool:
    """Whether the condition holds at `now`.

    Args:
        engine: any role that may read `core`.
        queries: the folder ``sql/queries``.
        name: the condition, for instance ``answers_settled``.
        parameters: what its query asks for, usually `iteration_key`.
        now: the instant of the iteration's own clock.

    Raises:
        FixFirst: there is no such condition.
    """
    if name == CLOCK_REACHED:
        return now >= datetime.fromisoformat(parameters["instant"])
    statement = sa.text(_query(queries, name))
    with engine.connect() as connection:
        return bool(connection.scalar(statement, {**parameters, "now": now}))


@cache
def _query(queries: Path, name: str) -> str:
    path = queries / f"condition_{name}.sql"
    if not path.exists():
        raise FixFirst(f"There is no condition {name}: {path} is missing.")
    return path.read_text()

"""A stage context on a test's own warehouse, with a mail transport that keeps what it was given."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa

from mardev.clock import Clock
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.settings import load_settings
from mardev.stages.context import RunLabel, StageContext


class KeptMail:
    """A mail transport that keeps the messages; `failure` is raised instead when it is set."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.failure: Exception | None = None

    def send(self, message: EmailMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.messages.append(message)


def connections(*records: ConnectionRecord):
    """A connection lookup over `records`."""
    by_name = {record.name: record for record in records}

    def look_up(name: str) -> ConnectionRecord:
        if name not in by_name:
            raise FixFirst(f"There is no connection {name}.")
        return by_name[name]

    return look_up


def stage_context(
    engine: sa.Engine,
    clock: Clock,
    *,
    records: tuple[ConnectionRecord, ...] = (),
    params: Mapping[str, Any] | None = None,
    iteration: str | None = None,
    world: World = World.SANDBOX,
    mail: KeptMail | None = None,
    run: RunLabel | None = None,
) -> StageContext:
    return StageContext(
        warehouse=engine,
        clock=clock,
        world=world,
        connection=connections(*records),
        mail=mail or KeptMail(),
        run=run or RunLabel("plan", "test_run", "test_task"),
        settings=load_settings(),
        params=params or {},
        iteration=iteration,
    )

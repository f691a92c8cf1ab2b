"""What a stage step gets: the warehouse, a clock, a world, the way to its connections. Free of Airflow."""

import logging
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.clock import Clock
from mardev.connectors.mail.transport import MailTransport
from mardev.domain.connection import ConnectionLookup, ConnectionRecord
from mardev.domain.words import World
from mardev.errors import FixFirst, WorldsMixed
from mardev.settings import Settings

if TYPE_CHECKING:
    _LoggerAdapter = logging.LoggerAdapter[logging.Logger]
else:
    _LoggerAdapter = logging.LoggerAdapter


@dataclass(frozen=True)
class RunLabel:
    """Which run of which task is working."""

    dag_id: str
    run_id: str
    task_id: str
    try_number: int = 1
    started_by: str | None = None
    """Login of the person who started the run, None for a run that a schedule or another stage started."""

    def __str__(self) -> str:
        """``plan/manual__2026-10-05/rank_creators/1``, the `run_label` of the run ledger."""
        return f"{self.dag_id}/{self.run_id}/{self.task_id}/{self.try_number}"


@dataclass(frozen=True)
class StageContext:
    """Everything a stage step may use; a step reads no environment, no wall clock and no global state.

    `params` is the filled form of `plan`, empty elsewhere; `iteration` is None in the standing pipelines.
    """

    warehouse: sa.Engine
    clock: Clock
    world: World
    connection: ConnectionLookup
    mail: MailTransport
    run: RunLabel
    settings: Settings
    params: Mapping[str, Any]
    iteration: str | None = None

    @property
    def iteration_key(self) -> str:
        """Key of the iteration this run works on.

        Raises:
            FixFirst: the run was started without one.
        """
        if self.iteration is None:
            raise FixFirst(
                f"{self.run.dag_id} was started without an iteration. Start an iteration with the form of `1 Plan`; "
                "the later stages follow by themselves."
            )
        return self.iteration

    def record(self, name: str) -> ConnectionRecord:
        """The connection `name`, of this world.

        Raises:
            FixFirst: there is no such connection.
            WorldsMixed: the connection leads into the other world.
        """
        record = self.connection(name)
        if record.world != self.world:
            raise WorldsMixed(
                f"Connection {name} belongs to the {record.world} world, this run to the {self.world} world. "
                "Correct the connection's extra field `world`, or start an iteration of that world."
            )
        return record

    @property
    def log(self) -> "LabelledLogger":
        """Logger whose every line carries iteration and run."""
        labels = {
            "iteration": self.iteration or "-",
            "world": str(self.world),
            "run": f"{self.run.dag_id}/{self.run.task_id}/{self.run.try_number}",
        }
        return LabelledLogger(logging.getLogger("mardev.stages"), labels)


class LabelledLogger(_LoggerAdapter):
    """Puts the labels behind each message, readable with any log format."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        labels = " ".join(f"{name}={value}" for name, value in (self.extra or {}).items())
        return f"{msg} [{labels}]", kwargs

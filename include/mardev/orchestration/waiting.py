"""Waiting without a worker: one trigger that asks a condition, and the operator that waits for it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from airflow.sdk import BaseHook, BaseOperator
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.triggers.base import BaseTrigger, TriggerEvent

from mardev.clock import Clock, clock_of
from mardev.domain.words import Lane
from mardev.errors import FixFirst, RetryLater
from mardev.orchestration.defaults import standard_options
from mardev.orchestration.running import CLOCK_CONNECTION, stage_context
from mardev.orchestration.translation import airflow_errors
from mardev.settings import Settings, load_settings
from mardev.stages.conditions import CLOCK_REACHED, is_met
from mardev.warehouse.engine import create_engine

POLL_SECONDS = 1.0
PASSING = (RetryLater, sa.exc.OperationalError, sa.exc.InterfaceError, AirflowNotFoundException)
"""Trouble that ends by itself. Airflow says "not found" also while its database is away; every set-up has a clock."""
LONGEST_WAIT = timedelta(days=120)
"""Wall time after which a wait is given up and becomes an incident: longer than any flight with its preparation."""


class ConditionTrigger(BaseTrigger):
    """Asks a condition of `mardev.stages.conditions` about once a second, at the instant of the iteration's clock.

    Fires ``{"met": True}`` when it holds, ``{"met": False}`` when `until` is reached first.
    """

    def __init__(
        self,
        condition: str,
        parameters: Mapping[str, Any],
        until: str | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow leaves it untyped
        self.condition = condition
        self.parameters = dict(parameters)
        self.until = until
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What the triggerer rebuilds this trigger from; it is kept in Airflow's database, so no secret is in it."""
        return (
            "mardev.orchestration.waiting.ConditionTrigger",
            {
                "condition": self.condition,
                "parameters": self.parameters,
                "until": self.until,
                "poll_seconds": self.poll_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ask until an answer can be given; trouble of the clock or the warehouse only makes it ask again."""
        settings = load_settings()
        clock: Clock | None = None
        while True:
            try:
                clock = clock or await _clock()
                outcome = await asyncio.to_thread(self._ask, settings, clock)
            except PASSING as trouble:
                self.log.warning("Asking again soon: %s", type(trouble).__name__)
                # The world may have come back at another address.
                settings, clock = load_settings(), None
            else:
                if outcome is not None:
                    yield TriggerEvent({"met": outcome})  # type: ignore[no-untyped-call]  # Airflow leaves it untyped
                    return
            await asyncio.sleep(self.poll_seconds)

    def _ask(self, settings: Settings, clock: Clock) -> bool | None:
        """True or False when the wait is over, None to go on. Runs in a thread."""
        now = clock.now()
        engine = _reader(settings.warehouse_url)
        if is_met(engine, settings.sql / "queries", self.condition, self.parameters, now):
            return True
        return False if self.until and now >= datetime.fromisoformat(self.until) else None


class WaitOperator(BaseOperator):
    """Holds the run until a condition of its iteration holds."""

    ui_color = "#e8f0fe"

    def __init__(self, *, condition: str, deadline: timedelta = LONGEST_WAIT, **options: Any) -> None:
        super().__init__(**options)
        self.condition = condition
        self.deadline = deadline

    @airflow_errors()
    def execute(self, context: Any) -> None:
        """Look once; if it does not hold yet, leave the worker and let the triggerer ask."""
        stage = stage_context(context)
        parameters = {"iteration_key": stage.iteration_key}
        queries = stage.settings.sql / "queries"
        if not is_met(stage.warehouse, queries, self.condition, parameters, stage.clock.now()):
            self.defer(
                trigger=ConditionTrigger(self.condition, parameters),
                method_name="execute_complete",
                timeout=self.deadline,
            )

    @airflow_errors()
    def execute_complete(self, context: Any, event: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """The triggerer found that the condition holds."""
        if not event or not event.get("met"):
            raise FixFirst(f"The wait for {self.condition} ended without it.")


def wait_for(
    condition: str, *, lane: Lane | None = None, deadline: timedelta = LONGEST_WAIT, **options: Any
) -> WaitOperator:
    """A task that waits until `condition` holds for the run's iteration, at the iteration's own clock.

    Args:
        condition: name of ``sql/queries/condition_<name>.sql``.
        lane: whose wait it is.
        deadline: wall time after which the wait fails and becomes an incident.
        options: options of the Airflow task; `task_id` is the condition's name unless given.
    """
    return WaitOperator(
        condition=condition,
        deadline=deadline,
        **{"task_id": condition, **standard_options(lane, takes=None), **options},
    )


def clock_trigger(instant: datetime) -> ConditionTrigger:
    """Fires when the iteration's clock reaches `instant`."""
    return ConditionTrigger(CLOCK_REACHED, {"instant": instant.isoformat()})


async def _clock() -> Clock:
    record = await BaseHook.aget_connection(CLOCK_CONNECTION)
    return clock_of(record.host or "")


@cache
def _reader(url: str) -> sa.Engine:
    return create_engine(url, "reader", pool_size=4)

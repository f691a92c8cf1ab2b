"""Drives a simulated world through running iterations: does what is due, then moves the clock, until it is over.

The world's clock never races. It is moved only when nothing is due any more and every running stage waits for
the clock or for a person, and then to the next instant of a twelve-hour grid at which something happens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import sqlalchemy as sa

from mardev.cli.airflow_client import ENDED, AirflowClient, Run, Task
from mardev.cli.world_control import WorldControl
from mardev.domain.words import Stage
from mardev.errors import FixFirst, TransportFailed
from mardev.settings import PROJECT_ROOT
from mardev.stages.conditions import is_met
from mardev.stages.decisions import Request
from mardev.stages.due_work import due_work, next_due_instant
from mardev.warehouse import tables

STEP = timedelta(hours=12)
GRID_START = datetime(2026, 1, 1, 8, tzinfo=UTC)
POLL_SECONDS = 0.4
SHORTEST_RUN_SECONDS = 0.8
"""A run of a standing pipeline never ends before: asking sooner only slows it down."""
PATIENCE_SECONDS = 240.0
"""Wall time without any progress after which the drive gives up and says where it stands."""
PATIENCE_WITH_WORK_SECONDS = 1_800.0
"""The same while a step is at work: a crawl on a slow machine is no standstill."""
PASSING = (TransportFailed, sa.exc.OperationalError, sa.exc.InterfaceError)
"""Airflow, the world or the database are gone for a moment."""
WAITS_AFTER_TROUBLE_SECONDS = (5.0, 15.0, 30.0)

WAITING = ("deferred", "awaiting_input")
BUSY = ("scheduled", "queued", "running", "restarting", "up_for_retry", "up_for_reschedule")
CONDITIONS = ("answers_settled", "drafts_settled", "placements_armed", "flight_ended")
QUERIES = PROJECT_ROOT / "sql" / "queries"


@dataclass
class DriveReport:
    """What a drive did."""

    world_steps: int = 0
    standing_runs: int = 0
    started: float = field(default_factory=monotonic)


class StandsStill(FixFirst):
    """Nothing moved for minutes."""


class WorldDriver:
    """Drives one world.

    Args:
        airflow: a person who may start the standing pipelines.
        warehouse: reader.
        world: control of the world's clock.
        on_requests: told the open decisions each time everything else waits; answers some of them and returns
            whether it answered any.
        on_progress: told what changed: the runs of the stages with their tasks, and the world's instant.
        on_wait: called again and again while a step is at work.
        on_standing_runs: told the standing pipelines that were just started, and the stage tasks as they stood.
    """

    def __init__(
        self,
        airflow: AirflowClient,
        warehouse: sa.Engine,
        world: WorldControl,
        *,
        on_requests: Callable[[Sequence[Request]], bool],
        on_progress: Callable[[Sequence[Task], datetime], None] = lambda _tasks, _now: None,
        on_wait: Callable[[], None] = lambda: None,
        on_standing_runs: Callable[[Sequence[str], Sequence[Task]], None] = lambda _dag_ids, _tasks: None,
    ) -> None:
        self._airflow = airflow
        self._warehouse = warehouse
        self._world = world
        self._on_requests = on_requests
        self._on_progress = on_progress
        self._on_wait = on_wait
        self._on_standing_runs = on_standing_runs
        self._is_working = False
        self._moved_at = monotonic()
        self._seen: tuple[object, ...] = ()
        self.report = DriveReport()

    def drive(self, is_over: Callable[[sa.Connection], bool]) -> DriveReport:
        """Go on until `is_over` says so.

        Raises:
            FixFirst: a stage or a standing pipeline failed; names it.
            StandsStill: nothing moved for minutes.
        """
        while True:
            try:
                with self._warehouse.connect() as connection:
                    if is_over(connection):
                        return self.report
                if self._step():
                    continue
                self._check_patience()
                self._on_wait()
            except PASSING as trouble:
                # The supervisor brings back what died; what was asked is asked anew.
                self._check_patience(trouble)
            sleep(POLL_SECONDS)

    def _step(self) -> bool:
        """Do the next thing. Returns whether anything was done."""
        now = self._world.time().now
        tasks = self._stage_tasks()
        self._notice(tasks, now)
        if self._answer_requests():
            return True
        if self._do_due_work(now, tasks):
            return True
        if self._is_busy(tasks, now):
            return False
        return self._advance(now)

    def _stage_tasks(self) -> list[Task]:
        states = {state for _, state in self._running_iterations()}
        # An iteration that is being opened is not in the warehouse yet: its run is one of `plan`.
        stages = [stage for stage in Stage if str(stage) in states] or [Stage.PLAN]
        runs = [run for stage in stages for run in self._airflow.runs(str(stage), "running", "queued")]
        self._raise_for_failures()
        return [task for run in runs for task in self._airflow.tasks(run.dag_id, run.run_id)]

    def _running_iterations(self) -> list[tuple[str, str]]:
        iteration = tables.iteration
        query = sa.select(iteration.c.iteration_key, iteration.c.state).where(
            iteration.c.state.not_in(("closed", "rejected"))
        )
        with self._warehouse.connect() as connection:
            return [(row.iteration_key, row.state) for row in connection.execute(query)]

    def _raise_for_failures(self) -> None:
        """A failed step opens an incident; its words are the plainest there are."""
        incident = tables.incident
        with self._warehouse.connect() as connection:
            failed = connection.execute(
                sa.select(incident.c.title, incident.c.detail).where(
                    incident.c.source == "task_failure", incident.c.closed_at.is_(None)
                )
            ).first()
        if failed:
            raise FixFirst(f"{failed.title}. {failed.detail}")

    def _notice(self, tasks: Sequence[Task], now: datetime) -> None:
        self._is_working = any(task.state == "running" for task in tasks)
        seen = (now, *((task.run_id, task.task_id, task.state) for task in tasks))
        if seen != self._seen:
            self._seen = seen
            self._moved_at = monotonic()
            self._on_progress(tasks, now)

    def _answer_requests(self) -> bool:
        requests = self.open_requests()
        answered = bool(requests) and self._on_requests(requests)
        if answered:
            self._moved_at = monotonic()
        return answered

    def open_requests(self) -> list[Request]:
        """Every decision that waits for a person, oldest first."""
        table = tables.decision_request
        names = [name for name in Request.__dataclass_fields__ if name in table.c]
        with self._warehouse.connect() as connection:
            rows = connection.execute(
                sa.select(*(table.c[name] for name in names)).where(table.c.state == "open").order_by(table.c.asked_at)
            ).mappings()
            return [Request(**{**row, "options": tuple(row["options"])}) for row in rows]

    def _do_due_work(self, now: datetime, tasks: Sequence[Task]) -> bool:
        with self._warehouse.connect() as connection:
            due = [dag_id for dag_id, count in due_work(connection, now).items() if count]
        runs = [self._active_or_new(dag_id) for dag_id in due]
        if runs:
            self._on_standing_runs(due, tasks)
            sleep(SHORTEST_RUN_SECONDS)
        for run in runs:
            self._wait_for(run)
        self.report.standing_runs += len(runs)
        return bool(runs)

    def _active_or_new(self, dag_id: str) -> Run:
        active = self._airflow.runs(dag_id, "running", "queued")
        return active[0] if active else self._airflow.trigger(dag_id)

    def _wait_for(self, run: Run) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while (state := self._airflow.run(run.dag_id, run.run_id).state) not in ENDED:
            if monotonic() > deadline:
                raise StandsStill(f"{run.dag_id} has not ended after {PATIENCE_SECONDS:.0f} s.")
            sleep(POLL_SECONDS / 2)
        self._moved_at = monotonic()
        if state == "failed":
            self._raise_for_failures()
            raise FixFirst(f"{run.dag_id} failed; its log in Airflow says why.")

    def _is_busy(self, tasks: Sequence[Task], now: datetime) -> bool:
        """Whether some stage goes on by itself: it works, is about to, or its wait is over already."""
        running = [key for key, _ in self._running_iterations()]
        runs = {(task.dag_id, task.run_id) for task in tasks}
        if len(runs) < len(running):  # one stage has handed over, the next has not begun
            return True
        for run in runs:
            states = [task.state for task in tasks if (task.dag_id, task.run_id) == run]
            if any(state in BUSY for state in states) or not any(state in WAITING for state in states):
                return True
        waiting = {task.task_id.rsplit(".", 1)[-1] for task in tasks if task.state == "deferred"}
        return any(
            is_met(self._warehouse, QUERIES, condition, {"iteration_key": key}, now)
            for condition in waiting.intersection(CONDITIONS)
            for key in running
        )

    def _advance(self, now: datetime) -> bool:
        """Move the clock to the next instant of the grid at which something happens; not while people decide."""
        if self.open_requests():
            return False
        with self._warehouse.connect() as connection:
            due_at = next_due_instant(connection, now)
        event_at = self._world.time().next_event_at
        instants = [instant for instant in (due_at, event_at) if instant is not None]
        if not instants:
            return False
        self._world.advance(on_grid(min(instants), after=now))
        self.report.world_steps += 1
        self._moved_at = monotonic()
        return True

    def _check_patience(self, trouble: Exception | None = None) -> None:
        if trouble is None and self.open_requests():
            self._moved_at = monotonic()
        patience = PATIENCE_WITH_WORK_SECONDS if self._is_working else PATIENCE_SECONDS
        if monotonic() - self._moved_at > patience:
            raise StandsStill(
                f"Nothing moved for {patience:.0f} s. `mardev status` and the page My work show where it stands."
            ) from trouble


def going_on_after_trouble(work: Callable[[], object]) -> None:
    """Do `work`, and again from where it was when something was gone for a moment.

    Raises:
        TransportFailed: it is still gone.
    """
    for wait_seconds in WAITS_AFTER_TROUBLE_SECONDS:
        try:
            work()
            return
        except PASSING:
            sleep(wait_seconds)
    try:
        work()
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        raise TransportFailed("The database does not answer; `mardev status` says how it is.") from error


def on_grid(instant: datetime, *, after: datetime) -> datetime:
    """The first grid instant at or after `instant` that is later than `after`.

    Examples:
        >>> on_grid(datetime(2026, 10, 5, 9, tzinfo=UTC), after=datetime(2026, 10, 5, 8, tzinfo=UTC)).hour
        20
    """
    steps = -((GRID_START - max(instant, after + timedelta(seconds=1))) // STEP)
    return GRID_START + steps * STEP

"""One iteration, live or as a skeleton, in a copy of the project; prints its figures as JSON.

``python -m benchmarks.iteration_runs live`` drives the work; ``... skeleton TRACE`` repeats what a live trace
tells: the same standing pipelines at the same waits, every decision answered at once.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
import sqlalchemy as sa
from rich.console import Console

from mardev.cli.airflow_client import ENDED, AirflowClient, Run, Task
from mardev.cli.demo.demo import DAGS, FORM
from mardev.cli.demo.people import People
from mardev.cli.demo.standing import is_closed, iteration_of_run
from mardev.cli.demo.story import Story
from mardev.cli.down import stop_everything
from mardev.cli.up import start_and_follow
from mardev.cli.world_control import WorldControl
from mardev.cli.world_driver import POLL_SECONDS, SHORTEST_RUN_SECONDS, WorldDriver
from mardev.domain.words import Stage
from mardev.home.ports import read_ports
from mardev.home.secret_files import read_json_object
from mardev.settings import Settings, load_settings
from mardev.warehouse.engine import create_engine

WORK = FORM | {
    "campaign": "Benchmark games",
    "budget_amount": 12_000,
    "head_count": 21,
    "flight_days": 14,
    "channel_limit": 1_500,
}
"""Three markets, 20 placements (one more is wanted: not everybody accepts), 14 days.

Looks at every channel of the markets that the crawl can find among 1,500 creators.
"""
PATIENCE_SECONDS = 1_200.0
ANSWERS = {"go_live": "Go live", "learn_marketing": "Done", "learn_technology": "Done"}
WITHOUT_BODY = ("WaitOperator", "EmptyWait", "DecisionOperator", "EmptyDecision", "HandOverOperator", "EmptyHandOver")


@dataclass
class Batch:
    """Standing pipelines that were started together, and where the iteration stood."""

    stage: str
    waits: list[str]
    dag_ids: list[str]


@dataclass
class Measured:
    """What one iteration took."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    tasks: int = 0
    overhead_seconds: float = 0.0
    world_steps: int = 0
    placements: int = 0
    trace: list[Batch] = field(default_factory=list)


def main() -> None:
    settings = load_settings()
    try:
        start_and_follow(settings, quiet=True)
        with clients_of(settings) as clients:
            clients["mia"].wait_for_dags(DAGS, within_seconds=180)
            wait_until_quiet(clients["ian"])
            if sys.argv[1] == "live":
                measured = run_live(settings, clients)
            else:
                trace = [Batch(**batch) for batch in json.loads(Path(sys.argv[2]).read_text())]
                measured = run_skeleton(settings, clients, trace)
    finally:
        stop_everything(settings)
    json.dump(asdict(measured), sys.stdout)


def run_live(settings: Settings, clients: dict[str, AirflowClient]) -> Measured:
    """One whole iteration, each decision answered through the pages."""
    measured = Measured()
    reader = create_engine(settings.warehouse_url, "reader", pool_size=2)

    def note(dag_ids: Sequence[str], tasks: Sequence[Task]) -> None:
        measured.trace.append(Batch(stage_of(tasks), waits_of(tasks), list(dag_ids)))

    driver = WorldDriver(
        clients["ian"],
        reader,
        WorldControl.of_home(settings),
        on_requests=People(clients, Story(Console(quiet=True)), lambda _request: False).answer,
        on_standing_runs=note,
    )
    with measuring(settings, measured):
        run = clients["mia"].trigger("plan", WORK)
        report = driver.drive(lambda connection: is_closed(connection, iteration_of_run(connection, run.run_id)))
    measured.world_steps = report.world_steps
    with reader.connect() as connection:
        measured.placements = connection.execute(sa.text("SELECT count(*) FROM core.placement")).scalar_one()
    return measured


def run_skeleton(settings: Settings, clients: dict[str, AirflowClient], trace: list[Batch]) -> Measured:
    """The same tasks, decisions, waits and standing runs, with nothing inside."""
    measured = Measured()
    left = list(trace)
    deadline = monotonic() + PATIENCE_SECONDS
    airflow = clients["ian"]
    with measuring(settings, measured):
        clients["mia"].trigger("plan", {"campaign": "Benchmark games"})
        while not has_ended(airflow):
            tasks = [task for run in running_stages(airflow) for task in airflow.tasks(run.dag_id, run.run_id)]
            if answer_all(clients, tasks):
                continue
            if left and is_its_turn(left[0], tasks):
                run_batch(airflow, left.pop(0).dag_ids)
                continue
            release_waits(settings, tasks, left)
            sleep(POLL_SECONDS)
            if monotonic() > deadline:
                raise SystemExit(f"The skeleton stands still at {stage_of(tasks)} {waits_of(tasks)}.")
    return measured


def stage_of(tasks: Sequence[Task]) -> str:
    """The furthest stage that runs."""
    order = [str(stage) for stage in Stage]
    return max((task.dag_id for task in tasks), key=order.index, default="")


def waits_of(tasks: Sequence[Task]) -> list[str]:
    return sorted({task.task_id.rsplit(".", 1)[-1] for task in tasks if task.state == "deferred"})


def is_its_turn(batch: Batch, tasks: Sequence[Task]) -> bool:
    """Whether the iteration stands where the batch was started in the live one, or further."""
    order = ["", *(str(stage) for stage in Stage)]
    here, there = order.index(stage_of(tasks)), order.index(batch.stage)
    return here > there or (here == there and set(batch.waits) <= set(waits_of(tasks)))


def release_waits(settings: Settings, tasks: Sequence[Task], left: Sequence[Batch]) -> None:
    """End each wait in which nothing is left to do."""
    for name in waits_of(tasks):
        if not any(name in batch.waits for batch in left):
            (settings.home / "run" / f"released-{name}").touch()


def run_batch(airflow: AirflowClient, dag_ids: Sequence[str]) -> None:
    runs = [active_or_new(airflow, dag_id) for dag_id in dag_ids]
    sleep(SHORTEST_RUN_SECONDS)
    for run in runs:
        while airflow.run(run.dag_id, run.run_id).state not in ENDED:
            sleep(POLL_SECONDS / 2)


def active_or_new(airflow: AirflowClient, dag_id: str) -> Run:
    active = airflow.runs(dag_id, "running", "queued")
    return active[0] if active else airflow.trigger(dag_id)


def answer_all(clients: dict[str, AirflowClient], tasks: Sequence[Task]) -> bool:
    """Answer what Airflow asks, as the person of its lane."""
    asked = [task for task in tasks if task.state == "awaiting_input"]
    for task in asked:
        person = "ian" if "technology" in task.task_id else "mia"
        option = ANSWERS.get(task.task_id.rsplit(".", 1)[-1], "Sign")
        clients[person].answer(task.dag_id, task.run_id, task.task_id, option)
    return bool(asked)


def running_stages(airflow: AirflowClient) -> list[Run]:
    return [run for stage in Stage for run in airflow.runs(str(stage), "running", "queued")]


def has_ended(airflow: AirflowClient) -> bool:
    return any(run.state in ENDED for run in airflow.runs(str(Stage.RETROSPECT)))


def wait_until_quiet(airflow: AirflowClient) -> None:
    """The first scheduled runs of the standing pipelines, right after the start, belong to no iteration."""
    deadline = monotonic() + 120
    while monotonic() < deadline and any(airflow.runs(dag_id, "running", "queued") for dag_id in DAGS):
        sleep(1)


@contextmanager
def clients_of(settings: Settings) -> Iterator[dict[str, AirflowClient]]:
    ports = read_ports(settings)
    assert ports is not None  # everything was started
    passwords = read_json_object(settings.secrets / "passwords.json")
    clients = {person: AirflowClient(ports.airflow_url, person, str(passwords[person])) for person in ("mia", "ian")}
    try:
        yield clients
    finally:
        for client in clients.values():
            client.__exit__(None, None, None)


@contextmanager
def measuring(settings: Settings, measured: Measured) -> Iterator[None]:
    """Fill in wall and processor time of what happens inside, and what Airflow's tables tell about it."""
    began_at, began, cpu = datetime.now(UTC), monotonic(), cpu_seconds_of(settings)
    yield
    measured.wall_seconds = monotonic() - began
    measured.cpu_seconds = cpu_seconds_of(settings) - cpu
    rows = task_rows(settings, began_at)
    measured.tasks = len(rows)
    busy = busy_seconds([(row.start_date, row.end_date) for row in rows if row.operator not in WITHOUT_BODY])
    measured.overhead_seconds = measured.wall_seconds - busy


def cpu_seconds_of(settings: Settings) -> float:
    """Processor time of everything that runs for this home, ended children included, and of this process."""
    home = str(settings.home)
    total = 0.0
    for process in psutil.process_iter():
        try:
            # PostgreSQL works inside the home; everything else is told where Airflow's part of it is.
            places = (process.cwd(), process.environ().get("AIRFLOW_HOME", ""))
            is_ours = process.pid == os.getpid() or any(place.startswith(home) for place in places)
            times = process.cpu_times()
        except psutil.Error:
            continue
        if is_ours:
            total += times.user + times.system + times.children_user + times.children_system
    return total


def task_rows(settings: Settings, since: datetime) -> Sequence[sa.Row[Any]]:
    """Tasks of the iteration: those of its stages, and of standing runs that were asked for; not the scheduled ones."""
    engine = sa.create_engine(settings.airflow_database_url)
    query = sa.text(
        "SELECT ti.operator, ti.start_date, ti.end_date FROM task_instance ti JOIN dag_run dr USING (dag_id, run_id) "
        "WHERE dr.run_type IN ('manual', 'asset_triggered') AND dr.queued_at >= :since AND ti.start_date IS NOT NULL"
    )
    with engine.connect() as connection:
        rows = connection.execute(query, {"since": since}).all()
    engine.dispose()
    return rows


def busy_seconds(intervals: Sequence[tuple[datetime, datetime]]) -> float:
    """Length of the union: at each of these moments some task's body was at work.

    Examples:
        >>> at = [datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC) for second in range(9)]
        >>> busy_seconds([(at[0], at[2]), (at[1], at[3]), (at[5], at[6])])
        4.0
    """
    total, end = 0.0, None
    for began, ended in sorted(interval for interval in intervals if all(interval)):
        begin = began if end is None else max(began, end)
        if ended > begin:
            total += (ended - begin).total_seconds()
            end = ended
    return total


if __name__ == "__main__":
    main()

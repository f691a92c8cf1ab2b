"""The real thing: one home, everything started, parts killed, everything stopped. Takes one to two minutes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from mardev.cli.supervisor.state import read_state
from mardev.home.secret_files import passwords
from mardev.settings import Settings, load_settings

MARDEV = [sys.executable, "-m", "mardev.cli.main"]
PARTS = {"postgres", "sandbox", "api-server", "dag-processor", "scheduler", "triggerer"}


def mardev(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MARDEV, *arguments], env=dict(settings.environment), capture_output=True, text=True, check=False, timeout=600
    )


def status(settings: Settings) -> dict[str, Any]:
    return json.loads(mardev(settings, "status", "--json").stdout)


def wait_until(settings: Settings, state: str, *, seconds: float = 120) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (told := status(settings))["state"] != state and time.monotonic() < deadline:
        time.sleep(0.5)
    assert told["state"] == state, told
    return told


def part(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in told["components"] if one["name"] == name)


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    base = Path(tempfile.mkdtemp(prefix="mardev-launcher-"))
    base.chmod(0o711)
    read = load_settings({**os.environ, "MARDEV_HOME": str(base)})
    yield read
    # The last test of all: however they left it, `down` ends every process of this home.
    state = read_state(read)
    assert mardev(read, "down").returncode == 0
    assert status(read)["state"] == "stopped"
    assert processes_of(read) == []
    assert state is None or not [one for one in state.components.values() if one.leader and one.leader.is_running()]
    assert mardev(read, "reset", "--yes").returncode == 0
    base.rmdir()


def processes_of(settings: Settings) -> list[list[str]]:
    """Command lines that name this home."""
    lines = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if str(settings.home) in " ".join(line)]


@pytest.fixture
def running(settings: Settings) -> Settings:
    """Everything runs; started here unless it does already."""
    outcome = mardev(settings, "up", "--json")
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    assert told["state"] == "running"
    assert {one["name"] for one in told["components"]} == PARTS
    return settings


def test_up_twice_starts_nothing_twice(running):
    before, supervisor = parts_of(running), read_state(running).supervisor
    assert mardev(running, "up", "--json").returncode == 0
    after = parts_of(running)
    assert read_state(running).supervisor == supervisor
    assert {name for name, _ in after} == {name for name, _ in before}
    # A part that died meanwhile (an earlier test killed the database under it) was brought back: that is no start.
    assert {part: before[part] for part in before.keys() & after.keys()} == {
        part: after[part] for part in before.keys() & after.keys()
    }


def parts_of(settings) -> dict[tuple[str, int], int | None]:
    """Process of each part, by its name and how often it was brought back."""
    return {(one["name"], one["restarts"]): one["pid"] for one in status(settings)["components"]}


def test_a_killed_scheduler_comes_back_without_leaving_workers_behind(running):
    scheduler = part(status(running), "scheduler")
    family = [scheduler["pid"], *(child.pid for child in psutil.Process(scheduler["pid"]).children(recursive=True))]
    os.kill(scheduler["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 60
    while part(status(running), "scheduler")["restarts"] == scheduler["restarts"] and time.monotonic() < deadline:
        time.sleep(0.2)
    told = wait_until(running, "running")
    assert part(told, "scheduler")["restarts"] == scheduler["restarts"] + 1
    assert not [pid for pid in family if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]


def test_a_killed_database_comes_back_with_everything_committed(running):
    url = running.warehouse_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO ops.breaker (api) VALUES ('kept') ON CONFLICT DO NOTHING")
    restarts = part(status(running), "postgres")["restarts"]
    postmaster = int((running.postgres_home / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while part(status(running), "postgres")["restarts"] == restarts and time.monotonic() < deadline:
        time.sleep(0.2)
    wait_until(running, "running")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM ops.breaker WHERE api = 'kept'").fetchone() == (1,)


def test_after_a_killed_supervisor_up_goes_on(running):
    state = read_state(running)
    os.kill(state.supervisor.pid, signal.SIGKILL)
    while state.supervisor.is_running():
        time.sleep(0.05)
    outcome = mardev(running, "up", "--json")
    assert outcome.returncode == 0, outcome.stderr
    before = {name: one.leader.pid for name, one in state.components.items() if one.leader}
    after = {one["name"]: one["pid"] for one in json.loads(outcome.stdout)["components"] if one["pid"]}
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())


def test_the_team_may_start_and_answer_but_not_get_round_a_decision(running):
    base = status(running)["airflow_url"]
    words = passwords(running.secrets, ["mia"])
    with httpx.Client(base_url=base, trust_env=False, timeout=60) as person:
        token = person.post("/auth/token", json={"username": "mia", "password": words["mia"]}).json()["access_token"]
        person.headers["Authorization"] = f"Bearer {token}"
        assert person.post("/api/v2/assets/events", json={"asset_id": 1, "extra": {}}).status_code == 403
        answer = person.patch("/api/v2/dags/plan/dagRuns/any/taskInstances/any", json={"new_state": "success"})
        assert answer.status_code == 403
        assert person.patch("/api/v2/dags/plan/dagRuns/any", json={"state": "success"}).status_code == 403
        assert person.get("/api/v2/connections").status_code == 403


def test_everybody_holds_the_roles_of_the_login(running):
    with psycopg.connect(running.warehouse_url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT person, role FROM core.role_member ORDER BY person").fetchall()
    assert rows == [("hana", "head"), ("ian", "technology"), ("mia", "marketing")]


def test_no_secret_is_written_into_a_log_or_shown_in_a_process_list(running):
    secrets = set(passwords(running.secrets, ["mia", "ian", "hana", "admin"]).values())
    secrets |= {(running.postgres_home / f"password.{role}").read_text().strip() for role in ("mardev", "airflow")}
    logs = "".join(path.read_text(errors="replace") for path in running.logs.glob("*.log"))
    commands = " ".join(" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))
    assert not [secret for secret in secrets if secret in logs or secret in commands]

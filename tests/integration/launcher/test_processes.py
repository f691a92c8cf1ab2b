import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mardev.cli.supervisor.components import ComponentSpec
from mardev.cli.supervisor.fleet import Fleet
from mardev.cli.supervisor.processes import ProcessIdentity, session_members, spawn, stop_sessions

# A parent with a child, as Airflow's components have; both ignore a polite end when asked to.
FAMILY = """
import signal, subprocess, sys, time
if "stubborn" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def family(tmp_path: Path, *arguments: str) -> tuple[subprocess.Popen[bytes], ProcessIdentity]:
    log = tmp_path / "family.log"
    process = spawn([sys.executable, "-c", FAMILY, *arguments], os.environ, log)
    while not (log.exists() and log.read_text().strip()):
        time.sleep(0.02)
    return process, ProcessIdentity.of(process.pid)


def test_stopping_ends_the_children_too(tmp_path):
    process, leader = family(tmp_path)
    assert len(session_members(leader)) == 2
    stop_sessions([leader], patience_seconds=2)
    assert session_members(leader) == []
    process.wait(timeout=5)


def test_what_does_not_end_politely_is_ended_by_force(tmp_path):
    process, leader = family(tmp_path, "stubborn")
    stop_sessions([leader], patience_seconds=0.5)
    assert process.wait(timeout=5) == -signal.SIGKILL
    assert session_members(leader) == []


def test_a_child_is_found_after_its_parent_was_killed(tmp_path):
    process, leader = family(tmp_path)
    process.kill()
    process.wait(timeout=5)
    assert len(session_members(leader)) == 1
    stop_sessions([leader], patience_seconds=1)
    assert session_members(leader) == []


def test_a_recycled_process_id_is_not_mistaken_for_ours():
    stranger = ProcessIdentity(os.getpid(), started_at=1_000_000_000.0)  # our id, but started long before us
    assert not stranger.is_running()
    assert session_members(stranger) == []


def test_the_children_of_a_killed_supervisor_end_with_it(tmp_path):
    if sys.platform != "linux":
        pytest.skip("the kernel's death signal is Linux's; elsewhere the next start clears away")
    log = tmp_path / "child.log"
    program = (
        "import sys, time; from pathlib import Path; from mardev.cli.supervisor.processes import spawn;"
        f"child = spawn([sys.executable, '-c', 'import time; time.sleep(60)'], {{}}, Path({str(log)!r}));"
        "print(child.pid, flush=True);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = ProcessIdentity.of(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(timeout=5)
    deadline = time.monotonic() + 5
    while child.is_running() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_running()


def component(command: str, *, healthy: bool = True, needs: tuple[str, ...] = ()) -> ComponentSpec:
    return ComponentSpec(
        "part", "A part", (sys.executable, "-c", command), dict(os.environ), lambda: healthy, needs, tier=1
    )


def turn_until(fleet: Fleet, phase: str, *, outside: frozenset[str] = frozenset(), seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while fleet.states["part"].phase != phase and time.monotonic() < deadline:
        fleet.tick(outside)
        time.sleep(0.02)
    assert fleet.states["part"].phase == phase


@pytest.fixture
def fleet(tmp_path):
    made = Fleet(tmp_path, {})
    yield made
    made.stop(patience_seconds=1, changed=lambda: None)


def test_a_part_that_was_killed_is_started_again(fleet):
    fleet.add([component("import time; time.sleep(60)")])
    turn_until(fleet, "running")
    os.kill(fleet.states["part"].leader.pid, signal.SIGKILL)
    turn_until(fleet, "restarting")
    turn_until(fleet, "running")
    assert (fleet.states["part"].restarts, fleet.states["part"].last_exit) == (1, "signal 9")


def test_a_part_that_never_starts_is_given_up(fleet):
    fleet.add([component("raise SystemExit(3)", healthy=False)])
    turn_until(fleet, "gave up", seconds=30)  # delays of 1, 2 and 4 seconds lie between the four starts
    assert fleet.states["part"].last_exit == "exit code 3"
    assert fleet.is_settled()


def test_a_part_waits_for_what_it_needs(fleet):
    fleet.add([component("import time; time.sleep(60)", needs=("postgres",))])
    fleet.tick(frozenset())
    assert fleet.states["part"].phase == "waiting"
    turn_until(fleet, "running", outside=frozenset({"postgres"}))

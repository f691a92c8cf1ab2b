"""Processes of ours: started in a session of their own, recognised after a crash, stopped with all their children.

A process is known by its id and its start time together, so that a recycled id is never mistaken for it.
The session number of a child is the id of its first process, and the kernel gives that number to nobody
else while one process of the session lives: what an earlier supervisor left behind is found by it.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1  # linux/prctl.h
START_TIME_TOLERANCE_SECONDS = 1.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class ProcessIdentity:
    """A process, safe against reuse of its id. `started_at` is seconds since 1970, as psutil tells it."""

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """Raises: psutil.NoSuchProcess: it ended."""
        return cls(pid, psutil.Process(pid).create_time())

    def is_running(self) -> bool:
        """Whether exactly this process lives; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at) < START_TIME_TOLERANCE_SECONDS
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def spawn(command: Sequence[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`.

    Call it from the main thread only: the kernel's death signal is bound to the thread that started the child.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def session_members(leader: ProcessIdentity) -> list[psutil.Process]:
    """The living processes of the session that `leader` began, whether or not the leader lives."""
    if _is_recycled(leader):
        return []
    members = []
    for process in psutil.process_iter(["create_time", "status"]):
        if process.pid == os.getpid() or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            belongs = os.getsid(process.pid) == leader.pid
            if belongs and process.info["create_time"] >= leader.started_at - START_TIME_TOLERANCE_SECONDS:
                members.append(process)
    return members


def stop_sessions(leaders: Sequence[ProcessIdentity], *, patience_seconds: float) -> None:
    """End the sessions: first each leader politely, then every member politely, then by force.

    Args:
        leaders: first processes of the sessions.
        patience_seconds: how long the leaders may take to wind up by themselves.
    """
    for leader in leaders:
        if leader.is_running():
            _signal(leader.pid, signal.SIGTERM)
    _wait_until_gone(leaders, patience_seconds)
    for sent, wait_seconds in ((signal.SIGTERM, patience_seconds / 4), (signal.SIGKILL, 10.0)):
        remaining = [member for leader in leaders for member in session_members(leader)]
        if not remaining:
            return
        for process in remaining:
            _signal(process.pid, sent)
        _wait_until_gone(leaders, wait_seconds)


def _wait_until_gone(leaders: Sequence[ProcessIdentity], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(session_members(leader) for leader in leaders):
        time.sleep(POLL_SECONDS)


def _is_recycled(leader: ProcessIdentity) -> bool:
    try:
        return abs(psutil.Process(leader.pid).create_time() - leader.started_at) >= START_TIME_TOLERANCE_SECONDS
    except psutil.NoSuchProcess:
        return leader.started_at < psutil.boot_time() - START_TIME_TOLERANCE_SECONDS


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

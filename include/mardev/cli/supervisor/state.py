"""What the supervisor tells the world: one small file, replaced whole at each change."""

import dataclasses
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mardev.cli.supervisor.processes import ProcessIdentity
from mardev.settings import Settings

LOCK_PATIENCE_SECONDS = 0.5

Phase = Literal["starting", "running", "stopping", "stopped", "failed"]
ComponentPhase = Literal["waiting", "starting", "running", "restarting", "gave up", "stopped"]


@dataclass
class StepState:
    """One step of the start, for people. `seconds` is None while it lasts."""

    text: str
    seconds: float | None = None


@dataclass
class ComponentState:
    """One component. `leader` began the session that holds its processes (None for PostgreSQL, which keeps its own)."""

    name: str
    title: str
    phase: ComponentPhase = "waiting"
    leader: ProcessIdentity | None = None
    restarts: int = 0
    last_exit: str = ""


@dataclass
class SupervisorState:
    """Everything `status`, `up` and `down` need to know."""

    supervisor: ProcessIdentity
    phase: Phase = "starting"
    steps: list[StepState] = field(default_factory=list)
    components: dict[str, ComponentState] = field(default_factory=dict)
    problem: str = ""
    started_at: float = field(default_factory=time.time)


def state_file(settings: Settings) -> Path:
    return settings.home / "run" / "supervisor.json"


def write_state(settings: Settings, state: SupervisorState) -> None:
    path = state_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(dataclasses.asdict(state), indent=1))
    partial.replace(path)


def read_state(settings: Settings) -> SupervisorState | None:
    """The last word of a supervisor, None when there was none or its file is damaged."""
    try:
        content = json.loads(state_file(settings).read_text())
        return SupervisorState(
            supervisor=ProcessIdentity(**content["supervisor"]),
            phase=content["phase"],
            steps=[StepState(**step) for step in content["steps"]],
            components={name: _component(component) for name, component in content["components"].items()},
            problem=content["problem"],
            started_at=content["started_at"],
        )
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None


class AlreadySupervised(Exception):  # a fact, not an error: somebody else does the work
    """Another supervisor of this home lives."""


@contextmanager
def only_supervisor(settings: Settings) -> Iterator[None]:
    """Hold this home's lock; the kernel frees it however the holder ends.

    Raises:
        AlreadySupervised: somebody holds it.
    """
    path = _lock_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        deadline = time.monotonic() + LOCK_PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                # Somebody who only asks holds it for an instant; a supervisor holds it for good.
                if time.monotonic() > deadline:
                    raise AlreadySupervised from error
                time.sleep(0.05)
        yield


def is_supervised(settings: Settings) -> bool:
    """Whether a supervisor of this home lives now."""
    try:
        with _lock_file(settings).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _lock_file(settings: Settings) -> Path:
    return settings.home / "run" / "supervisor.lock"


def _component(content: dict[str, Any]) -> ComponentState:
    leader = content.pop("leader")
    return ComponentState(**content, leader=ProcessIdentity(**leader) if leader else None)

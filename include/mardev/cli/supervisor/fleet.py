"""The components and their lives: started when what they need works, watched, started again, stopped in order."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from mardev.cli.supervisor.backoff import Backoff
from mardev.cli.supervisor.components import ComponentSpec
from mardev.cli.supervisor.processes import ProcessIdentity, spawn, stop_sessions
from mardev.cli.supervisor.state import ComponentState

CHECK_SECONDS_WHILE_STARTING = 0.5
CHECK_SECONDS_WHILE_RUNNING = 10.0
DEATHS_BEFORE_FIRST_HEALTH = 3


class Fleet:
    """Processes of one supervisor. `tick` is called from its loop; it never waits."""

    def __init__(self, log_folder: Path, states: dict[str, ComponentState]) -> None:
        self.states = states
        self._log_folder = log_folder
        self._specs: dict[str, ComponentSpec] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._start_at: dict[str, float] = {}
        self._check_at: dict[str, float] = {}
        self._was_healthy: set[str] = set()

    def add(self, specs: Sequence[ComponentSpec]) -> None:
        for spec in specs:
            self._specs[spec.name] = spec
            self._backoffs[spec.name] = Backoff(most_deaths=DEATHS_BEFORE_FIRST_HEALTH)
            self._start_at[spec.name] = 0.0
            self.states[spec.name] = ComponentState(spec.name, spec.title)

    def tick(self, healthy_outside: frozenset[str]) -> bool:
        """One look at everything.

        Args:
            healthy_outside: names of what others keep alive and components need (the database).

        Returns:
            Whether anything changed.
        """
        before = [(state.phase, state.restarts) for state in self.states.values()]
        now = time.monotonic()
        for name, spec in self._specs.items():
            if name in self._processes:
                self._look_at(spec, now)
            elif self.states[name].phase in ("waiting", "restarting") and now >= self._start_at[name]:
                working = healthy_outside | {other for other, state in self.states.items() if state.phase == "running"}
                if working.issuperset(spec.needs):
                    self._start(spec, now)
        return before != [(state.phase, state.restarts) for state in self.states.values()]

    def is_settled(self) -> bool:
        """Whether each component either runs or was given up."""
        return all(self.states[name].phase in ("running", "gave up") for name in self._specs)

    def stop(self, *, patience_seconds: float, changed: Callable[[], None]) -> None:
        """Stop everything, the highest tier first, the members of a tier together."""
        for tier in sorted({spec.tier for spec in self._specs.values()}, reverse=True):
            names = [name for name, spec in self._specs.items() if spec.tier == tier]
            leaders = [leader for name in names if (leader := self.states[name].leader)]
            stop_sessions(leaders, patience_seconds=patience_seconds)
            for name in names:
                if process := self._processes.pop(name, None):
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(timeout=1)
                self.states[name].phase = "stopped"
                self.states[name].leader = None
            changed()

    def _start(self, spec: ComponentSpec, now: float) -> None:
        state = self.states[spec.name]
        process = spawn(spec.command, spec.environment, self._log_folder / f"{spec.name}.log")
        self._processes[spec.name] = process
        with contextlib.suppress(psutil.NoSuchProcess):
            state.leader = ProcessIdentity.of(process.pid)
        state.phase = "starting"
        self._check_at[spec.name] = now + CHECK_SECONDS_WHILE_STARTING

    def _look_at(self, spec: ComponentSpec, now: float) -> None:
        state = self.states[spec.name]
        exit_code = self._processes[spec.name].poll()
        if exit_code is not None:
            self._bury(spec, exit_code, now)
        elif now >= self._check_at[spec.name]:
            is_healthy = spec.is_healthy()
            if is_healthy and state.phase != "running":
                state.phase = "running"
                if spec.name not in self._was_healthy:
                    self._was_healthy.add(spec.name)
                    self._backoffs[spec.name] = Backoff()
            pause = CHECK_SECONDS_WHILE_RUNNING if state.phase == "running" else CHECK_SECONDS_WHILE_STARTING
            self._check_at[spec.name] = time.monotonic() + pause

    def _bury(self, spec: ComponentSpec, exit_code: int, now: float) -> None:
        state = self.states[spec.name]
        del self._processes[spec.name]
        if state.leader:
            # Its children would go on working beside those of the next start.
            stop_sessions([state.leader], patience_seconds=0)
        state.leader = None
        state.last_exit = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
        delay = self._backoffs[spec.name].died(now)
        if delay is None:
            state.phase = "gave up"
        else:
            state.phase = "restarting"
            state.restarts += 1
            self._start_at[spec.name] = now + delay

"""The supervisor itself: one thread, one loop, a state file that says where it stands."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mardev.cli.supervisor import preparation
from mardev.cli.supervisor.backoff import Backoff
from mardev.cli.supervisor.components import (
    DATABASE,
    airflow_worker_components,
    api_server_component,
    prepared_file,
    sandbox_component,
)
from mardev.cli.supervisor.configuration import write_airflow_configuration
from mardev.cli.supervisor.fleet import Fleet
from mardev.cli.supervisor.processes import ProcessIdentity, stop_sessions
from mardev.cli.supervisor.state import ComponentState, StepState, SupervisorState, read_state, write_state
from mardev.errors import FixFirst
from mardev.home.ports import Ports, choose_ports
from mardev.home.version import claim_home
from mardev.settings import Settings
from mardev.warehouse.team import mirror_team

LOOP_SECONDS = 0.1
DATABASE_CHECK_SECONDS = 2.0
START_PATIENCE_SECONDS = 300.0
STOP_PATIENCE_SECONDS = 20.0


class Stopped(Exception):  # a wish of the caller, not an error
    """Somebody asked the supervisor to stop while it was starting."""


class Supervisor:
    """Keeps the components of one home alive until it is told to stop."""

    def __init__(self, settings: Settings, *, migrate_home: bool = False, tell: bool = False) -> None:
        """`tell` prints each finished step (for the foreground)."""
        self._settings = settings
        self._migrate_home = migrate_home
        self._tell = tell
        self._state = SupervisorState(supervisor=ProcessIdentity.of(os.getpid()))
        self._fleet = Fleet(settings.logs, self._state.components)
        self._asked_to_stop = False
        self._database_backoff = Backoff()
        self._database_check_at = 0.0

    def run(self) -> int:
        """Start everything, watch it, stop it. Returns the exit code for the process.

        The caller holds the lock of this home (`only_supervisor`).
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        exit_code = 0
        try:
            self._clear_away()
            self._publish()
            self._prepare_and_start()
            self._watch()
        except Stopped:
            pass
        except (FixFirst, OSError) as error:
            self._state.problem = str(error)
            exit_code = 1
        finally:
            self._stop(failed=exit_code != 0)
        return exit_code

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _publish(self) -> None:
        write_state(self._settings, self._state)

    def _clear_away(self) -> None:
        """Stop what an earlier supervisor, killed or cut off, left running."""
        claim_home(self._settings, migrate=self._migrate_home)
        preparation.prepare_folders(self._settings)
        if before := read_state(self._settings):
            stop_sessions([state.leader for state in before.components.values() if state.leader], patience_seconds=5)
        preparation.rotate_logs(self._settings)

    def _prepare_and_start(self) -> None:
        settings = self._settings
        ports = choose_ports(settings)
        if settings.uses_embedded_postgres:
            self._state.components[DATABASE] = ComponentState(DATABASE, "PostgreSQL", phase="starting")
            with self._step("Start the database"):
                preparation.postgres_of(settings).start()
                self._state.components[DATABASE].phase = "running"
        write_airflow_configuration(settings, ports)
        # The API server loads its code while the databases are prepared, and waits for this file.
        prepared_file(settings).unlink(missing_ok=True)
        self._fleet.add([api_server_component(settings, ports)])
        self._fleet.tick(self._healthy_outside())
        self._set_up_airflow_and_warehouse(ports)
        prepared_file(settings).touch()
        with self._step("Start Airflow and the sandbox world"):
            self._fleet.add([sandbox_component(settings, ports), *airflow_worker_components(settings, ports)])
            self._wait_until_settled()
        given_up = [state for state in self._state.components.values() if state.phase == "gave up"]
        if given_up:
            names = ", ".join(state.title for state in given_up)
            self._state.problem = f"{names} did not start; see {settings.logs}/{given_up[0].name}.log"
        self._state.phase = "running"
        if self._tell:
            sys.stdout.write(f"Everything runs: {ports.airflow_url}/mardev/ (Ctrl-C stops it). {self._state.problem}\n")
        self._publish()

    def _set_up_airflow_and_warehouse(self, ports: Ports) -> None:
        settings = self._settings
        set_up = None
        if not preparation.airflow_is_set_up(settings, ports):
            set_up = preparation.start_airflow_set_up(settings, with_sandbox=True)
        try:
            with self._step("Bring the warehouse to its schema"):
                preparation.migrate_warehouse(settings)
            if set_up:
                with self._step("Set Airflow up: tables, roles, people, connections"):
                    while (exit_code := set_up.poll()) is None:
                        self._pause()
                    preparation.finish_airflow_set_up(settings, ports, exit_code)
        finally:
            if set_up and set_up.poll() is None:
                set_up.terminate()
                set_up.wait()
        mirror_team(settings.airflow_database_url, settings.warehouse_url)

    def _wait_until_settled(self) -> None:
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while not self._fleet.is_settled():
            if time.monotonic() > deadline:
                waiting = [state.title for state in self._state.components.values() if state.phase != "running"]
                raise FixFirst(
                    f"Not ready after {START_PATIENCE_SECONDS:.0f} s: {', '.join(waiting)}. "
                    f"Their logs are in {self._settings.logs}."
                )
            self._pause()

    def _watch(self) -> None:
        while True:
            self._pause()

    def _pause(self) -> None:
        """One turn of the loop: every wait of the supervisor passes here, so it always watches and always obeys."""
        if self._asked_to_stop:
            raise Stopped
        if self._watch_database() | self._fleet.tick(self._healthy_outside()):
            self._publish()
        time.sleep(LOOP_SECONDS)

    def _healthy_outside(self) -> frozenset[str]:
        database = self._state.components.get(DATABASE)
        return frozenset([DATABASE]) if database is None or database.phase == "running" else frozenset()

    def _watch_database(self) -> bool:
        state = self._state.components.get(DATABASE)
        if state is None or state.phase == "gave up" or time.monotonic() < self._database_check_at:
            return False
        server = preparation.postgres_of(self._settings)
        self._database_check_at = time.monotonic() + DATABASE_CHECK_SECONDS
        if server.is_alive():
            changed = state.phase != "running"
            state.phase = "running"
            return changed
        state.phase = "restarting"
        state.restarts += 1
        delay = self._database_backoff.died(time.monotonic())
        try:
            server.start()
            state.phase = "running"
        except FixFirst as error:
            state.last_exit = str(error)
            if delay is None:
                state.phase = "gave up"
                self._state.problem = str(error)
            else:
                self._database_check_at = time.monotonic() + delay
        return True

    def _stop(self, *, failed: bool) -> None:
        self._state.phase = "stopping"
        self._publish()
        self._fleet.stop(patience_seconds=STOP_PATIENCE_SECONDS, changed=self._publish)
        if DATABASE in self._state.components:
            preparation.postgres_of(self._settings).stop("fast")
            self._state.components[DATABASE].phase = "stopped"
        self._state.phase = "failed" if failed else "stopped"
        self._publish()

    @contextmanager
    def _step(self, text: str) -> Iterator[None]:
        step = StepState(text)
        started = time.monotonic()
        self._state.steps.append(step)
        self._publish()
        yield
        step.seconds = round(time.monotonic() - started, 1)
        if self._tell:
            sys.stdout.write(f"  {text} ({step.seconds:.0f} s)\n")
        self._publish()

"""`mardev up`: start everything, tell how it goes, end with where to click and as whom."""

import subprocess
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mardev.cli.supervisor.state import SupervisorState
    from mardev.settings import Settings

POLL_SECONDS = 0.2
SETTLED = ("running", "gave up")
FOLLOW_PATIENCE_SECONDS = 600.0


def up(
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay in this terminal and stop everything with Ctrl-C.")
    ] = False,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring the data of an older version to this one (a dump is kept).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Start everything, and show where to click.

    Safe to repeat: what runs already is left alone, what died is started again.
    """
    from mardev.cli.console import err, errors_in_plain_words, print_json
    from mardev.cli.status import report
    from mardev.cli.where_to_click import print_where_to_click
    from mardev.settings import load_settings

    settings = load_settings()
    with errors_in_plain_words():
        if foreground:
            raise typer.Exit(_stay_in_foreground(settings, migrate=migrate))
        state = start_and_follow(settings, migrate=migrate, quiet=as_json)
        if as_json:
            print_json(report(settings, state))
        else:
            print_where_to_click(settings)
        if state.problem:
            err.print(state.problem, style="yellow", markup=False)
            raise typer.Exit(1)


def start_and_follow(settings: "Settings", *, migrate: bool = False, quiet: bool = False) -> "SupervisorState":
    """Start the supervisor unless one runs, and wait until everything is ready.

    Raises:
        FixFirst: the start failed; says why.
    """
    from mardev.cli.supervisor.state import is_supervised, read_state
    from mardev.errors import FixFirst
    from mardev.home.version import claim_home

    claim_home(settings, migrate=migrate)
    began = time.time()
    daemon = None if is_supervised(settings) else _start_daemon(settings, migrate=migrate)
    told = 0 if daemon else len(state.steps) if (state := read_state(settings)) else 0
    deadline = time.monotonic() + FOLLOW_PATIENCE_SECONDS
    while time.monotonic() < deadline:
        is_over = daemon.poll() is not None if daemon else not is_supervised(settings)
        state = read_state(settings)
        if state and (daemon is None or state.started_at >= began - 1):
            told = told if quiet else _tell(state, told)
            if state.phase == "running" and all(part.phase in SETTLED for part in state.components.values()):
                return state
            if state.phase in ("failed", "stopped"):
                raise FixFirst(state.problem or "It was stopped while it was starting.")
        if is_over:
            raise FixFirst(f"The supervisor ended early. {_last_words(settings)}")
        time.sleep(POLL_SECONDS)
    raise FixFirst(f"Not ready after {FOLLOW_PATIENCE_SECONDS:.0f} s; the logs are in {settings.logs}.")


def _start_daemon(settings: "Settings", *, migrate: bool) -> "subprocess.Popen[bytes]":
    settings.logs.mkdir(parents=True, exist_ok=True)
    settings.logs.chmod(0o700)
    command = [sys.executable, "-m", "mardev.cli.supervisor", *(["--migrate"] if migrate else [])]
    environment = {name: value for name, value in settings.environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (settings.logs / "supervisor.out").open("wb") as output:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/",
            start_new_session=True,
        )  # fmt: skip


def _stay_in_foreground(settings: "Settings", *, migrate: bool) -> int:
    from mardev.cli.supervisor.state import AlreadySupervised, only_supervisor
    from mardev.cli.supervisor.supervisor import Supervisor
    from mardev.errors import FixFirst

    try:
        with only_supervisor(settings):
            return Supervisor(settings, migrate_home=migrate, tell=True).run()
    except AlreadySupervised:
        raise FixFirst("It runs already in the background; `mardev down` stops it.") from None


def _tell(state: "SupervisorState", told: int) -> int:
    """Print the steps finished since the last call; returns how many were told altogether."""
    from mardev.cli.console import out

    finished = [step for step in state.steps if step.seconds is not None]
    for step in finished[told:]:
        out.print(f"  [green]✓[/] {step.text} [dim]({step.seconds:.0f} s)[/]")
    return len(finished)


def _last_words(settings: "Settings") -> str:
    log = settings.logs / "supervisor.out"
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else ""

"""`mardev down`: stop everything of this home, whoever started it and however it was left."""

import os
import signal
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mardev.settings import Settings

PATIENCE_SECONDS = 150.0


def down(as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False) -> None:
    """Stop everything. Nothing is lost: `mardev up` goes on where it was."""
    from mardev.cli.console import errors_in_plain_words, out, print_json
    from mardev.settings import load_settings

    settings = load_settings()
    with errors_in_plain_words():
        was_running = stop_everything(settings)
    if as_json:
        print_json({"was_running": was_running})
    else:
        out.print("Everything is stopped." if was_running else "Nothing was running.")


def stop_everything(settings: "Settings") -> bool:
    """Stop the supervisor, and what a killed one left behind. Returns whether anything ran.

    Raises:
        FixFirst: it does not stop in time.
    """
    from mardev.cli.supervisor.preparation import postgres_of
    from mardev.cli.supervisor.processes import session_members, stop_sessions
    from mardev.cli.supervisor.state import is_supervised, read_state, write_state
    from mardev.errors import FixFirst

    state = read_state(settings)
    was_running = is_supervised(settings)
    if was_running and state and state.supervisor.is_running():
        os.kill(state.supervisor.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_supervised(settings):
        if time.monotonic() > deadline:
            raise FixFirst(f"It did not stop within {PATIENCE_SECONDS:.0f} s. Look into {settings.logs} and try again.")
        time.sleep(0.1)
    leaders = [part.leader for part in state.components.values() if part.leader] if state else []
    if left_behind := [leader for leader in leaders if session_members(leader)]:
        stop_sessions(left_behind, patience_seconds=10)
        was_running = True
    if settings.uses_embedded_postgres and (settings.postgres_home / "port").exists():
        server = postgres_of(settings)
        if server.is_alive():
            server.stop("fast")
            was_running = True
    if (state := read_state(settings)) and state.phase not in ("stopped", "failed"):
        state.phase = "stopped"
        for part in state.components.values():
            part.phase, part.leader = "stopped", None
        write_state(settings, state)
    return was_running

"""`mardev status`: what runs, since when, where."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from mardev.cli.supervisor.state import SupervisorState
    from mardev.settings import Settings

GOOD, BAD, PASSING = "green", "red", "yellow"
COLOURS = {"running": GOOD, "gave up": BAD, "stopped": BAD}


def status(as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False) -> None:
    """Show what runs. Exit code 0 when everything does, 3 when nothing runs, 1 when a part does not."""
    from mardev.cli.console import print_json
    from mardev.cli.supervisor.state import read_state
    from mardev.settings import load_settings

    settings = load_settings()
    content = report(settings, read_state(settings))
    if as_json:
        print_json(content)
    else:
        _print_report(content)
    raise typer.Exit({"running": 0, "stopped": 3}.get(content["state"], 1))


def report(settings: "Settings", state: "SupervisorState | None") -> dict[str, Any]:
    """The state as plain values. `state` is running, starting, degraded, stopping, failed or stopped."""
    from mardev.cli.supervisor.state import is_supervised
    from mardev.home.ports import read_ports

    ports = read_ports(settings)
    is_alive = is_supervised(settings)
    components = list(state.components.values()) if state and is_alive else []
    return {
        "state": _overall(state, is_alive=is_alive),
        "home": str(settings.home),
        "logs": str(settings.logs),
        "airflow_url": ports.airflow_url if ports else None,
        "sandbox_url": ports.sandbox_url if ports else None,
        "seconds_up": round(time.time() - state.started_at) if state and is_alive else None,
        "problem": state.problem if state else "",
        "components": [
            {
                "name": part.name, "title": part.title, "state": part.phase, "restarts": part.restarts,
                "last_exit": part.last_exit, "pid": part.leader.pid if part.leader else None,
            }
            for part in components
        ],
    }  # fmt: skip


def _overall(state: "SupervisorState | None", *, is_alive: bool) -> str:
    if not is_alive or state is None:
        return "failed" if state and state.phase == "failed" else "stopped"
    if state.phase != "running":
        return state.phase
    return "running" if all(part.phase == "running" for part in state.components.values()) else "degraded"


def _print_report(content: dict[str, Any]) -> None:
    from rich.table import Table

    from mardev.cli.console import out

    words = {
        "running": "Everything runs.", "degraded": "Not everything runs.", "stopped": "Nothing runs. Start it: make up",
        "starting": "It is starting.", "stopping": "It is stopping.", "failed": "The last start failed.",
    }  # fmt: skip
    out.print(f"[bold]{words[content['state']]}[/]")
    if content["problem"]:
        out.print(content["problem"], style=PASSING, markup=False)
    if content["components"]:
        table = Table(box=None, pad_edge=False, padding=(0, 2))
        for heading in ("part", "state", "started again", "last end"):
            table.add_column(heading)
        for part in content["components"]:
            colour = COLOURS.get(part["state"], PASSING)
            restarts = str(part["restarts"] or "")
            table.add_row(part["title"], f"[{colour}]{part['state']}[/]", restarts, part["last_exit"])
        out.print(table)
    if content["airflow_url"] and content["components"]:
        out.print(f"Pages: {content['airflow_url']}/mardev/")
    out.print(f"[dim]Logs: {content['logs']}[/]")

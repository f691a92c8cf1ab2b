"""Tells a running iteration in the terminal: stage by stage, lane by lane, decision by decision."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console

from mardev.cli.airflow_client import Task
from mardev.domain.words import Stage
from mardev.stages.decisions import Request

STAGE_TITLES = {
    Stage.PLAN: "1 Plan",
    Stage.CREATE: "2 Create",
    Stage.VERIFY: "3 Verify",
    Stage.PUBLISH: "4 Publish",
    Stage.MONITOR: "5 Monitor",
    Stage.RETROSPECT: "6 Retrospective",
}
MARKS = {"success": "[green]✓[/]", "failed": "[red]✗[/]", "upstream_failed": "[red]✗[/]"}
LANES = {"marketing": "[magenta]marketing  [/]", "technology": "[blue]technology[/] "}
JOINT = "both lanes "


class Story:
    """Prints each thing once."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._told: set[tuple[str, str, str]] = set()
        self._stage: str | None = None
        self._day: str | None = None

    def heading(self, text: str) -> None:
        self._out.print(f"\n[bold]{text}[/]")

    def line(self, text: str) -> None:
        self._out.print(f"  {text}")

    def progress(self, tasks: Sequence[Task], now: datetime) -> None:
        """Tell the steps that ended or began to wait since the last time."""
        for task in tasks:
            told = (task.run_id, task.task_id, str(task.state))
            if told in self._told or task.state not in (*MARKS, "deferred"):
                continue
            self._told.add(told)
            self._enter(task)
            if task.state == "deferred":
                if (task.run_id, task.task_id, "waits") not in self._told:
                    self._told.add((task.run_id, task.task_id, "waits"))
                    self.line(f"[dim]… {_lane(task)} {task.title}[/]")
                continue
            self.line(f"{MARKS[str(task.state)]} {_lane(task)} {task.title}{_seconds(task)}")
        self._tell_day(now)

    def decided(self, request: Request, person: str, answer: str, reason: str) -> None:
        """Tell who decided what, and why."""
        self.line(
            f"[yellow]●[/] [bold]{person}[/] ({request.accountable_role}, accountable): "
            f"«{request.subject}» – [bold]{answer}[/]. {reason}"
        )

    def _enter(self, task: Task) -> None:
        if task.dag_id != self._stage:
            self._stage = task.dag_id
            self.heading(STAGE_TITLES[Stage(task.dag_id)])

    def _tell_day(self, now: datetime) -> None:
        day = f"{now:%a %d %b}"
        if day != self._day:
            self._day = day
            self.line(f"[dim]· in the world it is {day}, {now:%H:%M} UTC[/]")


def _lane(task: Task) -> str:
    return LANES.get(task.task_id.split(".", 1)[0], JOINT)


def _seconds(task: Task) -> str:
    if not (task.started_at and task.ended_at):
        return ""
    seconds = (datetime.fromisoformat(task.ended_at) - datetime.fromisoformat(task.started_at)).total_seconds()
    return f" [dim]{seconds:.0f} s[/]" if seconds >= 1 else ""

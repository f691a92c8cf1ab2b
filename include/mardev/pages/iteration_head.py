"""What every page of one iteration needs first."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import HTTPException

from mardev.warehouse.read import query

STAGES = ("plan", "create", "verify", "publish", "monitor", "retrospect")


def head_of(connection: sa.Connection, iteration_key: str) -> sa.RowMapping:
    """The iteration, or 404."""
    rows = query(connection, "iteration_head", iteration_key=iteration_key)
    if not rows:
        raise HTTPException(404, "There is no such iteration.")
    return rows[0]


def only_world(connection: sa.Connection) -> str | None:
    """The world when all iterations live in the same one: then it may stand over a page of everything."""
    rows = query(connection, "worlds_in_use")
    return rows[0]["world"] if len(rows) == 1 else None


def newest_requests(decisions: Sequence[sa.RowMapping], *decision_keys: str) -> list[sa.RowMapping]:
    """The last attempt of each of `decision_keys`, of all when none is named, in the order first asked."""
    newest: dict[str, sa.RowMapping] = {}
    for row in decisions:
        if not decision_keys or row["decision_key"] in decision_keys:
            newest[row["decision_key"]] = row
    return list(newest.values())


def stage_lines(
    head: sa.RowMapping,
    claims: Sequence[sa.RowMapping],
    check_ins: Sequence[sa.RowMapping],
    overrides: Sequence[sa.RowMapping],
    decisions: Sequence[sa.RowMapping],
) -> list[dict[str, Any]]:
    """One entry a stage: done, now or to come; per lane its check-in or what it waits for.

    A stage counts as done once it handed over, or once the iteration stands behind it.
    """
    claimed = {row["stage"]: row for row in claims}
    given = {(row["stage"], row["lane"]): row for row in check_ins}
    passed = {(row["stage"], row["lane"]): row for row in overrides}
    waiting = [row for row in newest_requests(decisions) if row["state"] == "open" and row["answered_at"] is None]
    position = STAGES.index(head["state"]) if head["state"] in STAGES else len(STAGES)
    lines = []
    for number, stage in enumerate(STAGES):
        claim = claimed.get(stage)
        is_done = bool(claim and claim["handed_over_at"]) or number < position
        if head["state"] == "rejected":
            is_done, state = False, ("stopped" if claim else "to come")
        else:
            state = "done" if is_done else ("now" if number == position else "to come")
        lines.append(
            {
                "stage": stage,
                "state": state,
                "claim": claim,
                "lanes": {
                    lane: {"check_in": given.get((stage, lane)), "override": passed.get((stage, lane))}
                    for lane in ("marketing", "technology")
                },
                "waiting": [row for row in waiting if row["dag_id"] == stage],
            }
        )
    return lines

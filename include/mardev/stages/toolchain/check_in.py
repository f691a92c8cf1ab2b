"""A lane tells the other one where its placements stand. The stage goes on with those that are ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mardev.domain.words import Lane, Stage, Verdict
from mardev.warehouse.tables import check_in, check_in_override, check_in_placement, placement


@dataclass(frozen=True)
class PlacementVerdict:
    """What a lane says of one placement; what is not ready carries its reason and whom it waits for."""

    placement_key: str
    verdict: Verdict
    reason: str = ""
    waits_for: str = ""

    def __post_init__(self) -> None:
        if self.verdict is not Verdict.READY and not self.reason:
            raise ValueError(f"{self.placement_key} is {self.verdict} without a reason")


def give_check_in(
    connection: sa.Connection,
    iteration_key: str,
    stage: Stage,
    lane: Lane,
    at: datetime,
    placements: Sequence[PlacementVerdict] = (),
    note: str = "",
) -> None:
    """Record the check-in of `lane`; giving it again replaces what it said before.

    The caller owns the transaction.
    """
    statement = insert(check_in).values(
        iteration_key=iteration_key, stage=stage, lane=lane, note=note, checked_in_at=at
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["iteration_key", "stage", "lane"],
            set_={"note": statement.excluded.note, "checked_in_at": statement.excluded.checked_in_at},
        )
    )
    said = check_in_placement.c
    connection.execute(
        sa.delete(check_in_placement).where(said.iteration_key == iteration_key, said.stage == stage, said.lane == lane)
    )
    if placements:
        connection.execute(
            sa.insert(check_in_placement),
            [
                {
                    "iteration_key": iteration_key,
                    "stage": stage,
                    "lane": lane,
                    "placement_key": row.placement_key,
                    "verdict": row.verdict,
                    "reason": row.reason,
                    "waits_for": row.waits_for,
                }
                for row in placements
            ],
        )


def lanes_checked_in(connection: sa.Connection, iteration_key: str, stage: Stage) -> set[Lane]:
    return _lanes(connection, check_in, iteration_key, stage)


def lanes_overridden(connection: sa.Connection, iteration_key: str, stage: Stage) -> set[Lane]:
    return _lanes(connection, check_in_override, iteration_key, stage)


def ready_placements(connection: sa.Connection, iteration_key: str, stage: Stage) -> list[str]:
    """Keys of the iteration's placements that no lane holds or drops in `stage`, in order.

    A lane that has not spoken of a placement does not stop it: whether it had to speak is the check-in's matter.
    """
    said = check_in_placement.c
    stopped = sa.select(said.placement_key).where(
        said.iteration_key == iteration_key, said.stage == stage, said.verdict != Verdict.READY
    )
    return list(
        connection.scalars(
            sa.select(placement.c.placement_key)
            .where(
                placement.c.iteration_key == iteration_key,
                placement.c.state.not_in([Verdict.HELD, Verdict.DROPPED]),
                placement.c.placement_key.not_in(stopped),
            )
            .order_by(placement.c.placement_key)
        )
    )


def _lanes(connection: sa.Connection, table: sa.Table, iteration_key: str, stage: Stage) -> set[Lane]:
    rows = connection.scalars(
        sa.select(table.c.lane).where(table.c.iteration_key == iteration_key, table.c.stage == stage)
    )
    return {Lane(lane) for lane in rows}

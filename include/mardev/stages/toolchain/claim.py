"""One run works one stage of one iteration. An event only wakes a run; this table decides whether it works."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mardev.domain.words import Stage
from mardev.errors import StageAlreadyClaimed, StageNotHandedOver
from mardev.stages.context import StageContext
from mardev.warehouse.tables import iteration, stage_claim

STAGE_ORDER = tuple(Stage)
ENDED_STATES = ("closed", "rejected")


def take_claim(connection: sa.Connection, iteration_key: str, stage: Stage, run_id: str, at: datetime) -> None:
    """Claim `stage` of the iteration for `run_id`; the same run may claim again and again.

    The caller owns the transaction. Two runs that claim at once are put in order by the key.

    Raises:
        StageAlreadyClaimed: another run holds it; the message names the holder.
    """
    connection.execute(
        insert(stage_claim)
        .values(iteration_key=iteration_key, stage=stage, run_id=run_id, claimed_at=at)
        .on_conflict_do_nothing()
    )
    holder = holder_of(connection, iteration_key, stage)
    if holder != run_id:
        raise StageAlreadyClaimed(
            f"Stage {stage} of {iteration_key} belongs to the run {holder}. This run has nothing to do. "
            "To work the stage again, clear the tasks of that run."
        )


def holder_of(connection: sa.Connection, iteration_key: str, stage: Stage) -> str | None:
    """Run id of the run that works the stage, None before anybody claimed it."""
    return connection.scalar(
        sa.select(stage_claim.c.run_id).where(
            stage_claim.c.iteration_key == iteration_key, stage_claim.c.stage == stage
        )
    )


def is_handed_over(connection: sa.Connection, iteration_key: str, stage: Stage) -> bool:
    return (
        connection.scalar(
            sa.select(stage_claim.c.handed_over_at).where(
                stage_claim.c.iteration_key == iteration_key, stage_claim.c.stage == stage
            )
        )
        is not None
    )


def stage_before(stage: Stage) -> Stage | None:
    position = STAGE_ORDER.index(stage)
    return STAGE_ORDER[position - 1] if position else None


def stage_after(stage: Stage) -> Stage | None:
    position = STAGE_ORDER.index(stage)
    return STAGE_ORDER[position + 1] if position + 1 < len(STAGE_ORDER) else None


def claim_stage(context: StageContext) -> str:
    """First step of every stage after the plan: check the recorded hand-over, claim, move the iteration on.

    Returns:
        The iteration's key.

    Raises:
        StageNotHandedOver: the stage before has no recorded hand-over, or the iteration has ended.
        StageAlreadyClaimed: another run works this stage.
    """
    stage = Stage(context.run.dag_id)
    key = context.iteration_key
    with context.warehouse.begin() as connection:
        _require_hand_over(connection, key, stage)
        take_claim(connection, key, stage, context.run.run_id, context.clock.now())
        connection.execute(
            sa.update(iteration)
            .where(iteration.c.iteration_key == key, iteration.c.state.not_in(ENDED_STATES))
            .values(state=stage)
        )
    return key


def _require_hand_over(connection: sa.Connection, key: str, stage: Stage) -> None:
    state = connection.scalar(sa.select(iteration.c.state).where(iteration.c.iteration_key == key))
    if state is None:
        raise StageNotHandedOver(f"There is no iteration {key}: somebody started {stage} for it by hand.")
    if state in ENDED_STATES:
        raise StageNotHandedOver(f"Iteration {key} is {state}: {stage} has nothing to do.")
    before = stage_before(stage)
    if before and not is_handed_over(connection, key, before):
        raise StageNotHandedOver(
            f"{before} of {key} has not handed over yet. This run was woken too early and has nothing to do; "
            f"{stage} starts by itself when {before} hands over."
        )

"""Whether a stage may hand its iteration over, told from the warehouse alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage
from mardev.stages.decisions import PASSING_ANSWERS, latest_answer, was_not_needed
from mardev.stages.toolchain.check_in import lanes_checked_in, lanes_overridden
from mardev.stages.toolchain.claim import holder_of, stage_after
from mardev.warehouse.tables import iteration, stage_claim

REQUIRED_DECISIONS: dict[Stage, dict[str, Lane]] = {
    Stage.PLAN: {"sign_plan_marketing": Lane.MARKETING, "sign_plan_technology": Lane.TECHNOLOGY},
    Stage.CREATE: {"extend_plan": Lane.MARKETING},
    Stage.VERIFY: {"go_live": Lane.MARKETING},
    Stage.PUBLISH: {},
    Stage.MONITOR: {},
    Stage.RETROSPECT: {"learn_marketing": Lane.MARKETING, "learn_technology": Lane.TECHNOLOGY},
}
"""The decisions a stage cannot hand over without, and whose they are.

The head's override of the technology lane stands for technology's answer; nothing stands for marketing's: creators,
message and money are signed or they are not.
"""


@dataclass(frozen=True)
class HandOverState:
    """What was found. `missing_lanes` can be overridden by a person, `missing_answers` cannot."""

    holder: str | None
    handed_over_at: datetime | None
    is_ended: bool
    next_stage_claimed: bool
    missing_lanes: tuple[Lane, ...] = ()
    missing_answers: tuple[str, ...] = ()
    overridden_lanes: tuple[Lane, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.missing_lanes and not self.missing_answers


def read_hand_over(
    connection: sa.Connection, iteration_key: str, stage: Stage, *, lanes: Collection[Lane] = tuple(Lane)
) -> HandOverState:
    """Everything `hand_over` needs to know, from the claim, the check-ins, the overrides and the answers."""
    claim = connection.execute(
        sa.select(stage_claim.c.run_id, stage_claim.c.handed_over_at).where(
            stage_claim.c.iteration_key == iteration_key, stage_claim.c.stage == stage
        )
    ).one_or_none()
    state = connection.scalar(sa.select(iteration.c.state).where(iteration.c.iteration_key == iteration_key))
    checked_in = lanes_checked_in(connection, iteration_key, stage)
    overridden = lanes_overridden(connection, iteration_key, stage)
    missing_lanes = tuple(lane for lane in lanes if lane not in checked_in | overridden)
    after = stage_after(stage)
    return HandOverState(
        holder=claim.run_id if claim else None,
        handed_over_at=claim.handed_over_at if claim else None,
        is_ended=state in ("closed", "rejected"),
        next_stage_claimed=after is not None and holder_of(connection, iteration_key, after) is not None,
        missing_lanes=missing_lanes,
        missing_answers=_missing_answers(connection, iteration_key, stage, overridden | set(missing_lanes)),
        overridden_lanes=tuple(sorted(overridden)),
    )


def _missing_answers(
    connection: sa.Connection, iteration_key: str, stage: Stage, lanes_without_say: set[Lane]
) -> tuple[str, ...]:
    missing = []
    for decision_key, lane in REQUIRED_DECISIONS[stage].items():
        is_waived = lane is Lane.TECHNOLOGY and lane in lanes_without_say
        if is_waived or was_not_needed(connection, iteration_key, decision_key):
            continue
        answer = latest_answer(connection, iteration_key, decision_key)
        if answer is None or answer.answer not in PASSING_ANSWERS[decision_key]:
            missing.append(decision_key)
    return tuple(missing)


def record_hand_over(
    connection: sa.Connection, iteration_key: str, stage: Stage, run_id: str, at: datetime
) -> datetime | None:
    """Write down that the stage handed over; the first time stands. The caller owns the transaction.

    Returns:
        When it was handed over, None when `run_id` does not hold the stage.
    """
    claim = stage_claim.c
    handed_over_at: datetime | None = connection.scalar(
        sa.update(stage_claim)
        .where(claim.iteration_key == iteration_key, claim.stage == stage, claim.run_id == run_id)
        .values(handed_over_at=sa.func.coalesce(claim.handed_over_at, at))
        .returning(claim.handed_over_at)
    )
    return handed_over_at

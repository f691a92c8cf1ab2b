"""Going on without a lane's check-in: a named person, a reason, and a row the retrospective reads."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mardev.domain.words import Lane, Role, Stage
from mardev.errors import FixFirst
from mardev.warehouse.tables import check_in_override, role_member


class OverrideRefused(FixFirst):
    """This person may not override this lane, or gave no reason."""


def role_that_overrides(lanes: Collection[Lane]) -> Role:
    """A technology block is lifted by the head alone; a marketing block by marketing."""
    return Role.HEAD if Lane.TECHNOLOGY in lanes else Role.MARKETING


def may_override(connection: sa.Connection, person: str, lane: Lane) -> bool:
    """The head may lift any block, marketing its own."""
    roles = set(connection.scalars(sa.select(role_member.c.role).where(role_member.c.person == person)))
    return Role.HEAD in roles or (lane is Lane.MARKETING and Role.MARKETING in roles)


def record_override(
    connection: sa.Connection,
    iteration_key: str,
    stage: Stage,
    lanes: Collection[Lane],
    person: str,
    reason: str,
    at: datetime,
) -> None:
    """Let the stage go on without `lanes`. The first override of a lane stands. The caller owns the transaction.

    Raises:
        OverrideRefused: no reason, or a person without the right.
    """
    if not reason.strip():
        raise OverrideRefused("An override needs a reason: it is read in the retrospective. Write one sentence.")
    for lane in lanes:
        if not may_override(connection, person, lane):
            raise OverrideRefused(
                f"{person} may not override the {lane} lane. Ask somebody with the role {role_that_overrides([lane])}."
            )
        connection.execute(
            insert(check_in_override)
            .values(
                iteration_key=iteration_key, stage=stage, lane=lane, person=person, reason=reason.strip(), made_at=at
            )
            .on_conflict_do_nothing()
        )

"""Technology's second step of `plan`: the systems are tried; each requirement says whether it will be met in time."""

from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage
from mardev.stages.check_systems.check_systems import check_systems
from mardev.stages.context import StageContext
from mardev.stages.plan.derive_requirements import derive_requirements
from mardev.stages.toolchain.check_in import give_check_in
from mardev.warehouse import tables


def state_readiness(context: StageContext) -> dict[str, Any]:
    """Check the systems now, restate the readiness, and give technology's check-in of the plan."""
    check_systems(context)
    derive_requirements(context)
    table = tables.requirement
    with context.warehouse.begin() as connection:
        gaps = connection.execute(
            sa.select(table.c.requirement_key, table.c.detail).where(
                table.c.iteration_key == context.iteration_key, table.c.readiness == "gap"
            )
        ).all()
        note = f"{len(gaps)} requirements are not met in time" if gaps else "Every requirement is met in time"
        give_check_in(connection, context.iteration_key, Stage.PLAN, Lane.TECHNOLOGY, context.clock.now(), note=note)
    return {"gaps": {key: detail for key, detail in gaps}}

"""Technology step of `publish`: links are enabled, placements are armed, and `watch_posts` begins to look for posts."""

from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage, Verdict
from mardev.stages.context import StageContext
from mardev.stages.lookups import placements_of
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in, ready_placements
from mardev.warehouse import tables


def arm_placements(context: StageContext) -> dict[str, Any]:
    """Arm what passed the gate; running again changes nothing."""
    now = context.clock.now()
    placement, link = tables.placement, tables.tracking_link
    with context.warehouse.begin() as connection:
        ready = ready_placements(connection, context.iteration_key, Stage.VERIFY)
        connection.execute(
            sa.update(link)
            .where(link.c.placement_key.in_(ready))
            .values(enabled_at=sa.func.coalesce(link.c.enabled_at, now))
        )
        connection.execute(
            sa.update(placement)
            .where(placement.c.placement_key.in_(ready), placement.c.state.in_(("briefed", "drafted", "verified")))
            .values(state="armed")
        )
        armed = [row["placement_key"] for row in placements_of(connection, context.iteration_key, "armed", "live")]
        verdicts = [PlacementVerdict(key, Verdict.READY) for key in armed]
        give_check_in(connection, context.iteration_key, Stage.PUBLISH, Lane.TECHNOLOGY, now, verdicts)
    return {"armed": len(armed)}

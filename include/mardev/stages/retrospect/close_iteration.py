"""Last step of `retrospect`: the iteration is closed."""

import sqlalchemy as sa

from mardev.stages.context import StageContext
from mardev.warehouse import tables


def close_iteration(context: StageContext) -> str:
    """Close the iteration; closing it again changes nothing. Returns its key."""
    iteration = tables.iteration
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.update(iteration)
            .where(iteration.c.iteration_key == context.iteration_key, iteration.c.closed_at.is_(None))
            .values(state="closed", closed_at=context.clock.now())
        )
    return context.iteration_key

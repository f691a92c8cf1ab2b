"""What is known of the systems' health."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from mardev.domain.words import World
from mardev.warehouse import tables


def newest_health(connection: sa.Connection, world: World) -> dict[tuple[str, str], bool]:
    """(system, market) to whether its newest check found it healthy; market is empty for systems that serve all."""
    check = tables.system_check
    query = (
        sa.select(check.c.system_key, check.c.market, check.c.is_healthy)
        .where(check.c.world == str(world))
        .ext(distinct_on(check.c.system_key, check.c.market))
        .order_by(check.c.system_key, check.c.market, check.c.checked_at.desc())
    )
    return {(system, market): healthy for system, market, healthy in connection.execute(query)}

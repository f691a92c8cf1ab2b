"""How far a source has been read, one position for each source and world."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.domain.words import World
from mardev.warehouse import tables


def read_cursor(connection: sa.Connection, source: str, world: World) -> str | None:
    """The position, None before the first reading."""
    table = tables.sync_cursor
    position = connection.execute(
        sa.select(table.c.position).where(table.c.source == source, table.c.world == str(world))
    ).scalar()
    return position or None


def move_cursor(connection: sa.Connection, source: str, world: World, position: str, at: datetime) -> None:
    """Remember `position` and when it was reached; an empty position keeps the old one and only notes the reading."""
    statement = postgresql.insert(tables.sync_cursor).values(
        source=source, world=str(world), position=position, moved_at=at
    )
    kept = sa.func.coalesce(sa.func.nullif(statement.excluded.position, ""), tables.sync_cursor.c.position)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "world"], set_={"position": kept, "moved_at": statement.excluded.moved_at}
        )
    )

"""The way into the warehouse: one login role, taking on the rights of a group role for each use."""

from typing import Literal

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

WarehouseRole = Literal["owner", "writer", "reader"]


def create_engine(url: str, role: WarehouseRole = "writer", *, pool_size: int = 0) -> sa.Engine:
    """Engine on the warehouse with the rights of `role`.

    Args:
        url: SQLAlchemy URL with the ``postgresql+psycopg`` driver.
        role: `owner` migrates, `writer` stages and publishes, `reader` serves pages.
        pool_size: connections kept open; 0 opens one for each use, which is right for short tasks.
    """
    options = {"connect_args": {"options": "-c timezone=UTC"}}
    engine = (
        sa.create_engine(url, pool_size=pool_size, pool_pre_ping=True, **options)
        if pool_size
        else sa.create_engine(url, poolclass=NullPool, **options)
    )
    if role != "owner":
        group_role = {"writer": "mardev_writer", "reader": "mardev_reader"}[role]

        @sa.event.listens_for(engine, "connect")
        def take_on_role(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
            previous = connection.autocommit
            connection.autocommit = True
            connection.execute(f"SET ROLE {group_role}")
            connection.autocommit = previous

    return engine

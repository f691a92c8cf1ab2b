"""The catalogue of systems, as the warehouse keeps it."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.martech.systems import SYSTEMS
from mardev.warehouse import tables


def write_catalogue(connection: sa.Connection) -> None:
    """Write or refresh every system of the catalogue."""
    for system in SYSTEMS:
        values = {
            "system_key": system.system_key,
            "name": system.name,
            "owner": system.owner,
            "purpose": system.purpose,
            "activities": list(system.activities),
        }
        statement = postgresql.insert(tables.system).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=["system_key"], set_=values))

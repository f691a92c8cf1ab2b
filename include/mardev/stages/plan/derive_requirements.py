"""Technology's first step of `plan`: what the form asks of the systems, by whom and by when."""

from typing import Any

from sqlalchemy.dialects import postgresql

from mardev.martech.requirements import readiness, requirements_for
from mardev.stages.check_systems.catalogue import write_catalogue
from mardev.stages.check_systems.health import newest_health
from mardev.stages.context import StageContext
from mardev.stages.lookups import iteration_row, plan_rows
from mardev.warehouse import tables


def derive_requirements(context: StageContext) -> dict[str, Any]:
    """Write the catalogue of systems and the iteration's requirements with their readiness so far."""
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        write_catalogue(connection)
        iteration = iteration_row(connection, context.iteration_key)
        requirements = requirements_for(
            iteration["form"], [dict(row) for row in plan_rows(connection, context.iteration_key, "chosen")]
        )
        health = newest_health(connection, context.world)
        for requirement in requirements:
            state = readiness(requirement, health, now, iteration["flight_from"])
            values = {
                "iteration_key": context.iteration_key,
                "requirement_key": requirement.requirement_key,
                "system_key": requirement.system_key,
                "need": requirement.need,
                "approach": requirement.approach,
                "owner": requirement.owner,
                "due_at": state.due_at,
                "readiness": state.state,
                "detail": state.detail,
            }
            statement = postgresql.insert(tables.requirement).values(values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["iteration_key", "requirement_key"], set_=values)
            )
    return {"requirements": len(requirements)}

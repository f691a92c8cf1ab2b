"""Technology step of `monitor`: how the systems did during the flight, system by system."""

from typing import Any

from mardev.domain.words import Lane, Stage
from mardev.stages.context import StageContext
from mardev.stages.lookups import iteration_row
from mardev.stages.toolchain.check_in import give_check_in
from mardev.warehouse.read import query


def summarise_systems(context: StageContext) -> dict[str, Any]:
    """Checks, failures and availability of each system and market during the flight; technology's check-in."""
    with context.warehouse.begin() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        rows = query(
            connection,
            "system_availability",
            world=iteration["world"],
            markets=iteration["markets"],
            counted_from=iteration["flight_from"],
            counted_to=iteration["flight_to"],
        )
        troubled = [row for row in rows if row["failed_count"]]
        note = (
            "; ".join(
                f"{row['name']}{' in ' + row['market'] if row['market'] else ''}: "
                f"{row['failed_count']} of {row['check_count']} checks failed"
                for row in troubled
            )
            or "Every check of the flight passed"
        )
        give_check_in(connection, context.iteration_key, Stage.MONITOR, Lane.TECHNOLOGY, context.clock.now(), note=note)
    return {"systems": len(rows), "troubled": len(troubled)}

"""Where the iterations of the demo stand."""

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.warehouse import tables

ENDED = ("closed", "rejected")


def running_iteration(connection: sa.Connection) -> str | None:
    """The newest iteration that is neither closed nor rejected."""
    iteration = tables.iteration
    return connection.execute(
        sa.select(iteration.c.iteration_key)
        .where(iteration.c.state.not_in(ENDED))
        .order_by(iteration.c.opened_at.desc())
        .limit(1)
    ).scalar()


def iteration_keys(connection: sa.Connection) -> set[str]:
    return set(connection.execute(sa.select(tables.iteration.c.iteration_key)).scalars())


def iteration_of_run(connection: sa.Connection, run_id: str) -> str | None:
    """What a run of `plan` opened; None before it has."""
    iteration = tables.iteration
    return connection.execute(sa.select(iteration.c.iteration_key).where(iteration.c.opened_by_run == run_id)).scalar()


def is_closed(connection: sa.Connection, key: str | None) -> bool:
    """Whether the iteration has ended; False while it does not exist.

    Raises:
        FixFirst: it was rejected.
    """
    state = connection.execute(
        sa.select(tables.iteration.c.state).where(tables.iteration.c.iteration_key == (key or ""))
    ).scalar()
    if state == "rejected":
        raise FixFirst(f"The iteration {key} was sent back; start its next revision with the form of 1 Plan.")
    return state == "closed"


def waits_for_signature(connection: sa.Connection) -> bool:
    """Whether nothing but marketing's signature is missing under the running iteration's plan."""
    key = running_iteration(connection)
    table = tables.decision_request
    rows = connection.execute(
        sa.select(table.c.decision_key, table.c.state).where(table.c.iteration_key == (key or ""))
    )
    states = {decision_key: state for decision_key, state in rows}
    return states.get("sign_plan_marketing") == "open" and states.get("sign_plan_technology") == "answered"

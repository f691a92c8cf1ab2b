"""A plan that was sent back ends its iteration; the next revision starts from the same form, filled in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mardev.stages.decisions import Answer, withdraw_open_requests
from mardev.warehouse.tables import iteration, proposal


def reject_iteration(connection: sa.Connection, iteration_key: str, given: Answer, at: datetime) -> None:
    """End the iteration, withdraw what is still asked, and propose its next revision. The caller owns the transaction.

    Doing it twice leaves the same rows. The proposal holds the fields of the form of `plan`; a first day that has
    passed by then is left out.
    """
    row = connection.execute(
        sa.update(iteration)
        .where(iteration.c.iteration_key == iteration_key, iteration.c.state != "closed")
        .values(state="rejected", closed_at=sa.func.coalesce(iteration.c.closed_at, at))
        .returning(iteration.c.form, iteration.c.flight_from)
    ).one_or_none()
    if row is None:
        return
    withdraw_open_requests(connection, iteration_key)
    form = {**row.form, "flight_from": row.form.get("flight_from") if row.flight_from > at else None}
    reasons = [{"person": given.person, "decision": given.decision_key, "answer": given.answer, "reason": given.reason}]
    connection.execute(
        insert(proposal)
        .values(iteration_key=iteration_key, form=form, reasons=reasons, proposed_at=at)
        .on_conflict_do_nothing()
    )

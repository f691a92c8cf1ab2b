"""Who is asked, and how they hear of it: one mail with a deep link for each person and request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mardev.domain.words import Role, World
from mardev.stages.decisions import Request
from mardev.stages.outbox import OutgoingMessage, queue_message
from mardev.warehouse.tables import role_member


@dataclass(frozen=True)
class Member:
    """Somebody who may decide."""

    person: str
    full_name: str
    email: str
    airflow_user_id: str


def members(connection: sa.Connection, roles: Collection[Role], *, only: str | None = None) -> list[Member]:
    """Who holds one of `roles`, each person once; `only` narrows it to one named person."""
    columns = role_member.c
    statement = (
        sa.select(columns.person, columns.full_name, columns.email, columns.airflow_user_id)
        .where(columns.role.in_([str(role) for role in roles]))
        .distinct()
        .order_by(columns.person)
    )
    if only:
        statement = statement.where(columns.person == only)
    return [Member(*row) for row in connection.execute(statement)]


def person_of_login(connection: sa.Connection, airflow_user_id: str) -> str | None:
    """The person behind a user id of Airflow, None when the person holds no role."""
    return connection.scalar(
        sa.select(role_member.c.person).where(role_member.c.airflow_user_id == airflow_user_id).limit(1)
    )


def queue_invitations(
    connection: sa.Connection,
    request: Request,
    invited: Collection[Member],
    *,
    world: World,
    page_url: str,
    at: datetime,
) -> None:
    """Queue the mails of one attempt; asking twice for it mails once. The caller owns the transaction."""
    for member in invited:
        mail = OutgoingMessage(
            message_key=f"{request.iteration_key}/{request.decision_key}/{request.attempt}/{member.person}",
            kind="decision_request",
            address=member.email,
            subject=request.subject,
            body=_invitation(request, member, page_url),
            language="en",
            iteration_key=request.iteration_key,
        )
        queue_message(connection, mail, world=world, due_at=at, domain=member.email.rpartition("@")[2])


def _invitation(request: Request, member: Member, page_url: str) -> str:
    return (
        f"Hello {member.full_name},\n\n{request.subject}\n\n"
        f"Possible answers: {', '.join(request.options)}.\n"
        f"Accountable: {request.accountable_role}. Consulted: {request.consulted}. Informed: {request.informed}.\n\n"
        f"Look at it and answer here: {page_url}\n"
    )

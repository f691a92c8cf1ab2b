"""Rows that many steps look up, each with a clear word when it is not there."""

from collections.abc import Sequence

import sqlalchemy as sa

from mardev.domain.words import Role
from mardev.errors import FixFirst
from mardev.warehouse import tables

Row = sa.RowMapping


def iteration_row(connection: sa.Connection, iteration_key: str) -> Row:
    """The iteration.

    Raises:
        FixFirst: there is none of that key.
    """
    missing = f"There is no iteration {iteration_key}. Start one with the form of `1 Plan`."
    return _only_row(connection, tables.iteration, iteration_key, missing)


def require_role(connection: sa.Connection, person: str, role: Role, rule: str) -> None:
    """Let nobody change what is another role's; `rule` is the beginning of a sentence that says whose it is.

    Raises:
        FixFirst: the person does not hold the role.
    """
    member = tables.role_member
    if not connection.execute(sa.select(1).where(member.c.person == person, member.c.role == str(role))).first():
        raise FixFirst(f"{rule}; ask the head of marketing technology for the role.")


def plan_of(connection: sa.Connection, iteration_key: str) -> Row:
    """The iteration's plan.

    Raises:
        FixFirst: the iteration has no plan yet.
    """
    missing = f"Iteration {iteration_key} has no plan yet; the step `shortlist_creators` of `1 Plan` makes it."
    return _only_row(connection, tables.plan, iteration_key, missing)


def plan_rows(connection: sa.Connection, iteration_key: str, *choices: str) -> Sequence[Row]:
    """Rows of the plan with one of `choices`, chosen before reserve, in approach order."""
    table = tables.plan_row
    return (
        connection.execute(
            sa.select(table)
            .where(table.c.iteration_key == iteration_key, table.c.choice.in_(choices))
            .order_by(sa.case((table.c.choice == "chosen", 0), else_=1), table.c.approach_order)
        )
        .mappings()
        .all()
    )


def deals_of(connection: sa.Connection, iteration_key: str) -> Sequence[Row]:
    """The iteration's deals in approach order."""
    table = tables.deal
    return (
        connection.execute(
            sa.select(table).where(table.c.iteration_key == iteration_key).order_by(table.c.approach_order)
        )
        .mappings()
        .all()
    )


def placements_of(connection: sa.Connection, iteration_key: str, *states: str) -> Sequence[Row]:
    """The iteration's placements with their channel's country, language and title, in order of their keys."""
    placement, channel = tables.placement, tables.channel
    query = (
        sa.select(
            placement,
            channel.c.country,
            channel.c.language,
            channel.c.title.label("channel_title"),
            channel.c.external_id.label("channel_external_id"),
            channel.c.uploads_playlist,
        )
        .join(channel, channel.c.channel_key == placement.c.channel_key)
        .where(placement.c.iteration_key == iteration_key)
        .order_by(placement.c.placement_key)
    )
    if states:
        query = query.where(placement.c.state.in_(states))
    return connection.execute(query).mappings().all()


def address_of(connection: sa.Connection, channel_key: str) -> Row | None:
    """The contact to write to: the creator, else the manager, else the agency; None when none was found."""
    table = tables.contact
    rank = sa.case({"creator": 0, "manager": 1}, value=table.c.kind, else_=2)
    return (
        connection.execute(sa.select(table).where(table.c.channel_key == channel_key).order_by(rank).limit(1))
        .mappings()
        .first()
    )


def _only_row(connection: sa.Connection, table: sa.Table, iteration_key: str, missing: str) -> Row:
    found = connection.execute(sa.select(table).where(table.c.iteration_key == iteration_key)).mappings().first()
    if found is None:
        raise FixFirst(missing)
    return found

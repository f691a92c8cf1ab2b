"""Rows of a stage that must not be published: which, why, and where they are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.errors import GateBlocked
from mardev.warehouse.staging import MALFORMED, ROW_NUMBER, IngestRun
from mardev.warehouse.tables import quarantined_row
from mardev.warehouse.tables.base import TEXTS

DUPLICATE = "duplicate_in_batch"


class Requirement(Protocol):
    """What a row must fulfil to be published."""

    @property
    def name(self) -> str: ...
    @property
    def predicate(self) -> str: ...
    def allowed_count(self, row_count: int) -> int: ...


def holds(predicate: str) -> sa.ColumnElement[bool]:
    """The predicate as an expression that is false where SQL says unknown."""
    return sa.func.coalesce(sa.text(predicate), sa.false(), type_=sa.Boolean)


def set_bad_rows_aside(
    connection: sa.Connection,
    stage: sa.Table,
    key: Sequence[str],
    requirements: Sequence[Requirement],
    facts: Mapping[str, Any],
) -> sa.Table:
    """A temporary table of the rows that must not be published, each with the names of what it breaks.

    Of good rows with the same key the one staged last stays.
    """
    bad = sa.Table(
        "bad_row",
        sa.MetaData(),
        sa.Column(ROW_NUMBER, sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rules", TEXTS),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    bad.create(connection)
    broken = [sa.case((~holds(requirement.predicate), requirement.name)) for requirement in requirements]
    breaking = sa.select(
        stage.c[ROW_NUMBER], sa.func.array_remove(postgresql.array[Any](broken, type_=sa.Text), None)
    ).where(~sa.and_(sa.true(), *(holds(requirement.predicate) for requirement in requirements)))
    connection.execute(bad.insert().from_select(bad.columns.keys(), breaking), facts)

    columns = [stage.c[name] for name in key]
    repeated = sa.select(sa.literal(1)).select_from(stage).group_by(*columns).having(sa.func.count() > 1)
    if connection.scalar(sa.select(repeated.exists())):
        place = sa.func.row_number().over(partition_by=columns, order_by=stage.c[ROW_NUMBER].desc())
        placed = sa.select(stage.c[ROW_NUMBER], place.label("place")).where(is_good(stage, bad)).subquery()
        earlier = sa.select(placed.c[ROW_NUMBER], postgresql.array([sa.literal(DUPLICATE)])).where(placed.c.place > 1)
        connection.execute(bad.insert().from_select(bad.columns.keys(), earlier))
    return bad


def is_good(stage: sa.Table, bad: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a row of the stage is not among the bad ones."""
    return ~sa.exists().where(bad.c[ROW_NUMBER] == stage.c[ROW_NUMBER])


def refuse_too_many(
    connection: sa.Connection, bad: sa.Table, requirements: Sequence[Requirement], row_count: int
) -> None:
    """Raises: GateBlocked: more of the stage's `row_count` rows break a requirement than it allows."""
    rule = sa.select(sa.func.unnest(bad.c.rules).label("name")).subquery("rule")
    counted = connection.execute(sa.select(rule.c.name, sa.func.count().label("rows")).group_by(rule.c.name))
    counts: dict[str, int] = {row.name: row.rows for row in counted}
    broken = [
        f"{requirement.name} ({counts[requirement.name]} of {row_count} rows)"
        for requirement in requirements
        if counts.get(requirement.name, 0) > requirement.allowed_count(row_count)
    ]
    if broken:
        raise GateBlocked(f"Too many rows break {', '.join(broken)}. Nothing was published; the rows stay staged.")


def quarantine(connection: sa.Connection, run: IngestRun, stage: sa.Table, bad: sa.Table) -> int:
    """Keep the bad rows as they came, with what they break. Returns how many."""
    whole = sa.func.to_jsonb(sa.literal_column(f'"{stage.name}"'), type_=postgresql.JSONB)
    as_it_came = sa.func.coalesce(stage.c[MALFORMED], sa.cast(sa.literal("{}"), postgresql.JSONB))
    payload = whole.op("-")(ROW_NUMBER).op("-")(MALFORMED).op("||")(as_it_came)
    kept = quarantined_row.insert().from_select(
        ["ingest_run_id", "asset", "world", "row_no", "rules", "payload"],
        sa.select(
            sa.literal(run.ingest_run_id),
            sa.literal(run.asset),
            sa.literal(str(run.world)),
            stage.c[ROW_NUMBER],
            bad.c.rules,
            payload,
        )
        .join_from(stage, bad, bad.c[ROW_NUMBER] == stage.c[ROW_NUMBER])
        .order_by(stage.c[ROW_NUMBER]),
    )
    return connection.execute(kept.execution_options(preserve_rowcount=True)).rowcount


def resolve(
    connection: sa.Connection, quarantined_row_ids: Collection[int], resolution: str, person: str, at: datetime
) -> int:
    """Note what a person did about quarantined rows (`released`, `discarded`, `superseded`). Returns how many."""
    table = quarantined_row
    noted = (
        sa.update(table)
        .where(table.c.quarantined_row_id.in_(quarantined_row_ids), table.c.resolved_at.is_(None))
        .values(resolution=resolution, resolved_by=person, resolved_at=at)
    )
    return connection.execute(noted).rowcount

"""Writes into the warehouse: small ones by `upsert`, batches by `publish` from a stage that passed its gate.

Several writers may work at once: rows are written in the order of their keys, so that two writers of the same
rows wait for each other and never in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.errors import FixFirst
from mardev.settings import PROJECT_ROOT
from mardev.warehouse.assets import Asset, asset_named
from mardev.warehouse.quarantine import Requirement, holds, is_good, quarantine, refuse_too_many, set_bad_rows_aside
from mardev.warehouse.staging import IngestRun, drop_stage, stage_table
from mardev.warehouse.tables import ingest_run

ROWS_PER_STATEMENT = 1_000
WORK_MEMORY = "256MB"
ROLLUPS = PROJECT_ROOT / "sql" / "rollups"


@dataclass(frozen=True)
class WriteCount:
    """How many rows were new and how many were there already."""

    inserted: int = 0
    updated: int = 0

    def __add__(self, other: "WriteCount") -> "WriteCount":
        return WriteCount(self.inserted + other.inserted, self.updated + other.updated)


@dataclass(frozen=True)
class PublishCount:
    """What became of the rows of a stage; `staged` is `published` and `quarantined` together."""

    staged: int
    quarantined: int
    inserted: int
    updated: int

    @property
    def published(self) -> int:
        """Rows that now stand in the table, whether this run wrote them or found them so."""
        return self.staged - self.quarantined

    @property
    def unchanged(self) -> int:
        return self.published - self.inserted - self.updated


def upsert(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> WriteCount:
    """Insert rows, and update those whose primary key is already there.

    Running it twice with the same rows leaves the same table. The caller owns the
    transaction: nothing is committed here.

    Args:
        connection: open connection inside a transaction.
        table: target; its primary key is the conflict target.
        rows: column name to value; every row has the same keys, the primary key among
            them, and no primary key occurs twice. Written 1 000 rows a statement.

    Returns:
        Rows inserted and rows updated; together the number of rows given.

    Raises:
        sqlalchemy.exc.IntegrityError: a row breaks a constraint other than the key.
    """
    key = [column.name for column in table.primary_key.columns]
    remaining = iter(sorted(rows, key=lambda row: tuple(row[name] for name in key)))
    total = WriteCount()
    while batch := list(islice(remaining, ROWS_PER_STATEMENT)):
        insert = postgresql.insert(table).values(batch)
        # A row that is nothing but its key is "updated" to itself, so that it counts.
        changing = [name for name in batch[0] if name not in key] or key
        total += _written(
            connection,
            insert.on_conflict_do_update(index_elements=key, set_={name: insert.excluded[name] for name in changing}),
        )
    return total


def publish(engine: sa.Engine, run: IngestRun, requirements: Sequence[Requirement]) -> PublishCount:
    """Move a gated stage into its table, all of it or nothing; running it again after a success changes nothing.

    One transaction: rows that break a requirement go to the quarantine with their reasons, of rows with the same key
    the one staged last stays and the others are quarantined, the rest is written in the order of the key, rollups
    and the run ledger follow, the stage is dropped.

    Args:
        engine: writer on the warehouse.
        run: the gate has let it pass.
        requirements: broken requirement = quarantined row. Predicates may ask for ``:world`` and ``:snapshot_at``.

    Raises:
        FixFirst: the run has not passed its gate, or was given up.
        GateBlocked: more rows break a requirement than it allows; nothing was published, the stage is kept.
    """
    asset = asset_named(run.asset)
    facts = {"world": str(run.world), "snapshot_at": run.snapshot_at}
    with engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"publish:{asset.name}"))))
        connection.execute(sa.select(sa.func.set_config("work_mem", WORK_MEMORY, True)))
        ledger = _ledger_row(connection, run)
        if ledger.state == "published":
            return PublishCount(
                ledger.staged_count, ledger.quarantined_count, ledger.inserted_count, ledger.updated_count
            )
        count = None
        if ledger.flagged_count == 0 and not asset.is_mutable:
            count = _publish_as_new(connection, run, requirements, facts, ledger.staged_count)
        if count is None:
            count = _publish_carefully(connection, run, requirements, facts, ledger.staged_count)
        _close_run(connection, run, count)
        drop_stage(connection, run.stage_name)
    return count


def _ledger_row(connection: sa.Connection, run: IngestRun) -> sa.Row[Any]:
    row = connection.execute(
        sa.select(ingest_run).where(ingest_run.c.ingest_run_id == run.ingest_run_id).with_for_update()
    ).one()
    if row.state not in ("gated", "published"):
        raise FixFirst(
            f"Run {run.ingest_run_id} of {run.asset} is {row.state}, not gated: nothing was published. "
            "Run the task that collects the rows again."
        )
    return row


def _publish_as_new(
    connection: sa.Connection,
    run: IngestRun,
    requirements: Sequence[Requirement],
    facts: Mapping[str, Any],
    staged: int,
) -> PublishCount | None:
    """Try the common case at half the cost: every row is good and none was there before.

    A plain insert of the rows that fulfil the requirements proves it by its count, and a key that is there already,
    or twice in the batch, by the constraint. None: it was another case, nothing was changed.
    """
    asset = asset_named(run.asset)
    stage = stage_table(run)
    good = sa.select(stage).where(*(holds(requirement.predicate) for requirement in requirements))
    attempt = connection.begin_nested()
    _ensure_months(connection, asset, sa.select(stage))
    try:
        inserted = _inserted(connection, _insert(run, good), facts)
    except sa.exc.IntegrityError:
        inserted = -1
    if inserted != staged:
        attempt.rollback()
        return None
    attempt.commit()
    if asset.rollups:
        _run_rollups(connection, asset, sa.select(stage))
    return PublishCount(staged, 0, inserted, 0)


def _publish_carefully(
    connection: sa.Connection,
    run: IngestRun,
    requirements: Sequence[Requirement],
    facts: Mapping[str, Any],
    staged: int,
) -> PublishCount:
    asset = asset_named(run.asset)
    stage = stage_table(run)
    bad = set_bad_rows_aside(connection, stage, asset.key, requirements, facts)
    refuse_too_many(connection, bad, requirements, staged)
    quarantined = quarantine(connection, run, stage, bad)
    good = sa.select(stage).where(is_good(stage, bad))
    _ensure_months(connection, asset, good)
    if asset.is_mutable:
        written = _written(connection, _updating_what_changed(_insert(run, good), asset))
    else:
        insert = _insert(run, good).on_conflict_do_nothing(index_elements=asset.key)
        written = WriteCount(inserted=_inserted(connection, insert))
    if asset.rollups and written.inserted:
        _run_rollups(connection, asset, _added_by(run, good))
    return PublishCount(staged, quarantined, written.inserted, written.updated)


def _insert(run: IngestRun, good: sa.Select[Any]) -> postgresql.Insert:
    asset = asset_named(run.asset)
    names = [column.name for column in asset.columns]
    rows = good.subquery("good")
    chosen: list[sa.ColumnElement[Any]] = [rows.c[name] for name in names]
    if "ingest_run_id" in asset.table.c:
        names.append("ingest_run_id")
        chosen.append(sa.literal(run.ingest_run_id))
    in_order = sa.select(*chosen).order_by(*(rows.c[name] for name in asset.key))
    return postgresql.insert(asset.table).from_select(names, in_order)


def _inserted(connection: sa.Connection, insert: sa.Insert, facts: Mapping[str, Any] | None = None) -> int:
    return connection.execute(insert.execution_options(preserve_rowcount=True), facts).rowcount


def _written(connection: sa.Connection, insert: postgresql.Insert) -> WriteCount:
    # A row version that nobody has updated or locked has no xmax: it was inserted.
    written = insert.returning(sa.literal_column("(xmax = 0)", sa.Boolean).label("is_new")).cte("written")
    inserted, updated = connection.execute(
        sa.select(sa.func.count().filter(written.c.is_new), sa.func.count().filter(~written.c.is_new))
    ).one()
    return WriteCount(inserted, updated)


def _updating_what_changed(insert: postgresql.Insert, asset: Asset) -> postgresql.Insert:
    old, new = asset.table.c, insert.excluded
    merged: dict[str, sa.ColumnElement[Any]] = {}
    for column in asset.table.columns:
        name = column.name
        if name in asset.key:
            continue
        match asset.merges.get(name):
            case "known":
                merged[name] = sa.func.coalesce(new[name], old[name])
            case "least":
                merged[name] = sa.func.least(new[name], old[name])
            case "greatest":
                merged[name] = sa.func.greatest(new[name], old[name])
            case _:
                merged[name] = new[name]
    is_changed = sa.or_(
        *(old[name].is_distinct_from(value) for name, value in merged.items() if name != "ingest_run_id")
    )
    is_newer = new[asset.newest_by] >= old[asset.newest_by] if asset.newest_by else sa.true()
    return insert.on_conflict_do_update(index_elements=asset.key, set_=merged, where=sa.and_(is_changed, is_newer))


def _ensure_months(connection: sa.Connection, asset: Asset, rows: sa.Select[Any]) -> None:
    if not asset.partitioned_by:
        return
    instant = rows.subquery("good").c[asset.partitioned_by]
    for month in connection.scalars(sa.select(sa.func.date_trunc("month", instant)).distinct()).all():
        connection.execute(
            sa.text("SELECT ops.ensure_month_partitions(CAST(:parent AS regclass), CAST(:month AS date), 1)"),
            {"parent": asset.table.fullname, "month": month},
        )


def _added_by(run: IngestRun, good: sa.Select[Any]) -> sa.Select[Any]:
    """The good rows that were not there before this run."""
    asset = asset_named(run.asset)
    rows = good.subquery("good")
    same_key = sa.and_(*(asset.table.c[name] == rows.c[name] for name in asset.key))
    return (
        sa.select(asset.table)
        .join_from(asset.table, rows, same_key)
        .where(asset.table.c.ingest_run_id == run.ingest_run_id)
    )


def _run_rollups(connection: sa.Connection, asset: Asset, fresh: sa.Select[Any]) -> None:
    """Sum up what is new; the rollups call it `fresh`."""
    connection.execute(sa.schema.CreateView(fresh, "fresh", temporary=True))
    for name in asset.rollups:
        connection.execute(_rollup(name))
    connection.execute(sa.text("DROP VIEW fresh"))


@cache
def _rollup(name: str) -> sa.TextClause:
    return sa.text((ROLLUPS / f"{name}.sql").read_text())


def _close_run(connection: sa.Connection, run: IngestRun, count: PublishCount) -> None:
    connection.execute(
        sa.update(ingest_run)
        .where(ingest_run.c.ingest_run_id == run.ingest_run_id)
        .values(
            state="published",
            quarantined_count=count.quarantined,
            inserted_count=count.inserted,
            updated_count=count.updated,
            ended_at=sa.func.now(),
        )
    )

"""The first step of write, audit, publish: a table of the run's own, filled fast, judged by nobody yet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects import postgresql

from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.warehouse.assets import Asset, asset_named
from mardev.warehouse.copy_text import Texts, column_texts, lines
from mardev.warehouse.tables import ingest_run
from mardev.warehouse.tables.base import DOCUMENT

ROWS_PER_CHUNK = 25_000
ROW_NUMBER = "_row_no"
MALFORMED = "_malformed"
UNFINISHED = ("running", "staged", "gated")


@runtime_checkable
class Frame(Protocol):
    """What is used of a pandas DataFrame."""

    @property
    def columns(self) -> Iterable[Any]: ...
    @property
    def iloc(self) -> Any: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True)
class IngestRun:
    """One batch on its way into the warehouse: a row of `ops.ingest_run`, named by its number."""

    ingest_run_id: int
    asset: str
    world: World
    iteration_key: str | None
    run_label: str
    snapshot_at: datetime

    @property
    def stage_name(self) -> str:
        """Name of the run's own table in schema `stg`."""
        return f"{self.asset}__r{self.ingest_run_id}"


def open_run(
    engine: sa.Engine, asset: str, world: World, iteration_key: str | None, run_label: str, snapshot_at: datetime
) -> IngestRun:
    """Open a run; what an earlier try of the same label left unfinished is marked failed and its stage dropped.

    Args:
        engine: writer on the warehouse.
        asset: name of a table behind a gate.
        world: world of the connections the rows come from.
        iteration_key: iteration the rows are collected for, None for the standing pipelines.
        run_label: the same for each try of the same work.
        snapshot_at: instant of the world that the rows describe, the same for each try.
    """
    asset_named(asset)
    with engine.begin() as connection:
        left = connection.scalars(
            sa.update(ingest_run)
            .where(
                ingest_run.c.run_label == run_label,
                ingest_run.c.asset == asset,
                ingest_run.c.state.in_(UNFINISHED),
            )
            .values(state="failed", ended_at=sa.func.now())
            .returning(ingest_run.c.ingest_run_id)
        ).all()
        for ingest_run_id in left:
            drop_stage(connection, f"{asset}__r{ingest_run_id}")
        opened = connection.execute(
            sa.insert(ingest_run)
            .values(
                asset=asset,
                world=world,
                iteration_key=iteration_key,
                run_label=run_label,
                snapshot_at=snapshot_at,
            )
            .returning(ingest_run.c.ingest_run_id)
        ).scalar_one()
    return IngestRun(opened, asset, world, iteration_key, run_label, snapshot_at)


def find_run(connection: sa.Connection, ingest_run_id: int) -> IngestRun:
    """The run of that number.

    Raises:
        FixFirst: there is none.
    """
    row = connection.execute(sa.select(ingest_run).where(ingest_run.c.ingest_run_id == ingest_run_id)).first()
    if row is None:
        raise FixFirst(f"There is no ingest run {ingest_run_id}; the task that stages the rows has to run again.")
    return IngestRun(row.ingest_run_id, row.asset, World(row.world), row.iteration_key, row.run_label, row.snapshot_at)


def stage_table(run: IngestRun) -> sa.Table:
    """The run's stage as a table: the asset's columns without a constraint, and which row could not be read."""
    return sa.Table(
        run.stage_name,
        sa.MetaData(),
        sa.Column(ROW_NUMBER, sa.BigInteger),
        sa.Column(MALFORMED, DOCUMENT),
        *(
            sa.Column(column.name, column.type, server_default=column.server_default)
            for column in asset_named(run.asset).columns
        ),
        schema="stg",
        prefixes=["UNLOGGED"],
    )


def stage_rows(
    connection: sa.Connection,
    run: IngestRun,
    rows: Iterable[Mapping[str, Any]] | Frame,
    unreadable: Sequence[tuple[Any, str]] = (),
) -> int:
    """Fill the run's stage. The caller owns the transaction.

    A value that cannot be read as its column's type is staged as null, with the value as it came beside it, for
    the gate to refuse that row alone.

    Args:
        connection: open writer connection inside a transaction.
        run: as `open_run` gave it.
        rows: column name to value, every row with the same columns; or a pandas DataFrame, which is faster.
            A column left out takes its default. Consumed once.
        unreadable: records that could not even be made a row, each with the reason. They are staged as empty rows
            behind the others, for the gate to refuse.

    Returns:
        Rows staged.

    Raises:
        ValueError: a row has other columns than the first, or one that the asset does not have.
    """
    table = stage_table(run)
    table.create(connection)
    asset = asset_named(run.asset)
    count = 0
    sending: Future[None] | None = None
    # While PostgreSQL reads one chunk, the next is being written out.
    with ThreadPoolExecutor(max_workers=1) as sender:
        for chunk in _chunks(rows):
            prepared = _prepare(asset, chunk, first_row_no=count + 1)
            if sending:
                sending.result()
            sending = sender.submit(_send, connection, table, prepared)
            count += len(prepared[ROW_NUMBER])
        if sending:
            sending.result()
    if unreadable:
        connection.execute(sa.insert(table), _unreadable_rows(run, unreadable, first_row_no=count + 1))
        count += len(unreadable)
    driver_connection = _driver_connection(connection)
    driver_connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("stg", table.name)))
    connection.execute(
        sa.update(ingest_run)
        .where(ingest_run.c.ingest_run_id == run.ingest_run_id)
        .values(state="staged", staged_count=count)
    )
    return count


def _unreadable_rows(run: IngestRun, unreadable: Sequence[tuple[Any, str]], first_row_no: int) -> list[dict[str, Any]]:
    return [
        {
            ROW_NUMBER: number,
            "world": str(run.world),
            MALFORMED: {
                "record": _printable(json.dumps(record, ensure_ascii=False, default=str)),
                "reason": _printable(reason),
            },
        }
        for number, (record, reason) in enumerate(unreadable, start=first_row_no)
    ]


def drop_stage(connection: sa.Connection, stage_name: str) -> None:
    """Drop a run's stage if it is there."""
    _driver_connection(connection).execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("stg", stage_name)))


def _chunks(rows: Iterable[Mapping[str, Any]] | Frame) -> Iterator[Mapping[str, Sequence[Any]]]:
    if isinstance(rows, Frame):
        for start in range(0, len(rows), ROWS_PER_CHUNK):
            part = rows.iloc[start : start + ROWS_PER_CHUNK]
            yield {str(name): part[name] for name in rows.columns}
        return
    remaining = iter(rows)
    names: Sequence[str] = ()
    while chunk := list(islice(remaining, ROWS_PER_CHUNK)):
        names = names or tuple(chunk[0])
        expected = set(names)
        for row in chunk:
            if row.keys() != expected:
                raise ValueError(f"A row has the columns {sorted(row)}, the first one had {sorted(names)}.")
        yield {name: [row[name] for row in chunk] for name in names}


def _prepare(asset: Asset, chunk: Mapping[str, Sequence[Any]], first_row_no: int) -> dict[str, Texts]:
    known = {column.name: column.type for column in asset.columns}
    if unknown := chunk.keys() - known.keys():
        raise ValueError(f"{asset.name} has no column {', '.join(sorted(unknown))}.")
    texts = {name: column_texts(values, known[name]) for name, values in chunk.items()}
    size = len(next(iter(texts.values())))
    return {ROW_NUMBER: [str(number) for number in range(first_row_no, first_row_no + size)], **texts}


def _send(connection: sa.Connection, table: sa.Table, texts: Mapping[str, Texts]) -> None:
    try:
        with connection.begin_nested():
            _copy(connection, table, texts)
    except (psycopg.DataError, UnicodeEncodeError):
        _copy(connection, table, _without_malformed(connection, table, texts))


def _copy(connection: sa.Connection, table: sa.Table, texts: Mapping[str, Texts]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("stg", table.name), sql.SQL(", ").join(map(sql.Identifier, texts))
    )
    body = lines(texts.values()).encode()
    with _driver_connection(connection).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(body)


def _without_malformed(connection: sa.Connection, table: sa.Table, texts: Mapping[str, Texts]) -> dict[str, Texts]:
    """The texts with null for what PostgreSQL cannot read, and a column that says what it was, as JSON."""
    readable: dict[str, Texts] = {}
    malformed: list[dict[str, str]] = [{} for _ in texts[ROW_NUMBER]]
    for name, column in texts.items():
        # SQLAlchemy leaves the making of a dialect untyped.
        kind = table.c[name].type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        kept = list(column)
        for position in _unreadable_positions(connection, column, kind):
            malformed[position][name] = _printable(str(column[position]))
            kept[position] = None
        readable[name] = kept
    return {**readable, MALFORMED: [json.dumps(values) if values else None for values in malformed]}


def _unreadable_positions(connection: sa.Connection, column: Texts, kind: str) -> list[int]:
    storable = [None if text is None or text != _printable(text) else text for text in column]
    damaged = [position for position, text in enumerate(column) if text is not None and storable[position] is None]
    misread = connection.execute(
        sa.text(
            "SELECT place - 1 FROM unnest(CAST(:texts AS text[])) WITH ORDINALITY AS given (value, place) "
            "WHERE NOT pg_input_is_valid(value, :kind)"
        ),
        {"texts": storable, "kind": kind},
    ).scalars()
    return damaged + list(misread)


def _printable(text: str) -> str:
    """Without what no PostgreSQL text can hold: zero characters and half surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _driver_connection(connection: sa.Connection) -> psycopg.Connection[Any]:
    # SQLAlchemy types it for any driver; ours is psycopg.
    driver_connection: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver_connection

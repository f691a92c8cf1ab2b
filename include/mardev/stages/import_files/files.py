"""Files people bring on the page: kept with their preview, confirmed by a name, read by the pipeline, then gone."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO

import sqlalchemy as sa

from mardev.clock import Clock
from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.imports.cells import clean_text
from mardev.stages.import_files.graph_table import as_table
from mardev.stages.import_files.preview import preview
from mardev.warehouse.tables import import_file, import_piece

PIECE_BYTES = 1 << 20
FORGOTTEN_AFTER = timedelta(days=7)
"""A previewed file that nobody confirms holds people's addresses: it does not stay."""
_file, _piece = import_file.c, import_piece.c


def keep_file(
    engine: sa.Engine, clock: Clock, world: World, stream: IO[bytes], *, file_name: str, kind: str | None, person: str
) -> str:
    """Preview a table, or a graph file as one, and keep both until it is confirmed or discarded; returns its key.

    Raises:
        FixFirst: it is no table, or nothing of it is understood; nothing is kept.
    """
    with as_table(stream, kind) as (table, table_kind):
        return _keep(engine, clock, world, table, file_name=file_name, kind=table_kind, person=person)


def _keep(
    engine: sa.Engine, clock: Clock, world: World, stream: IO[bytes], *, file_name: str, kind: str | None, person: str
) -> str:
    found = preview(stream, kind)
    now = clock.now()
    digest = hashlib.sha256(f"{world}{now.isoformat()}{person}".encode())
    count = 0
    while piece := stream.read(PIECE_BYTES):
        digest.update(piece)
        count += len(piece)
    stream.seek(0)
    key = digest.hexdigest()[:24]
    with engine.begin() as connection:
        connection.execute(
            sa.insert(import_file).values(
                import_key=key, world=str(world), file_name=clean_text(file_name, 200) or "table.csv",
                kind=found.understood.kind, byte_count=count, state="previewed", preview=found.as_json(),
                uploaded_by=person, uploaded_at=now,
            )
        )  # fmt: skip
        number = 0
        while piece := stream.read(PIECE_BYTES):
            connection.execute(sa.insert(import_piece).values(import_key=key, piece_no=number, body=piece))
            number += 1
    return key


def confirm(engine: sa.Engine, clock: Clock, world: World, import_key: str, *, person: str) -> None:
    """A person answers for the file: the pipeline may read it.

    Raises:
        FixFirst: it was confirmed or discarded before, or belongs to another world.
    """
    _answer(engine, world, import_key, state="confirmed", confirmed_by=person, confirmed_at=clock.now())


def discard(engine: sa.Engine, clock: Clock, world: World, import_key: str) -> None:
    """Forget the file; what was previewed of it as well.

    Raises:
        FixFirst: it was confirmed or discarded before, or belongs to another world.
    """
    _answer(engine, world, import_key, state="discarded", ended_at=clock.now(), preview={})
    forget_content(engine, import_key)


def forget_content(engine: sa.Engine, import_key: str) -> None:
    """Delete what the file held; who brought it and what became of it stays."""
    with engine.begin() as connection:
        connection.execute(sa.delete(import_piece).where(_piece.import_key == import_key))


def discard_forgotten(engine: sa.Engine, clock: Clock) -> int:
    """Discard previews older than a week; returns how many."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(_file.import_key, _file.world).where(
                _file.state == "previewed", _file.uploaded_at < clock.now() - FORGOTTEN_AFTER
            )
        ).all()
    for row in rows:
        discard(engine, clock, World(row.world), row.import_key)
    return len(rows)


@contextmanager
def content_of(engine: sa.Engine, import_key: str) -> Iterator[IO[bytes]]:
    """The file as it came, on this machine's disk, at its beginning."""
    with tempfile.TemporaryFile() as stream:
        with engine.connect() as connection:
            rows = connection.execution_options(yield_per=1).execute(
                sa.select(_piece.body).where(_piece.import_key == import_key).order_by(_piece.piece_no)
            )
            for row in rows:
                stream.write(row.body)
        stream.seek(0)
        yield stream


def _answer(engine: sa.Engine, world: World, import_key: str, **values: object) -> None:
    with engine.begin() as connection:
        changed = connection.execute(
            sa.update(import_file)
            .where(_file.import_key == import_key, _file.world == str(world), _file.state == "previewed")
            .values(**values)
            .returning(_file.import_key)
        ).first()
    if changed is None:
        raise FixFirst("This file is not waiting for an answer any more. The list says what became of it.")

"""Connections in Airflow's database: a missing one is written, one that a person changed is never touched.

What set-up wrote last is kept beside the secrets. Only a part that still is as it was written (an address
with a port of ours) follows when ports move.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.home.secret_files import read_json_object, write_private_json

LAST_WRITTEN = "connections_written.json"
ADDRESS_FIELDS = ("host", "port")


def merged(present: ConnectionRecord, written: ConnectionRecord | None, wanted: ConnectionRecord) -> ConnectionRecord:
    """`present` with the address parts that are still as we wrote them replaced by those of `wanted`."""
    if written is None:
        return present
    moved = {
        name: getattr(wanted, name)
        for name in ADDRESS_FIELDS
        if getattr(present, name) == getattr(written, name)
    }  # fmt: skip
    extra = {
        name: wanted.extra[name] if name in wanted.extra and written.extra.get(name) == value else value
        for name, value in present.extra.items()
    }
    return dataclasses.replace(present, **moved, extra=extra)


def ensure_connections(wanted: Sequence[ConnectionRecord], secrets: Path, connections_file: Path) -> list[str]:
    """Write what is missing and move what is ours; keep the file for use outside Airflow in step.

    Returns:
        The names written or moved now.
    """
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import select

    last_written = {name: _record(content) for name, content in read_json_object(secrets / LAST_WRITTEN).items()}
    changed = []
    with create_session() as session:
        present = {
            row.conn_id: row for row in session.scalars(select(Connection).where(Connection.conn_id.like("mardev\\_%")))
        }
        for record in wanted:
            row = present.get(record.name)
            if row is None:
                session.add(_new_row(record))
                changed.append(record.name)
                continue
            before = record_of(row)
            after = merged(before, last_written.get(record.name), record)
            if after != before:
                row.host, row.port = after.host, after.port
                row.set_extra(json.dumps({**after.extra, "world": str(after.world)}))
                changed.append(record.name)
        session.flush()
        rows = session.scalars(select(Connection).where(Connection.conn_id.like("mardev\\_%")).order_by("conn_id"))
        records = [record_of(row) for row in rows]
    write_private_json(secrets / LAST_WRITTEN, {record.name: as_json(record) for record in wanted})
    write_private_json(connections_file, [as_json(record) for record in records])
    return changed


def record_of(connection: Any) -> ConnectionRecord:
    """An Airflow connection as ours; without a word on its world it counts as live, the careful choice."""
    extra = dict(connection.extra_dejson)
    world = World(extra.pop("world", World.LIVE))
    return ConnectionRecord(
        name=connection.conn_id,
        world=world,
        host=connection.host or "",
        port=connection.port,
        login=connection.login or "",
        password=connection.password or "",
        extra=extra,
    )


def as_json(record: ConnectionRecord) -> dict[str, Any]:
    """The record as plain values, its secrets included: for private files only."""
    content = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    return content | {"world": str(record.world), "extra": dict(record.extra)}


def _record(content: Mapping[str, Any]) -> ConnectionRecord:
    return ConnectionRecord(**{**content, "world": World(content["world"])})


def _new_row(record: ConnectionRecord) -> Any:
    from airflow.models.connection import Connection

    return Connection(
        conn_id=record.name,
        conn_type="smtp" if record.name == "mardev_mail" else "generic",
        description="Written by MarDev's set-up. Change it here; set-up keeps your change.",
        host=record.host or None,
        port=record.port,
        login=record.login or None,
        password=record.password or None,
        extra=json.dumps({**record.extra, "world": str(record.world)}),
    )

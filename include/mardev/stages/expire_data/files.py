"""Ends files of the home that show or hold what a platform told: pictures of graphs, exports, dumps."""

import os
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from mardev.policy.retention import strictest_kept
from mardev.settings import Settings
from mardev.stages.expire_data.limits import Ended
from mardev.warehouse import tables

DELETED = "deleted"


def exports_folder(settings: Settings) -> Path:
    """Where exports lie that nobody named a place for."""
    return settings.home / "exports"


def stamp_export(path: Path, as_of: datetime) -> None:
    """Give an export the age of what it holds, so that it ends with it; the world's instant, not the computer's."""
    os.utime(path, (as_of.timestamp(), as_of.timestamp()))


def expire_files(connection: sa.Connection, settings: Settings, until: datetime, wall_until: datetime) -> list[Ended]:
    """Delete pictures, exports and dumps that are too old.

    Args:
        connection: on the warehouse, after its rows were ended.
        settings: whose home.
        until: the instant of the world by which old data must be gone.
        wall_until: the same by the computer's clock, which dates the dumps.
    """
    ended = {
        "pictures": _old_pictures(connection, settings.home / "pictures", strictest_kept(until)),
        "exports": _older_files(exports_folder(settings), strictest_kept(until)),
        "dumps": _older_files(settings.home / "dumps", strictest_kept(wall_until)),
    }
    for paths in ended.values():
        for path in paths:
            path.unlink(missing_ok=True)
    return [(f"home/{place}", DELETED, len(paths)) for place, paths in ended.items() if paths]


def _old_pictures(connection: sa.Connection, folder: Path, limit: datetime) -> list[Path]:
    """A picture shows names and ranks: it ends with either, and with its iteration."""
    pictures = {path.stem: path for path in folder.glob("*.png")}
    run, rank = tables.graph_run, tables.channel_rank
    alive = sa.select(run.c.iteration_key).where(
        run.c.iteration_key.in_(pictures),
        run.c.as_of > limit,
        sa.exists().where(rank.c.graph_run_key == run.c.graph_run_key),
    )
    kept = set(connection.scalars(alive))
    return [path for key, path in sorted(pictures.items()) if key not in kept]


def _older_files(folder: Path, limit: datetime) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) <= limit
    ]

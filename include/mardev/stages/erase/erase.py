"""Erasure on request: a preview that changes nothing, the erasure itself, and a report without a word of the person."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from mardev.settings import Settings
from mardev.stages.erase.rows import erase_rows
from mardev.stages.erase.subject import Subject, subject_of_address, subject_of_channel, subject_of_person
from mardev.stages.expire_data.files import exports_folder
from mardev.stages.suppression import suppress
from mardev.warehouse import tables

REASON = "asked to be erased"
FIND: Mapping[str, Callable[[sa.Connection, str], Subject]] = {
    "channel": subject_of_channel,
    "address": subject_of_address,
    "person": subject_of_person,
}
LEFT_TO_DO = (
    "Delete the person's letters in the mailbox itself: search it for the address.",
    "If a form of *1 Plan* named the person, delete that run in Airflow: it keeps the form as it was filled in.",
    "Copies made outside of MarDev (backups, files that were sent to somebody) are not reached from here.",
)


@dataclass(frozen=True)
class ErasureReport:
    """What was or would be done. Holds no personal data.

    Attributes:
        counts: rows deleted or changed by table, files by folder.
        suppressed: salted hashes kept, so that nobody collects or writes to the person again.
        is_preview: True when nothing was changed.
    """

    erasure_key: str
    asked_for: str
    counts: Mapping[str, int]
    suppressed: int
    left_to_do: tuple[str, ...]
    is_preview: bool


def erase(
    warehouse: sa.Engine, settings: Settings, *, asked_for: str, name: str, by: str, at: datetime, is_preview: bool
) -> ErasureReport:
    """Erase one person from every table, raw answer, mail, quarantine, picture, export and dump.

    One transaction, and only when nothing of the person is left in any row; files follow the commit. A preview does
    the same work and takes it back, so its figures are those of the erasure.

    Args:
        warehouse: writer on the warehouse.
        settings: whose home.
        asked_for: `person`, `channel` or `address`.
        name: the name of what was asked for.
        by: login of whoever erases.
        at: when.
        is_preview: change nothing.

    Raises:
        FixFirst: nobody or several are meant, or something of the person would be left; nothing was changed.
    """
    erasure_key = f"erasure-{at:%Y%m%d}-{secrets.token_hex(4)}"
    with warehouse.connect() as connection, connection.begin() as transaction:
        subject = FIND[asked_for](connection, name)
        files = _files(connection, settings, subject)
        counts = dict(sorted(erase_rows(connection, subject).items()))
        counts |= {f"home/{folder}": len(paths) for folder, paths in files.items() if paths}
        suppressed = suppress(connection, subject.to_suppress, reason=REASON, at=at)
        if is_preview:
            transaction.rollback()
        else:
            connection.execute(
                sa.insert(tables.erasure).values(
                    erasure_key=erasure_key, asked_for=asked_for, erased_by=by, erased_at=at, counts=counts,
                    left_to_do=list(LEFT_TO_DO),
                )
            )  # fmt: skip
    if not is_preview:
        for path in (path for paths in files.values() for path in paths):
            path.unlink(missing_ok=True)
    return ErasureReport(erasure_key, asked_for, counts, suppressed, LEFT_TO_DO, is_preview)


def _files(connection: sa.Connection, settings: Settings, subject: Subject) -> dict[str, list[Path]]:
    """Pictures of graphs the person was in, exports that name them, and every dump: those are compressed."""
    run, rank = tables.graph_run, tables.channel_rank
    shown = sa.exists().where(
        rank.c.graph_run_key == run.c.graph_run_key, rank.c.channel_key.in_(list(subject.channels))
    )
    iterations = connection.scalars(sa.select(run.c.iteration_key).where(run.c.iteration_key.is_not(None), shown)).all()
    pictures = [settings.home / "pictures" / f"{key}.png" for key in sorted(iterations)]
    exports = [path for path in sorted(exports_folder(settings).rglob("*")) if path.is_file() and _names(path, subject)]
    return {
        "pictures": [path for path in pictures if path.exists()],
        "exports": exports,
        "dumps": sorted((settings.home / "dumps").glob("*.dump")) if subject.channels or subject.addresses else [],
    }


def _names(path: Path, subject: Subject) -> bool:
    """Whether a file names the person; a compressed one is taken for one that does."""
    if path.suffix in (".gz", ".zip", ".xz", ".bz2"):
        return True
    content = path.read_bytes().lower()
    return any(spelled in content for spelled in subject.byte_patterns)

"""A copy of the warehouse in a file, before anything risky."""

import os
import subprocess
from pathlib import Path

import sqlalchemy as sa

from mardev.errors import FixFirst


def dump(url: str, target: Path, pg_dump: Path) -> Path:
    """Write the database of `url` to `target` in PostgreSQL's custom format; `pg_restore` brings it back.

    Args:
        url: SQLAlchemy URL. Its password goes to `pg_dump` by the environment, not by the command line.
        target: file to write, readable by its owner only; complete or not there at all.
        pg_dump: program of at least the server's version.

    Raises:
        FixFirst: the copy could not be made; says why.
    """
    parts = sa.make_url(url)
    partial = target.with_name(f".{target.name}.partial")
    partial.touch(mode=0o600)
    command = [
        str(pg_dump), "--format=custom", "--no-password", f"--file={partial}", f"--host={parts.host}",
        f"--port={parts.port or 5432}", f"--username={parts.username}", str(parts.database),
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": str(parts.password or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        partial.unlink()
        raise FixFirst(f"The warehouse could not be copied to {target}: {done.stderr.strip()}")
    return partial.rename(target)

"""How fast a batch gets through stage, gate and publication, beside pandas' `to_sql`, which neither checks nor merges.

Both write the same frame of metric snapshots, in turns, each into an empty table with the same columns, key, checks and
partitions, on a PostgreSQL of the benchmark's own. `to_sql` runs as one transaction with 10 000 rows a chunk over
psycopg 3. Great Expectations is imported before the clock starts, as in the workers.
"""

import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import sqlalchemy as sa

from mardev.domain.words import World
from mardev.quality.gate import validate
from mardev.quality.suites import suite_of
from mardev.settings import PROJECT_ROOT, load_settings
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import migrate
from mardev.warehouse.staging import open_run, stage_rows
from mardev.warehouse.write import publish

ROWS = 1_000_000
POSTS = 10_000
RUNS = 3
FIRST_HOUR = datetime(2026, 9, 28, tzinfo=UTC)
MEGABYTE = 1024 * 1024
TARGETS = {"ratio_to_to_sql": [">=", 1.5], "peak_mb": ["<=", 600]}

Progress = Callable[[str, float], None]
"""What is going on, and which share of the whole is done."""


def run(progress: Progress, rows: int = ROWS) -> dict[str, Any]:
    """Measure, and say what was met. Takes minutes."""
    progress("Great Expectations is imported", 0.0)
    import great_expectations  # noqa: F401  # not part of what is measured

    import mardev.quality.expectations  # noqa: F401

    progress("the snapshots are made", 0.05)
    frame = snapshots(rows)
    ours: list[dict[str, float]] = []
    theirs: list[float] = []
    with _warehouse() as (writer, owner):
        _make_posts(owner)
        for number in range(RUNS):
            progress(f"stage, gate and publish, run {number + 1} of {RUNS}", 0.1 + 0.9 * number / RUNS)
            ours.append(_measure_ours(writer, owner, frame))
            progress(f"to_sql, run {number + 1} of {RUNS}", 0.1 + 0.9 * (number + 0.4) / RUNS)
            theirs.append(_measure_to_sql(owner, frame))
        with owner.connect() as connection:
            server = str(connection.scalar(sa.text("SHOW server_version")))
    progress("done", 1.0)
    return _report(rows, ours, theirs, server)


def snapshots(rows: int) -> pd.DataFrame:
    """Counters of the same posts, hour after hour, as a crawl brings them."""
    import numpy as np

    random = np.random.default_rng(7)
    hours = -(-rows // POSTS)
    posts = np.array([f"youtube:{number:011d}" for number in random.permutation(POSTS)], dtype=object)
    instants = pd.DatetimeIndex([FIRST_HOUR + timedelta(hours=hour) for hour in range(hours)])
    snapshot_at = instants.repeat(POSTS)
    frame = pd.DataFrame(
        {
            "post_key": np.tile(posts, hours),
            "snapshot_at": snapshot_at,
            "observed_at": snapshot_at + pd.Timedelta(minutes=3),
            "world": "sandbox",
            "views": random.integers(10_000, 10_000_000, hours * POSTS),
            "likes": random.integers(0, 9_000, hours * POSTS),
            "comments": random.integers(0, 900, hours * POSTS),
            "view_definition": "youtube_views",
        }
    )
    return frame.iloc[:rows].reset_index(drop=True)


def _measure_ours(writer: sa.Engine, owner: sa.Engine, frame: pd.DataFrame) -> dict[str, float]:
    _empty(owner)
    last = frame["snapshot_at"].iloc[-1].to_pydatetime()
    with _peak_memory() as memory:
        started = time.perf_counter()
        run = open_run(writer, "post_metric_snapshot", World.SANDBOX, None, "bench/load/publish", last)
        with writer.begin() as connection:
            stage_rows(connection, run, frame)
        staged = time.perf_counter()
        decision = validate(writer, run)
        gated = time.perf_counter()
        count = publish(writer, run, suite_of(run.asset).requirements)
        published = time.perf_counter()
    if decision.broken_rules or count.inserted != len(frame):
        raise RuntimeError(f"The batch was not published as it should: {count}, {decision.broken_rules}")
    return {
        "seconds": published - started,
        "stage_seconds": staged - started,
        "gate_seconds": gated - staged,
        "publish_seconds": published - gated,
        "peak_mb": memory["peak_mb"],
    }


def _measure_to_sql(owner: sa.Engine, frame: pd.DataFrame) -> float:
    _empty(owner)
    started = time.perf_counter()
    with owner.begin() as connection:
        frame.assign(ingest_run_id=1).to_sql(
            "snapshot_to_sql", connection, schema="core", if_exists="append", index=False, chunksize=10_000
        )
    return time.perf_counter() - started


@contextmanager
def _warehouse() -> Iterator[tuple[sa.Engine, sa.Engine]]:
    """A migrated warehouse on a server of its own, gone afterwards: writer and owner."""
    with tempfile.TemporaryDirectory(prefix="mardev-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = EmbeddedPostgres(home / "postgres", binaries=load_settings().postgres_binaries)
        server.start()
        try:
            url = server.url().replace("postgresql://", "postgresql+psycopg://", 1)
            owner, writer = create_engine(url, "owner"), create_engine(url, "writer")
            migrate(owner, PROJECT_ROOT / "sql" / "migrations")
            with owner.begin() as connection:
                connection.execute(
                    sa.text(
                        "CREATE TABLE core.snapshot_to_sql (LIKE core.post_metric_snapshot INCLUDING ALL) "
                        "PARTITION BY RANGE (snapshot_at)"
                    )
                )
                connection.execute(
                    sa.text("SELECT ops.ensure_month_partitions('core.snapshot_to_sql', CAST(:month AS date), 2)"),
                    {"month": FIRST_HOUR},
                )
            yield writer, owner
        finally:
            server.stop("immediate")


def _make_posts(owner: sa.Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO core.channel (channel_key, world, platform, external_id, title, first_seen_at,"
                " refreshed_at, ingest_run_id) VALUES ('youtube:UC', 'sandbox', 'youtube', 'UC', 'x', now(), now(), 0)"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO core.post (post_key, world, platform, external_id, channel_key, title, url, published_at,"
                " refreshed_at, ingest_run_id) SELECT 'youtube:' || id, 'sandbox', 'youtube', id, 'youtube:UC', 'x',"
                " 'https://video.example', now(), now(), 0 FROM generate_series(0, CAST(:posts AS int) - 1) AS number,"
                " LATERAL lpad(number::text, 11, '0') AS id"
            ),
            {"posts": POSTS},
        )


def _empty(owner: sa.Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            sa.text("TRUNCATE core.post_metric_snapshot, core.snapshot_to_sql, mart.post_latest, mart.post_day")
        )
        connection.execute(sa.text("ANALYZE core.post"))


@contextmanager
def _peak_memory() -> Iterator[dict[str, float]]:
    """The most memory this process takes inside the block, above what it had before."""
    process, before = psutil.Process(), psutil.Process().memory_info().rss
    figures = {"peak_mb": 0.0}
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            figures["peak_mb"] = max(figures["peak_mb"], (process.memory_info().rss - before) / MEGABYTE)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield figures
    finally:
        is_over.set()
        watcher.join()


def _report(rows: int, ours: list[dict[str, float]], theirs: list[float], server: str) -> dict[str, Any]:
    ratios = [other / own["seconds"] for own, other in zip(ours, theirs, strict=True)]
    seconds = statistics.median(own["seconds"] for own in ours)
    to_sql_seconds = statistics.median(theirs)
    figures = {
        "rows": rows,
        "rows_per_second": round(rows / seconds),
        "ratio_to_to_sql": round(statistics.median(ratios), 2),
        "peak_mb": round(max(own["peak_mb"] for own in ours), 1),
        "to_sql_rows_per_second": round(rows / to_sql_seconds),
        **{
            name: round(statistics.median(own[name] for own in ours), 2)
            for name in ("stage_seconds", "gate_seconds", "publish_seconds")
        },
    }
    return {
        "name": "load",
        "figures": figures,
        "targets": TARGETS,
        "met": figures["ratio_to_to_sql"] >= 1.5 and figures["peak_mb"] <= 600,
        "context": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "postgresql": server,
            "pandas": pd.__version__,
            "sqlalchemy": sa.__version__,
            "data": f"{rows} snapshots of {POSTS} posts, seed 7",
            "ratios": [round(ratio, 2) for ratio in ratios],
        },
    }


if __name__ == "__main__":
    print(json.dumps(run(lambda step, share: print(f"{share:4.0%} {step}", file=sys.stderr)), indent=2))

"""From a gated stage into its table. The gate itself is asked in tests/integration/quality."""

import threading
import time
from datetime import timedelta

import psycopg
import pytest
import sqlalchemy as sa
from tests.builders.batches import (
    NOW,
    VALID_ROWS,
    channel_row,
    fill_parents,
    gated_run,
    post_row,
    row_count,
    snapshot_row,
    staged_run,
)

from mardev.errors import FixFirst, GateBlocked
from mardev.quality.rules import RowRule
from mardev.warehouse.tables import (
    channel,
    channel_latest,
    channel_snapshot,
    contact,
    follow_edge,
    hit,
    ingest_run,
    post,
    post_day,
    post_latest,
    post_metric_snapshot,
    quarantined_row,
)
from mardev.warehouse.write import PublishCount, publish

VIEWS = RowRule("views_not_negative", "views >= 0")
READABLE = RowRule("readable", "_malformed IS NULL")
RULES = (READABLE, VIEWS, RowRule("world", "world = :world"))
HOUR = timedelta(hours=1)


def rows_of(engine, table, *columns):
    with engine.connect() as connection:
        key = table.primary_key.columns
        return connection.execute(sa.select(*(columns or table.columns)).order_by(*key)).all()


def state_of(engine, run):
    with engine.connect() as connection:
        return connection.scalar(sa.select(ingest_run.c.state).where(ingest_run.c.ingest_run_id == run.ingest_run_id))


def stages(engine):
    with engine.connect() as connection:
        return sa.inspect(connection).get_table_names("stg")


@pytest.mark.parametrize("flagged_count", [None, 0])
def test_publishing_the_same_rows_again_leaves_the_same_tables(engine, flagged_count):
    rows = [snapshot_row("b"), snapshot_row("a"), snapshot_row("a", snapshot_at=NOW + HOUR, views=120)]
    tables = (post_metric_snapshot, post_latest, post_day)
    first = publish(engine, gated_run(engine, "post_metric_snapshot", rows, flagged_count=flagged_count), RULES)
    before = [rows_of(engine, table) for table in tables]
    second = publish(engine, gated_run(engine, "post_metric_snapshot", rows, flagged_count=flagged_count), RULES)
    assert first == PublishCount(staged=3, quarantined=0, inserted=3, updated=0)
    assert second == PublishCount(staged=3, quarantined=0, inserted=0, updated=0)
    assert second.unchanged == 3
    assert [rows_of(engine, table) for table in tables] == before
    assert stages(engine) == []


def test_publishing_one_run_twice_answers_twice_the_same(engine):
    run = gated_run(engine, "hit", [VALID_ROWS["hit"]])
    first = publish(engine, run, ())
    assert publish(engine, run, ()) == first == PublishCount(1, 0, 1, 0)
    assert state_of(engine, run) == "published"


def test_what_has_passed_no_gate_is_not_published(engine):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    with pytest.raises(FixFirst, match="is staged, not gated"):
        publish(engine, run, ())
    assert row_count(engine, hit) == 0


@pytest.mark.parametrize("flagged_count", [None, 0])
def test_a_bad_row_is_quarantined_with_its_reasons_and_the_rest_is_published(engine, flagged_count):
    rows = [
        snapshot_row("good"),
        snapshot_row("bad", views="many", world="live"),
        *(snapshot_row(f"g{number}") for number in range(18)),
    ]
    count = publish(engine, gated_run(engine, "post_metric_snapshot", rows, flagged_count=flagged_count), RULES)
    assert count == PublishCount(staged=20, quarantined=1, inserted=19, updated=0)
    assert count.staged == count.published + count.quarantined
    [kept] = rows_of(engine, quarantined_row)
    assert (kept.rules, kept.row_no, kept.world) == (["readable", "views_not_negative", "world"], 2, "sandbox")
    assert kept.payload["views"] == "many"  # as it came
    assert kept.payload["post_key"] == "youtube:bad"
    assert not {"_row_no", "_malformed"} & kept.payload.keys()


def test_of_rows_with_the_same_key_the_last_one_stays(engine):
    rows = [snapshot_row("a", views=1), snapshot_row("a", views=2), snapshot_row("a", views=-1), snapshot_row("b")]
    count = publish(engine, gated_run(engine, "post_metric_snapshot", rows, flagged_count=0), RULES)
    assert count == PublishCount(staged=4, quarantined=2, inserted=2, updated=0)
    assert [row.views for row in rows_of(engine, post_metric_snapshot)] == [2, 100]
    assert [(row.row_no, row.rules) for row in rows_of(engine, quarantined_row)] == [
        (1, ["duplicate_in_batch"]),
        (3, ["views_not_negative"]),
    ]


def test_too_many_bad_rows_publish_nothing_and_keep_the_stage(engine):
    rows = [snapshot_row(str(number), views=-1 if number < 2 else 1) for number in range(10)]  # 2 of 10, 1 is allowed
    run = gated_run(engine, "post_metric_snapshot", rows)
    with pytest.raises(GateBlocked, match=r"views_not_negative \(2 of 10 rows\)"):
        publish(engine, run, RULES)
    assert row_count(engine, post_metric_snapshot) == row_count(engine, quarantined_row) == 0
    assert stages(engine) == [run.stage_name]
    assert state_of(engine, run) == "gated"


def test_a_later_reading_updates_a_row_and_an_equal_one_does_not(engine):
    publish(engine, gated_run(engine, "channel", [channel_row()]), ())
    later = NOW + HOUR
    changed = channel_row(title="Ann again", first_seen_at=later, refreshed_at=later)
    assert publish(engine, gated_run(engine, "channel", [changed, channel_row("UC2")]), ()) == PublishCount(2, 0, 1, 1)
    assert publish(engine, gated_run(engine, "channel", [changed]), ()) == PublishCount(1, 0, 0, 0)
    row = rows_of(engine, channel)[0]
    assert (row.title, row.first_seen_at, row.refreshed_at) == ("Ann again", NOW, later)


def test_an_earlier_reading_published_late_does_not_win(engine):
    publish(engine, gated_run(engine, "channel", [channel_row(refreshed_at=NOW + HOUR)]), ())
    assert publish(engine, gated_run(engine, "channel", [channel_row(title="Old")]), ()).unchanged == 1
    assert rows_of(engine, channel)[0].title != "Old"


def test_an_edge_keeps_when_it_was_first_and_last_seen(engine):
    edge = VALID_ROWS["follow_edge"]
    for first, last in ((NOW, NOW), (NOW - HOUR, NOW - HOUR), (NOW + HOUR, NOW + HOUR)):
        publish(engine, gated_run(engine, "follow_edge", [edge | {"first_seen_at": first, "last_seen_at": last}]), ())
    assert rows_of(engine, follow_edge, follow_edge.c.first_seen_at, follow_edge.c.last_seen_at) == [
        (NOW - HOUR, NOW + HOUR)
    ]


def test_a_post_that_is_read_again_keeps_what_it_was_matched_by(engine):
    fill_parents(engine)
    with engine.begin() as connection:
        connection.execute(sa.update(post).values(matched_by="person"))
    publish(engine, gated_run(engine, "post", [post_row("p1", title="New", refreshed_at=NOW + HOUR)]), ())
    assert rows_of(engine, post, post.c.title, post.c.matched_by) == [("New", "person")]


def test_a_table_without_a_run_of_its_own_is_published_too(engine):
    fill_parents(engine)
    assert publish(engine, gated_run(engine, "contact", [VALID_ROWS["contact"]]), ()).inserted == 1
    assert row_count(engine, contact) == 1


def test_each_month_gets_its_partition_when_its_first_row_comes(engine):
    rows = [snapshot_row("a"), snapshot_row("a", snapshot_at=NOW - timedelta(days=60))]
    publish(engine, gated_run(engine, "post_metric_snapshot", rows), RULES)
    assert partitions(engine) == ["core.post_metric_snapshot_202608", "core.post_metric_snapshot_202610"]


def test_a_bad_row_makes_no_partition(engine):
    rows = [snapshot_row("a"), snapshot_row("b", views=-1, snapshot_at=NOW - timedelta(days=20_000))]
    publish(engine, gated_run(engine, "post_metric_snapshot", rows), RULES)
    assert partitions(engine) == ["core.post_metric_snapshot_202610"]


def partitions(engine):
    names = "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1"
    with engine.connect() as connection:
        return connection.scalars(sa.text(names)).all()


def test_a_late_snapshot_is_counted_but_does_not_displace_a_newer_one(engine):
    newer = snapshot_row("a", snapshot_at=NOW + HOUR, views=200)
    for rows in ([newer], [snapshot_row("a", views=100)], [snapshot_row("a", views=100), newer]):
        publish(engine, gated_run(engine, "post_metric_snapshot", rows), RULES)
    [latest] = rows_of(engine, post_latest)
    [day] = rows_of(engine, post_day)
    assert (latest.views, latest.snapshot_at) == (200, NOW + HOUR)
    assert (day.views_at_end, day.snapshot_count, day.last_snapshot_at) == (200, 2, NOW + HOUR)


def test_a_day_ends_with_its_last_snapshot(engine):
    instants = (NOW, NOW + HOUR, NOW + timedelta(days=1))
    rows = [snapshot_row("a", snapshot_at=instant, views=views) for views, instant in enumerate(instants)]
    publish(engine, gated_run(engine, "post_metric_snapshot", rows, flagged_count=0), RULES)
    assert [(row.day_on.day, row.views_at_end, row.snapshot_count) for row in rows_of(engine, post_day)] == [
        (5, 1, 2),
        (6, 2, 1),
    ]


def test_the_newest_counters_of_a_channel_are_kept(engine):
    row = VALID_ROWS["channel_snapshot"]
    later = row | {"snapshot_at": NOW + HOUR, "subscribers": None, "subscribers_hidden": True}
    for batch in ([later], [row]):
        publish(engine, gated_run(engine, "channel_snapshot", batch, flagged_count=0), ())
    assert row_count(engine, channel_snapshot) == 2
    [latest] = rows_of(engine, channel_latest)
    assert (latest.snapshot_at, latest.subscribers, latest.subscribers_hidden) == (NOW + HOUR, None, True)


@pytest.mark.parametrize("flagged_count", [None, 0])
def test_a_connection_killed_in_the_middle_leaves_nothing_half_done(engine, postgres, flagged_count):
    rows = [snapshot_row(str(number)) for number in range(50)]
    run = gated_run(engine, "post_metric_snapshot", rows, flagged_count=flagged_count)
    failures = []

    def publish_and_note():
        try:
            publish(engine, run, RULES)
        except sa.exc.OperationalError as error:
            failures.append(error)

    with engine.begin() as blocker:
        # The rollups come last: by then the rows are written.
        blocker.execute(sa.text("LOCK TABLE mart.post_latest IN EXCLUSIVE MODE"))
        publisher = threading.Thread(target=publish_and_note)
        publisher.start()
        kill_who_waits_for("mart.post_latest", engine, postgres)
        publisher.join()
    assert len(failures) == 1
    assert row_count(engine, post_metric_snapshot) == row_count(engine, post_day) == 0
    assert (state_of(engine, run), stages(engine)) == ("gated", [run.stage_name])
    assert publish(engine, run, RULES).inserted == 50
    assert row_count(engine, post_latest) == 50


def kill_who_waits_for(relation, engine, postgres, patience_seconds=60):
    """As the machine's owner would: the roles of the warehouse may not."""
    superuser = postgres.url("postgres", engine.url.database)
    waiting = "SELECT pid FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
    give_up_at = time.monotonic() + patience_seconds
    with psycopg.connect(superuser, autocommit=True) as connection:
        while time.monotonic() < give_up_at:
            if found := connection.execute(waiting, [relation]).fetchone():
                connection.execute("SELECT pg_terminate_backend(%s)", found)
                return
            time.sleep(0.02)
    raise AssertionError(f"nobody waits for {relation}")


def test_four_publishers_of_overlapping_keys_do_not_get_in_each_others_way(engine):
    failures = []

    def work(number):
        try:
            for turn in range(3):
                keys = range(number * 50, number * 50 + 200)
                ordered = keys if turn % 2 else reversed(keys)
                at = NOW + timedelta(minutes=number * 10 + turn)
                rows = [channel_row(f"UC{key}", refreshed_at=at) for key in ordered]
                publish(engine, gated_run(engine, "channel", rows, label=f"w/{number}/{turn}"), ())
                same = [snapshot_row(f"p{key}") for key in ordered]
                publish(
                    engine,
                    gated_run(engine, "post_metric_snapshot", same, label=f"w/{number}/{turn}", flagged_count=0),
                    RULES,
                )
        except Exception as error:  # whatever it is, the test is to show it
            failures.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert row_count(engine, channel) == row_count(engine, post_metric_snapshot) == 350  # keys 0 to 349
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.sum(post_day.c.snapshot_count))) == 350

"""After a whole iteration: on day 31 nothing a platform told is left; who asks to be erased is erased everywhere."""

import os
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from builders.contexts import connections
from mardev.clock import FixedClock
from mardev.errors import FixFirst
from mardev.stages.context import RunLabel
from mardev.stages.due_work import due_work
from mardev.stages.erase.erase import erase
from mardev.stages.expire_data.expire_data import expire_data
from mardev.stages.expire_data.files import exports_folder, stamp_export
from mardev.stages.plan.rank_creators import picture_path
from mardev.stages.publishing import publish_batch
from mardev.stages.suppression import read_suppressed
from mardev.warehouse import tables

OUR_RECORD = {
    "costs": "SELECT cost_key, amount, currency FROM core.cost",
    "deals": "SELECT deal_key, state, agreed_amount, creator_name FROM core.deal",
    "clicks": "SELECT placement_key, count(*) FILTER (WHERE is_click) FROM core.hit GROUP BY 1",
    "sales": "SELECT conversion_key, revenue_amount FROM core.conversion",
    "credits": "SELECT conversion_key, placement_key FROM core.credit",
    "decisions": "SELECT decision_key, person, answer FROM core.approval",
    "plan": "SELECT channel_key, choice, price_amount, reason FROM core.plan_row",
    "targets": "SELECT kpi_key, target_value FROM core.kpi_target",
    "own results": "SELECT kpi_key, result_value FROM core.kpi_target WHERE is_health_indicator",
    "findings": "SELECT finding_key, statement FROM core.finding",
    "lessons": "SELECT lesson_key, statement FROM core.lesson",
    "posts delivered": "SELECT post_key, placement_key, url, published_at FROM core.post WHERE placement_key <> ''",
}


def everything(connection, schemas="'core','mart','dq','ops','stg'"):
    """The text of every row of every table."""
    tables = connection.scalars(
        sa.text(
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables "
            f"WHERE table_schema IN ({schemas}) AND table_type = 'BASE TABLE'"
        )
    ).all()
    return {
        table: "\n".join(connection.scalars(sa.text(f"SELECT t::text FROM {table} AS t")).all()) for table in tables
    }


def told_by_the_platform(connection):
    """Words and figures that stand in a platform's answer and nowhere else: canaries of the search."""
    words = connection.scalars(
        sa.text(
            "SELECT description FROM core.channel WHERE description <> '' UNION SELECT handle FROM core.channel "
            "UNION SELECT picture_url FROM core.channel UNION SELECT description FROM core.post "
            "UNION SELECT title FROM core.channel WHERE channel_key NOT IN (SELECT channel_key FROM core.deal) "
            "AND channel_key NOT IN (SELECT channel_key FROM core.message WHERE channel_key IS NOT NULL) "
        )
    ).all()
    figures = connection.scalars(
        sa.text(
            "SELECT total_views FROM core.channel_snapshot UNION SELECT views FROM core.post_metric_snapshot "
            "UNION SELECT subscribers FROM core.channel_snapshot"
        )
    ).all()
    return {word for word in words if word and len(word) > 6}, {str(one) for one in figures if one and one > 99_999}


@pytest.fixture(scope="module")
def aged(worked, new_warehouse, test_home):
    """A copy of the worked iteration's warehouse, and a context on it whose platform gives nothing any more."""
    engine = new_warehouse(worked.warehouse.url.database)
    records = [replace(worked.context.record(f"mardev_{name}")) for name in ("clock", "mail", "mailbox")]
    records.append(replace(worked.context.record("mardev_youtube"), password=""))
    home = test_home / "aged"
    picture = home / "pictures" / f"{worked.key}.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"names and ranks")
    now = worked.context.clock.now()
    export = exports_folder(replace(worked.context.settings, home=home)) / "graph.gexf"
    export.parent.mkdir()
    export.write_text("<gexf/>")
    stamp_export(export, now)
    dump = home / "dumps" / "warehouse-0.1.dump"
    dump.parent.mkdir()
    dump.write_bytes(b"everything")
    month_ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(dump, (month_ago, month_ago))
    return replace(
        worked.context,
        warehouse=engine,
        connection=connections(*records),
        settings=replace(worked.context.settings, home=home),
        clock=FixedClock(now),
    )


def at(context, when):
    return replace(context, clock=FixedClock(when))


def rows(context, question):
    with context.warehouse.connect() as connection:
        return sorted(map(tuple, connection.execute(sa.text(question))), key=str)


def test_on_day_31_nothing_of_the_platform_is_left_and_our_own_record_is_whole(aged):
    now = aged.clock.now()
    with aged.warehouse.connect() as connection:
        words, figures = told_by_the_platform(connection)
        before = everything(connection)
    assert len(words) > 100
    assert len(figures) > 50
    assert any(word in text for word in words for text in before.values())
    ours = {name: rows(aged, question) for name, question in OUR_RECORD.items()}
    assert [name for name, found in ours.items() if not found and name != "findings"] == []
    picture = picture_path(aged, aged.iteration_key)
    assert picture.exists()

    later = at(aged, now + timedelta(days=31))
    with later.warehouse.connect() as connection:
        assert due_work(connection, later.clock.now())["expire_data"] > 0
    done = expire_data(later)

    with later.warehouse.connect() as connection:
        after = everything(connection)
        assert due_work(connection, later.clock.now())["expire_data"] == 0
    left = {(table, word) for table, text in after.items() for word in words if word in text}
    # What people wrote to each other is theirs: our letters greet a creator by name, theirs quote ours.
    assert {one for one in left if one[0] not in ("core.message", "core.draft", "core.brief")} == set()
    left_figures = {
        (table, number)
        for table, text in after.items()
        for number in set(re.findall(r"(?<![\w.-])\d{6,}(?![\w.-])", text)) & figures
    }
    assert left_figures == set()
    for table in ("core.channel_snapshot", "core.follow_edge", "core.follow_list", "core.channel_rank", "core.vertical",
                  "core.contact", "core.post_metric_snapshot", "mart.channel_latest", "mart.post_latest",
                  "mart.post_day", "ops.raw_payload", "ops.crawl_item"):  # fmt: skip
        if table != "ops.raw_payload":
            assert after[table] == "", table
    assert rows(later, "SELECT count(*) FROM ops.raw_payload WHERE api = 'youtube'") == [(0,)]
    assert {name: rows(later, question) for name, question in OUR_RECORD.items()} == ours
    assert not picture.exists()
    assert list(exports_folder(later.settings).iterdir()) == []
    assert list((later.settings.home / "dumps").iterdir()) == []
    assert done["ended"]["core.follow_edge"] > 0
    assert rows(later, "SELECT sum(row_count) FROM ops.expiry")[0][0] == sum(done["ended"].values())

    assert expire_data(later)["ended"] == {}, "a second run at the same instant changed something"
    with later.warehouse.connect() as connection:
        again = everything(connection)
    assert {table for table in after if again[table] != after[table]} <= {"ops.sync_cursor"}


@pytest.fixture(scope="module")
def to_be_erased(worked, new_warehouse, test_home):
    """Another copy of that warehouse, and the home of somebody who asks to be erased."""
    home = test_home / "erased"
    (home / "pictures").mkdir(parents=True)
    (home / "pictures" / f"{worked.key}.png").write_bytes(b"a picture with a name")
    (home / "dumps").mkdir()
    (home / "dumps" / "warehouse-0.1.dump").write_bytes(b"compressed")
    return replace(
        worked.context,
        warehouse=new_warehouse(worked.warehouse.url.database),
        settings=replace(worked.context.settings, home=home),
    )


def erased(context, asked_for, name, *, is_preview=False):
    return erase(
        context.warehouse, context.settings, asked_for=asked_for, name=name, by="ian", at=context.clock.now(),
        is_preview=is_preview,
    )  # fmt: skip


def test_who_asks_to_be_erased_is_erased_everywhere_and_never_collected_again(to_be_erased):
    context = to_be_erased
    with context.warehouse.connect() as connection:
        (person,) = connection.execute(
            sa.text(
                "SELECT channel.*, contact.email FROM core.channel JOIN core.contact USING (channel_key) "
                "JOIN core.post USING (channel_key) ORDER BY channel_key LIMIT 1"
            )
        ).mappings()
        known_by = [person["external_id"], person["handle"].removeprefix("@"), person["email"], person["title"]]
        before = everything(connection)
        raw = connection.scalar(sa.text("SELECT count(*) FROM ops.raw_payload"))
        snapshot = connection.execute(
            sa.select(tables.channel_snapshot).where(tables.channel_snapshot.c.channel_key == person["channel_key"])
        ).mappings().first()  # fmt: skip
    places = {table for table, text in before.items() for one in known_by if one in text}
    assert {"core.channel", "core.message", "core.contact", "core.deal", "core.follow_edge"} <= places
    figures = ("SELECT sum(amount), count(*) FROM core.cost", "SELECT sum(agreed_amount), count(*) FROM core.deal",
               "SELECT count(*) FROM core.placement", "SELECT count(*) FROM core.conversion",
               "SELECT count(*) FROM core.post", "SELECT sum(price_amount) FROM core.plan_row")  # fmt: skip
    ours = [rows(context, question) for question in figures]

    preview = erased(context, "address", person["email"], is_preview=True)
    with context.warehouse.connect() as connection:
        assert everything(connection) == before, "a preview changed something"
    report = erased(context, "address", person["email"])

    assert report.counts == preview.counts
    with context.warehouse.connect() as connection:
        after = everything(connection)
        suppressed = read_suppressed(connection)
        assert connection.scalar(sa.text("SELECT count(*) FROM ops.raw_payload")) < raw
        bodies = connection.scalars(sa.text("SELECT body FROM ops.raw_payload")).all()
    assert [
        (table, one) for table, text in after.items() for one in known_by if one.casefold() in text.casefold()
    ] == []
    assert not any(person["external_id"].encode() in zlib.decompress(body) for body in bodies)
    assert [rows(context, question) for question in figures] == ours
    assert not any(one in repr(report) for one in known_by)
    assert ("address", person["email"].upper()) in suppressed
    assert ("channel", person["channel_key"]) in suppressed
    assert list((context.settings.home / "pictures").iterdir()) == []
    assert list((context.settings.home / "dumps").iterdir()) == []

    again = replace(context, run=RunLabel("refresh_creators", "again", "refresh_creators"))
    row = {name: value for name, value in snapshot.items() if name != "ingest_run_id"}
    assert publish_batch(again, "channel_snapshot", [row]).staged == 0


def test_an_erasure_of_somebody_unknown_says_so(to_be_erased):
    with pytest.raises(FixFirst, match="Nobody of that name"):
        erased(to_be_erased, "person", "Nobody At All")
    with pytest.raises(FixFirst, match="no channel we know"):
        erased(to_be_erased, "channel", "@nobody-at-all")
    with pytest.raises(FixFirst, match="not a mail address"):
        erased(to_be_erased, "address", "nobody")


def test_what_a_running_iteration_needs_is_read_again_and_does_not_end(world, worked, new_warehouse, test_home):
    engine = new_warehouse(worked.warehouse.url.database)
    home = test_home / "running"
    home.mkdir()
    context = world.context(engine, run_id="hourly", dag_id="expire_data")
    context = replace(context, settings=replace(context.settings, home=home))
    now = context.clock.now()
    with engine.begin() as connection:
        connection.execute(sa.update(tables.iteration).values(state="monitor"))
        connection.execute(sa.update(tables.post).values(expires_at=now + timedelta(hours=6), title="old words"))
        connection.execute(sa.update(tables.channel).values(expires_at=now + timedelta(hours=6)))
        known = connection.scalar(sa.text("SELECT count(*) FROM core.channel"))
        posts = connection.scalar(sa.text("SELECT count(*) FROM core.post"))
    done = expire_data(context)
    assert done["refreshed"] == {"creators": known, "posts": posts}
    assert "core.channel" not in done["ended"]
    assert "core.post" not in done["ended"]
    assert rows(context, "SELECT count(*) FROM core.post WHERE title = 'old words' OR expired_at IS NOT NULL") == [(0,)]
    assert rows(context, "SELECT min(expires_at) FROM core.post")[0][0] == now + timedelta(days=30)

"""Tables on their way into the warehouse: preview, gate, quarantine, and what is known already."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.batches import NOW, channel_row
from builders.contexts import stage_context
from mardev.domain.words import World
from mardev.errors import FixFirst, GateBlocked
from mardev.stages.context import RunLabel
from mardev.stages.import_files.import_table import import_table
from mardev.stages.import_files.preview import preview
from mardev.warehouse import tables

HOSTILE = '=1+1 <img src=x onerror="alert(1)"> שלום'


@pytest.fixture
def bring(engine, clock):
    """Preview and import a text, as the world's own run number `turn`."""

    def bring(content: str | bytes, *, world: World = World.SANDBOX, turn: int = 1, kind: str | None = None):
        stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
        found = preview(stream, kind)
        run = RunLabel("import_files", f"by_hand__{turn}", "import_table")
        return import_table(
            stage_context(engine, clock, world=world, run=run), stream, found.understood, file_name="list.csv"
        )

    return bring


def rows(engine, table, *order):
    with engine.connect() as connection:
        return connection.execute(sa.select(table).order_by(*order)).mappings().all()


def test_creators_become_channels_contacts_and_counters(engine, bring):
    report = bring(
        "Land;Name;E-Mail;Abonnenten;Link\n"
        "Deutschland;Ann;ann@ann.example;1.234.567;https://youtube.com/@Ann\n"
        "Japan;たろう;-;非公開;https://www.twitch.tv/taro\n"
    )
    assert report.as_json()["tables"]["channel"] == {"published": 2, "new": 2, "changed": 0, "quarantined": 0}
    taro, ann = rows(engine, tables.channel, tables.channel.c.channel_key)
    assert (ann["channel_key"], ann["handle"], ann["title"], ann["country"]) == ("youtube:@ann", "@Ann", "Ann", "DE")
    assert (taro["channel_key"], taro["title"], taro["country"], taro["expires_at"]) == (
        "twitch:taro",
        "たろう",
        "JP",
        None,
    )
    (contact,) = rows(engine, tables.contact)
    assert (contact["email"], contact["source"]) == ("ann@ann.example", "file list.csv")
    hidden, counted = rows(engine, tables.channel_snapshot, tables.channel_snapshot.c.channel_key)
    assert (hidden["subscribers"], hidden["subscribers_hidden"]) == (None, True)
    assert (counted["subscribers"], counted["view_definition"]) == (1_234_567, "as_supplied_in_file")


def test_what_is_not_understood_is_in_the_quarantine_with_the_reason_and_the_rest_is_published(engine, bring):
    report = bring(
        "Link,Followers\nhttps://youtube.com/@a,5\nhttps://youtube.com/watch?v=1,5\nhttps://youtube.com/@b,-3\n"
    )
    assert report.rejected_count == 2
    kept = rows(engine, tables.quarantined_row, tables.quarantined_row.c.row_no)
    assert [(row["row_no"], row["rules"]) for row in kept] == [
        (3, ["channel_is_not_named"]), (4, ["number_is_not_plausible"]),
    ]  # fmt: skip
    assert "leads to a video" in kept[0]["payload"]["reason"]
    ledger = rows(engine, tables.ingest_run, tables.ingest_run.c.ingest_run_id)[0]
    assert (ledger["staged_count"], ledger["quarantined_count"], ledger["inserted_count"]) == (3, 2, 1)


def test_of_lines_that_name_a_channel_again_the_last_one_stays(engine, bring):
    content = "Link,Name\nhttps://youtube.com/@a,First\nhttps://youtube.com/@a,Last\n"
    assert preview(io.BytesIO(content.encode())).duplicate_count == 1
    bring(content)
    (channel,) = rows(engine, tables.channel)
    assert channel["title"] == "Last"
    (repeated,) = rows(engine, tables.quarantined_row)
    assert repeated["rules"] == ["duplicate_in_batch"]


def test_bringing_the_same_file_twice_changes_nothing(engine, bring):
    content = "Link,Name,E-Mail\nhttps://youtube.com/@a,Ann,a@a.example\n"
    bring(content)
    before = rows(engine, tables.channel), rows(engine, tables.contact)
    again = bring(content, turn=2)
    assert again.as_json()["tables"]["channel"] == {"published": 1, "new": 0, "changed": 0, "quarantined": 0}
    assert [(row["title"], row["first_seen_at"]) for row in rows(engine, tables.channel)] == [
        (row["title"], row["first_seen_at"]) for row in before[0]
    ]


def test_an_empty_cell_erases_nothing_and_a_handle_finds_the_crawled_channel(engine, bring):
    crawled = channel_row("UC1", description="what the platform says", refreshed_at=NOW - timedelta(days=3))
    with engine.begin() as connection:
        connection.execute(sa.insert(tables.channel).values(ingest_run_id=0, **crawled))
    bring("Link,Name,Country,Language\nhttps://youtube.com/@Ann,New name,-,\n")
    (channel,) = rows(engine, tables.channel)
    assert (channel["channel_key"], channel["title"], channel["country"]) == ("youtube:UC1", "New name", "JP")
    assert channel["description"] == "what the platform says"
    # What the platform told must still be gone on its day.
    assert (channel["expires_at"], channel["refreshed_at"]) == (crawled["expires_at"], crawled["refreshed_at"])


def test_worlds_never_mix(engine, bring):
    links = "".join(f"https://youtube.com/@{letter},Of the sandbox\n" for letter in "abc")
    bring(f"Link,Name\n{links}")
    bring("Link,Name\nhttps://youtube.com/@a,Live\n", world=World.LIVE, turn=2)
    (refused,) = rows(engine, tables.quarantined_row)
    assert refused["rules"] == ["channel_key_is_of_no_other_world"]
    with pytest.raises(GateBlocked):
        bring(f"Link,Name\n{links}", world=World.LIVE, turn=3)
    assert {(row["world"], row["title"]) for row in rows(engine, tables.channel)} == {("sandbox", "Of the sandbox")}


def test_who_follows_whom_becomes_edges_between_channels_that_are_shown(engine, bring):
    bring(
        "Quelle,Ziel,kind,Gewicht,first seen\n"
        "youtube:A,youtube:B,subscribes,2,2026-09-01\nyoutube:A,youtube:B,,1,\nC,youtube:A,,,\n"
    )
    edges = rows(engine, tables.follow_edge, tables.follow_edge.c.source_channel_key, tables.follow_edge.c.kind)
    assert [(row["source_channel_key"], row["target_channel_key"], row["kind"], row["weight"]) for row in edges] == [
        ("csv:C", "youtube:A", "follows", 1.0), ("youtube:A", "youtube:B", "follows", 1.0),
        ("youtube:A", "youtube:B", "subscribes", 2.0),
    ]  # fmt: skip
    assert {row["evidence"] for row in edges} == {"file list.csv"}
    assert edges[2]["first_seen_at"].isoformat() == "2026-09-01T00:00:00+00:00"
    assert [row["channel_key"] for row in rows(engine, tables.channel, tables.channel.c.channel_key)] == [
        "csv:C", "youtube:A", "youtube:B",
    ]  # fmt: skip


def test_text_from_strangers_is_kept_as_text(engine, bring):
    cell = HOSTILE.replace('"', '""')
    bring(f'Link,Name\nhttps://youtube.com/@a,"{cell}"\nhttps://youtube.com/@b,{"x" * 10_000}\n')
    first, second = rows(engine, tables.channel, tables.channel.c.channel_key)
    assert first["title"] == HOSTILE
    assert len(second["title"]) == 1000


def test_a_file_of_which_nothing_is_understood_says_why_and_writes_nothing(engine, bring):
    with pytest.raises(FixFirst, match=r"Not one of the 1 lines .*line 2.*leads to a video"):
        bring("Link,Name\nhttps://youtube.com/watch?v=1,A video\n")
    assert rows(engine, tables.ingest_run) == []


def test_a_preview_names_examples_and_holds_no_address(bring):
    content = "Link,Name,E-Mail\nhttps://youtube.com/@a,Ann,secret@ann.example\nnothing at all,B,\n"
    found = preview(io.BytesIO(content.encode())).as_json()
    assert (found["good"], found["rejected"]) == (1, 1)
    assert found["first"][0]["has_contact"] is True
    assert "secret@ann.example" not in str(found["first"])
    assert found["troubles"]["channel_is_not_named"]["examples"][0]["line"] == 3

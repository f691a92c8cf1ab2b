"""Bring a table: upload, preview, confirm; behind the login, from our own page only, and never into the other world."""

import httpx
import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from builders.creator_rows import write_people
from mardev.domain.words import World
from mardev.stages.context import RunLabel
from mardev.stages.import_files.import_files import import_files
from mardev.warehouse import tables

TABLE = 'Name,Link,Followers\n"<script>alert(1)</script>",https://youtube.com/@ann,"1,234"\nB,nothing,5\n'


@pytest.fixture(autouse=True)
def people(engine):
    with engine.begin() as connection:
        write_people(connection)


def bring(browser, content: str = TABLE, **options):
    return browser.post(
        "/imports", files={"file": ("list.csv", content.encode(), "text/csv")}, data={"kind": ""}, **options
    )


def work(engine, clock, world: World = World.SANDBOX):
    run = RunLabel("import_files", "scheduled__1", "import_files")
    return import_files(stage_context(engine, clock, world=world, run=run))


def state(engine) -> list[str]:
    with engine.connect() as connection:
        return list(
            connection.scalars(sa.select(tables.import_file.c.state).order_by(tables.import_file.c.uploaded_at))
        )


def pieces(engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(tables.import_piece)) or 0)


def test_a_table_is_previewed_confirmed_imported_and_forgotten(mia, engine, clock, airflow):
    address = bring(mia).headers["location"].removeprefix("/mardev")
    page = mia.get(address).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    for words in ("Import 1 lines", "Not understood", "groups thousands", "nobody says on which platform"):
        assert words in page, words
    assert work(engine, clock) == {}
    assert mia.post(address, data={"answer": "confirm"}).status_code == 303
    assert airflow.requests[-1].url.path == "/api/v2/dags/import_files/dagRuns"
    (report,) = work(engine, clock).values()
    assert report["tables"]["channel"]["published"] == 1
    assert (state(engine), pieces(engine)) == (["published"], 0)
    done = mia.get(address).text
    assert "confirmed by Mia Keller" in done
    assert "1 lines are in quarantine" in done
    assert mia.post(address, data={"answer": "confirm"}).status_code == 409
    assert "Imported" in mia.get("/imports").text


def test_a_pipeline_that_cannot_be_started_now_finds_the_file_later(mia, engine, clock, airflow):
    address = bring(mia).headers["location"].removeprefix("/mardev")
    airflow.answers.append(httpx.Response(403, json={"detail": "not yours"}))
    assert mia.post(address, data={"answer": "confirm"}).status_code == 303
    assert state(engine) == ["confirmed"]
    assert len(work(engine, clock)) == 1


def test_a_discarded_file_is_deleted(mia, engine, clock):
    address = bring(mia).headers["location"].removeprefix("/mardev")
    mia.post(address, data={"answer": "discard"})
    assert (state(engine), pieces(engine), work(engine, clock)) == (["discarded"], 0, {})
    assert "Its content is deleted" in mia.get(address).text


def test_a_file_of_another_world_is_left_alone(mia, engine, clock):
    address = bring(mia).headers["location"].removeprefix("/mardev")
    mia.post(address, data={"answer": "confirm"})
    assert work(engine, clock, World.LIVE) == {}
    assert state(engine) == ["confirmed"]


def test_a_refused_file_says_why_and_stops_no_other(mia, engine, clock):
    bad = bring(mia, "Source,Target\na,b\n").headers["location"].removeprefix("/mardev")
    good = bring(mia, "Link\nhttps://youtube.com/@b\n").headers["location"].removeprefix("/mardev")
    for address in (bad, good):
        mia.post(address, data={"answer": "confirm"})
    with engine.begin() as connection:  # what was kept of it is no table any more
        connection.execute(
            sa.update(tables.import_piece)
            .where(tables.import_piece.c.import_key == bad.rpartition("/")[2])
            .values(body=b"PK\x03\x04[Content_Types].xml")
        )
    assert sorted(one["state"] for one in work(engine, clock).values()) == ["failed", "published"]
    assert "This is an Excel workbook" in mia.get(bad).text


def test_a_graph_file_is_brought_as_who_follows_whom(mia, engine, clock):
    graph = (
        '<gexf version="1.3"><graph defaultedgetype="directed"><nodes><node id="youtube:A"/><node id="youtube:B"/>'
        '</nodes><edges><edge source="youtube:A" target="youtube:B" kind="mentions"/></edges></graph></gexf>'
    )
    address = bring(mia, graph).headers["location"].removeprefix("/mardev")
    mia.post(address, data={"answer": "confirm"})
    work(engine, clock)
    with engine.connect() as connection:
        (edge,) = connection.execute(sa.select(tables.follow_edge)).mappings().all()
    assert (edge["source_channel_key"], edge["target_channel_key"], edge["kind"]) == (
        "youtube:A",
        "youtube:B",
        "mentions",
    )


def test_what_is_no_table_is_refused_in_plain_words(mia, engine):
    answer = mia.post("/imports", files={"file": ("list.csv", b"PK\x03\x04[Content_Types].xml", "text/csv")})
    assert answer.status_code == 422
    assert "This is an Excel workbook (xlsx)" in answer.text
    assert mia.post("/imports", data={"kind": "edges"}).status_code == 422
    assert state(engine) == []


def test_another_site_a_stranger_and_a_person_without_a_role_bring_nothing(pages, mia, nobody, engine):
    assert bring(mia, origin="http://evil.example").status_code == 403
    assert bring(nobody, headers={"Accept": "application/json"}).status_code == 401
    assert bring(type(mia)(pages, "guest")).status_code == 403
    assert state(engine) == []


def test_a_file_too_large_is_refused_before_it_is_read(mia):
    answer = mia.post(
        "/imports",
        content=b"x",
        headers={"Content-Length": str(10**9), "Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert "mardev import" in answer.text

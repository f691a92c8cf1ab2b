"""`mardev erase` from the command line: one person, a preview first, a report without a name."""

import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from mardev.cli.main import app
from mardev.warehouse import tables

KEY = "youtube:UC0000000"


@pytest.fixture
def run(live, warehouse_url, tmp_path, monkeypatch):
    monkeypatch.setenv("MARDEV_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("MARDEV_HOME", str(tmp_path))

    def call(*arguments):
        return CliRunner().invoke(app, ["erase", *arguments])

    return call


def count(live, table):
    with live.context.warehouse.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.channel_key == KEY))


def test_without_yes_it_only_shows_what_would_go(live, run):
    shown = run("--channel", KEY)
    assert shown.exit_code == 0
    assert "Nothing was changed" in shown.output
    assert count(live, tables.channel) == 1
    assert run("--channel", KEY, "--json").exit_code == 0
    assert json.loads(run("--channel", KEY, "--json").output)["is_preview"] is True


def test_with_yes_it_erases_and_leaves_a_report_without_a_name(live, run):
    with live.context.warehouse.begin() as connection:
        score = {"channel_key": KEY, "world": "live", "scored_at": live.context.clock.now(), "score": 90,
                 "confidence": 0.4, "verdict": "nothing unusual"}  # fmt: skip
        connection.execute(sa.insert(tables.audience_quality).values(score))
        title = connection.scalar(sa.select(tables.channel.c.title).where(tables.channel.c.channel_key == KEY))
    done = run("--channel", "UC0000000", "--yes")
    assert done.exit_code == 0
    assert "Erased" in done.output
    assert KEY not in done.output
    assert title not in done.output
    assert count(live, tables.channel) == count(live, tables.channel_rank) == count(live, tables.audience_quality) == 0
    with live.context.warehouse.connect() as connection:
        (report,) = connection.execute(sa.select(tables.erasure)).mappings()
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.suppression)) >= 2
    assert report["asked_for"] == "channel"
    assert report["counts"]["core.channel"] == report["counts"]["core.audience_quality"] == 1
    assert KEY not in str(dict(report))
    assert title not in str(dict(report))


def test_somebody_who_is_not_known_is_suppressed_all_the_same(live, run):
    assert run("--address", "stranger@creators.example", "--yes").exit_code == 0
    with live.context.warehouse.connect() as connection:
        assert connection.scalars(sa.select(tables.suppression.c.kind)).all() == ["address"]


def test_exactly_one_way_to_name_a_person_is_asked_for(run):
    assert run().exit_code == run("--person", "A", "--channel", KEY).exit_code == 2
    unknown = run("--person", "Nobody At All")
    assert unknown.exit_code == 1

"""`mardev import`: the preview in words and for machines, and the refusal of what is no table."""

import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from mardev.cli.main import app
from mardev.warehouse import tables


@pytest.fixture
def run(tmp_path, warehouse_url):
    environment = {"MARDEV_HOME": str(tmp_path / "home"), "MARDEV_DATABASE_URL": warehouse_url}

    def invoke(*arguments: object):
        return CliRunner().invoke(app, ["import", *map(str, arguments)], env=environment)

    return invoke


def test_a_preview_says_what_was_understood_and_writes_nothing(run, tmp_path, engine):
    path = tmp_path / "list.csv"
    path.write_bytes(
        "Kanalname;Abonnenten;Link;Farbe\nMüller;1.234;https://youtube.com/@m;rot\nB;x;@b;\n".encode("cp1252")
    )
    told = run(path, "--preview").output
    for words in ("channels, 2 lines, cells separated by semicolons, Windows-1252", "subscribers", "not used",
                  "1 not understood",
                  "line 3: nobody says on which platform", "Nothing was written"):  # fmt: skip
        assert words in told, told
    found = json.loads(run(path, "--preview", "--json").output)["preview"]
    assert (found["good"], found["rejected"]) == (1, 1)
    with engine.connect() as connection:
        assert connection.execute(sa.select(tables.ingest_run)).all() == []


def test_a_workbook_and_a_missing_file_say_what_to_do(run, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"PK\x03\x04\x14\x00[Content_Types].xml")
    refused = run(path)
    assert refused.exit_code == 1
    assert "This is an Excel workbook (xlsx)" in refused.output
    assert "CSV UTF-8" in refused.output
    assert "cannot be read" in run(tmp_path / "gone.csv").output


def test_a_graph_file_is_read_as_follows(run, tmp_path):
    path = tmp_path / "graph.gexf"
    path.write_text(
        '<gexf version="1.3"><graph defaultedgetype="directed"><nodes><node id="youtube:A"/>'
        '<node id="youtube:B"/></nodes>'
        '<edges><edge source="youtube:A" target="youtube:B" kind="mentions" weight="2"/></edges></graph></gexf>'
    )
    found = json.loads(run(path, "--preview", "--json").output)["preview"]
    assert found["understood"]["kind"] == "edges"
    assert found["first"][0] | {"line": 0} == {
        "line": 0, "source": "youtube:A", "target": "youtube:B", "kind": "mentions", "weight": 2.0,
    }  # fmt: skip

"""`mardev export graph` on a real warehouse."""

import json

import networkx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from builders.iteration_rows import fill_warehouse
from mardev.cli.main import app


@pytest.fixture
def export(engine: sa.Engine, warehouse_url: str, tmp_path):
    def invoke(*arguments: str):
        environment = {"MARDEV_DATABASE_URL": warehouse_url, "MARDEV_HOME": str(tmp_path / "home")}
        return CliRunner().invoke(app, ["export", "graph", *arguments], env=environment)

    return invoke


def test_the_graph_of_an_iteration_is_written_in_each_format(engine, export, tmp_path):
    fill_warehouse(engine, channel_count=120, edge_count=200)
    for name, read in (("gexf", networkx.read_gexf), ("graphml", networkx.read_graphml)):
        path = tmp_path / f"graph.{name}"
        assert export("summer-players", "--format", name, "--output", str(path)).exit_code == 0
        assert (read(path).number_of_nodes(), read(path).number_of_edges()) == (120, 200)
    path = tmp_path / "graph.gdf"
    assert export("summer-players", "--format", "gdf", "--output", str(path)).exit_code == 0
    assert len(path.read_text().splitlines()) == 120 + 200 + 2
    told = export("summer-players", "--format", "csv", "--output", str(tmp_path / "graph.csv"), "--json")
    follows, creators = json.loads(told.output)["files"]
    assert follows.endswith("graph.csv")
    assert creators.endswith("graph.creators.csv")
    assert len((tmp_path / "graph.creators.csv").read_text().splitlines()) == 121


def test_an_unknown_iteration_and_a_folder_that_is_not_there_are_said_in_plain_words(engine, export, tmp_path):
    fill_warehouse(engine, channel_count=120, edge_count=200)
    unknown = export("nothing", "--output", str(tmp_path / "a.gexf"))
    assert unknown.exit_code == 1
    assert "There is no graph of an iteration 'nothing'" in unknown.output
    nowhere = export("summer-players", "--output", str(tmp_path / "gone" / "a.gexf"))
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.output


def test_a_warehouse_that_was_never_made_says_how_to_make_it(tmp_path):
    told = CliRunner().invoke(
        app,
        ["export", "graph", "any", "--output", str(tmp_path / "a.gexf")],
        env={"MARDEV_HOME": str(tmp_path / "home"), "MARDEV_DATABASE_URL": ""},
    )
    assert told.exit_code == 1
    assert "`mardev up` makes it" in told.output

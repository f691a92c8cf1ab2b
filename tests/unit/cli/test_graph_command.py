"""`mardev graph`: a graph file in, a table out; a bad file is said so in one sentence."""

import csv
import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from mardev.cli.main import app

EDGES = "source,target\nann,bob\ncid,bob\ndan,bob\nbob,cid\nann,cid\nann,ann\nann,bob\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["graph", *map(str, arguments)])


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def edges(tmp_path: Path) -> Path:
    path = tmp_path / "edges.csv"
    path.write_text(EDGES)
    return path


def test_ranks_come_in_order_with_the_places_between_which_they_lie(edges: Path):
    rows = rows_of(run("rank", edges).stdout)
    assert [int(row["rank"]) for row in rows] == [1, 2, 3, 4]
    assert rows[0]["creator"] == "bob"
    assert all(int(row["best"]) <= int(row["rank"]) <= int(row["worst"]) for row in rows)
    assert sum(float(row["influence"]) for row in rows) == pytest.approx(1.0)


def test_a_compressed_file_gives_the_same_as_json(edges: Path, tmp_path: Path):
    packed, written = tmp_path / "edges.csv.gz", tmp_path / "ranks.json"
    packed.write_bytes(gzip.compress(EDGES.encode()))
    assert run("rank", packed, "--format", "json", "--output", written).exit_code == 0
    told = json.loads(written.read_text())
    assert [row["creator"] for row in told] == [row["creator"] for row in rows_of(run("rank", edges).stdout)]


def test_hidden_lists_make_ranks_less_sure(tmp_path: Path):
    random = np.random.default_rng(3)
    path, hidden = tmp_path / "edges.csv", tmp_path / "hidden.txt"
    attraction = random.lognormal(0, 1, 80)
    lines = [
        f"c{source},c{target}"
        for source in range(50)
        for target in random.choice(80, 8, replace=False, p=attraction / attraction.sum())
    ]
    path.write_text("source,target\n" + "\n".join(lines))
    hidden.write_text("\n".join(f"c{number}" for number in range(50, 80)) + "\nnobody\n")

    def width(*options: object) -> float:
        told = run("rank", path, "--unseen", "0", "--replicates", "30", *options)
        assert told.exit_code == 0
        return float(np.median([int(row["worst"]) - int(row["best"]) for row in rows_of(told.stdout)]))

    assert width("--hidden", hidden) > width()
    assert (
        "names of hidden lists are not in the graph, such as" in run("rank", path, "--hidden", hidden).stderr
    )


def test_ranks_alone_leave_the_intervals_empty(edges: Path):
    rows = rows_of(run("rank", edges, "--replicates", "0").stdout)
    assert {row["best"] for row in rows} == {""}


def test_verticals_tell_two_separate_groups_apart(tmp_path: Path):
    path = tmp_path / "two.csv"
    groups = [[f"{name}{number}" for number in range(8)] for name in "ab"]
    follows = [f"{one},{other}" for group in groups for one in group for other in group if one != other]
    path.write_text("source,target\n" + "\n".join(follows))
    rows = rows_of(run("verticals", path).stdout)
    by_creator = {row["creator"]: row["community"] for row in rows}
    assert len({by_creator[creator] for creator in groups[0]}) == 1
    assert by_creator["a0"] != by_creator["b0"]


def test_a_name_that_a_spreadsheet_would_run_is_disarmed(tmp_path: Path):
    path = tmp_path / "edges.csv"
    path.write_text('source,target\n"=HYPERLINK(1)",bob\n')
    assert "'=HYPERLINK(1)" in run("rank", path).stdout


@pytest.mark.parametrize("command", ["rank", "verticals"])
def test_a_file_that_is_not_there_is_said_so_without_a_traceback(command: str, tmp_path: Path):
    told = run(command, tmp_path / "none.csv")
    assert told.exit_code == 1
    assert "none.csv cannot be read: No such file or directory." in told.stderr


def test_an_excel_file_is_said_so(tmp_path: Path):
    path = tmp_path / "edges.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 200)
    told = run("rank", path)
    assert told.exit_code == 1
    assert "Excel" in told.stderr


def test_an_answer_that_cannot_be_written_is_said_so(edges: Path, tmp_path: Path):
    told = run("rank", edges, "--output", tmp_path / "no" / "such" / "folder.csv")
    assert told.exit_code == 1
    assert "Choose another --output." in told.stderr

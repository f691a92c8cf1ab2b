import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from mardev.cli.main import app
from mardev.settings import load_settings

HEAVY = ("airflow", "sqlalchemy", "psycopg", "httpx", "pandas", "networkx", "fastapi", "alembic")


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments: str):
        return CliRunner().invoke(app, list(arguments), env={"MARDEV_HOME": str(tmp_path)})

    return invoke


def test_help_names_every_command_in_plain_words(run):
    told = run("--help").output
    for command in ("up", "down", "status", "doctor", "reset", "break", "mend", "version"):
        assert f" {command} " in told


def test_help_imports_nothing_heavy():
    program = f"import mardev.cli.main, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_the_version_is_told_to_machines_as_well(run):
    content = json.loads(run("version", "--json").output)
    assert content["mardev"] == "0.1.0"
    assert content["home_version"] is None


def test_the_status_of_an_empty_home_is_stopped(run):
    answer = run("status", "--json")
    assert json.loads(answer.output)["state"] == "stopped"
    assert answer.exit_code == 3


def test_down_with_nothing_running_is_harmless(run):
    answer = run("down", "--json")
    assert json.loads(answer.output) == {"was_running": False}
    assert answer.exit_code == 0


def test_a_reset_asks_before_it_deletes(run, tmp_path):
    home = load_settings({"MARDEV_HOME": str(tmp_path)}).home
    home.mkdir()
    assert run("reset", "--json").exit_code == 2
    assert home.exists()


def test_a_confirmed_reset_deletes_this_checkouts_home_only(run, tmp_path):
    home = load_settings({"MARDEV_HOME": str(tmp_path)}).home
    home.mkdir()
    (tmp_path / "other-checkout").mkdir()
    assert run("reset", "--yes", "--json").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["other-checkout"]


def test_breaking_a_system_without_a_world_says_what_to_do(run):
    answer = run("break", "landing", "--market", "de")
    assert answer.exit_code == 1
    assert "mardev up" in answer.stderr


def test_a_system_that_cannot_break_is_refused_with_those_that_can(run):
    answer = run("break", "coffee-machine")
    assert answer.exit_code == 2
    assert "redirector" in answer.stderr

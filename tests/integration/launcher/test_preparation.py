import shutil

import pytest
import sqlalchemy as sa

from mardev.cli.supervisor.preparation import dump_warehouse, migrate_warehouse, rotate_logs
from mardev.errors import FixFirst
from mardev.settings import PROJECT_ROOT, Settings, load_settings
from mardev.warehouse.engine import create_engine
from mardev.warehouse.team import mirror_team


@pytest.fixture
def settings(tmp_path, postgres, warehouse_url) -> Settings:
    """A home of the test's own on its warehouse, with migrations it may change."""
    project = tmp_path / "project"
    shutil.copytree(PROJECT_ROOT / "sql", project / "sql")
    read = load_settings(
        {
            "MARDEV_HOME": str(tmp_path),
            "MARDEV_DATABASE_URL": warehouse_url,
            "MARDEV_AIRFLOW_DATABASE_URL": warehouse_url,
        }
    )
    read.home.mkdir(parents=True)
    return Settings(**{**read.__dict__, "project_root": project})


@pytest.fixture
def pg_dump(monkeypatch, postgres):
    monkeypatch.setenv("PATH", str(postgres.program("pg_dump").parent), prepend=":")


def add_migration(settings: Settings) -> str:
    """A further migration of the test's own; returns its name."""
    folder = settings.sql / "migrations"
    number = len(list(folder.glob("*.sql"))) + 1
    name = f"{number:04d}_more"
    (folder / f"{name}.sql").write_text(f"CREATE TABLE core.more_{number} (key text);")
    return name


def test_a_dump_is_made_before_a_migration_and_three_are_kept(settings, pg_dump):
    migrate_warehouse(settings)
    added = []
    for _ in range(5):
        added.append(add_migration(settings))
        assert migrate_warehouse(settings) == [added[-1]]
    dumps = sorted(path.name[:14] for path in (settings.home / "dumps").iterdir())
    # Each dump carries the version before its migration: the last three are those of the third to the fifth.
    assert dumps == [f"warehouse-{name[:4]}" for name in added[1:4]]


def test_nothing_is_dumped_when_nothing_is_migrated(settings, pg_dump):
    migrate_warehouse(settings)
    migrate_warehouse(settings)
    assert not (settings.home / "dumps").exists()


def test_without_a_way_to_dump_nothing_is_migrated(settings, monkeypatch):
    migrate_warehouse(settings)
    monkeypatch.setenv("PATH", "/nowhere")
    add_migration(settings)
    with pytest.raises(FixFirst, match="pg_dump"):
        migrate_warehouse(settings)


def test_a_failed_dump_leaves_no_half_file(settings, pg_dump):
    broken = Settings(
        **{**settings.__dict__, "database_url_from_environment": "postgresql+psycopg://mardev:wrong@127.0.0.1:1/mardev"}
    )
    with pytest.raises(FixFirst, match="nothing was changed"):
        dump_warehouse(broken, "0001")
    assert list((settings.home / "dumps").iterdir()) == []


def test_an_applied_migration_that_was_rewritten_is_refused(settings):
    migrate_warehouse(settings)
    with (settings.sql / "migrations" / "0001_foundation.sql").open("a") as file:
        file.write("\n-- another thought\n")
    with pytest.raises(FixFirst, match="0001_foundation"):
        migrate_warehouse(settings)


def test_logs_of_earlier_starts_are_kept_three_times(settings):
    settings.logs.mkdir()
    for number in range(5):
        (settings.logs / "scheduler.log").write_text(str(number))
        rotate_logs(settings)
    assert {path.name: path.read_text() for path in settings.logs.iterdir()} == {
        "scheduler.log.1": "4", "scheduler.log.2": "3", "scheduler.log.3": "2",
    }  # fmt: skip


@pytest.fixture
def login(warehouse_url):
    """A login as Airflow's FAB keeps it: the tables and columns that are read."""
    owner = create_engine(warehouse_url, "owner")
    with owner.begin() as connection:
        for statement in (
            "CREATE TABLE ab_user (id int, username text, first_name text, last_name text, email text, active bool)",
            "CREATE TABLE ab_role (id int, name text)",
            "CREATE TABLE ab_user_role (user_id int, role_id int)",
            "INSERT INTO ab_role VALUES (1, 'Marketing'), (2, 'IT'), (3, 'Head'), (4, 'Admin')",
            "INSERT INTO ab_user VALUES (11, 'mia', 'Mia', 'Keller', 'mia@aptovia.example', true),"
            " (12, 'ian', 'Ian', 'Osei', 'ian@aptovia.example', true),"
            " (13, 'admin', 'Ada', 'Min', 'admin@aptovia.example', true)",
            "INSERT INTO ab_user_role VALUES (11, 1), (11, 3), (12, 2), (13, 4)",
        ):
            connection.execute(sa.text(statement))
    yield owner
    owner.dispose()


def members(engine: sa.Engine) -> set[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT person, role, airflow_user_id FROM core.role_member"))
        return {tuple(row) for row in rows}


def test_the_team_holds_the_roles_its_login_says(login, warehouse_url):
    assert mirror_team(warehouse_url, warehouse_url) == 3
    assert members(login) == {("mia", "marketing", "11"), ("mia", "head", "11"), ("ian", "technology", "12")}


def test_somebody_who_leaves_loses_the_role(login, warehouse_url):
    mirror_team(warehouse_url, warehouse_url)
    with login.begin() as connection:
        connection.execute(sa.text("UPDATE ab_user SET active = false WHERE username = 'ian'"))
    mirror_team(warehouse_url, warehouse_url)
    assert {person for person, _, _ in members(login)} == {"mia"}

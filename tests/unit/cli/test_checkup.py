import pytest

from mardev.cli.checkup import examine
from mardev.cli.finding import Level
from mardev.home.secret_files import write_private
from mardev.settings import load_settings


@pytest.fixture
def findings_of(tmp_path):
    def examine_with(**variables: str):
        settings = load_settings({"MARDEV_HOME": str(tmp_path), **variables})
        return settings, lambda: {finding.subject: finding for finding in examine(settings)}

    return examine_with


def test_a_new_home_has_no_problem_of_its_own(findings_of):
    _, look = findings_of()
    assert look()["Version"].level is Level.GOOD
    assert look()["Database"].text == "is made at the first start"


def test_a_secret_that_others_may_read_is_a_problem_with_its_cure(findings_of):
    settings, look = findings_of()
    write_private(settings.secrets / "passwords.json", "{}")
    assert look()["Secrets"].level is Level.GOOD
    (settings.secrets / "passwords.json").chmod(0o644)
    assert look()["Secrets"].level is Level.PROBLEM
    assert look()["Secrets"].mend.startswith("chmod 600 ")


def test_half_a_database_configuration_names_the_missing_half(findings_of):
    _, look = findings_of(MARDEV_DATABASE_URL="postgresql+psycopg://mardev@db/mardev")
    assert "set MARDEV_AIRFLOW_DATABASE_URL" in look()["Database"].mend


def test_a_database_url_of_another_driver_is_refused_without_showing_it(findings_of):
    url = "postgresql://mardev:SECRET-CANARY@db/mardev"
    _, look = findings_of(MARDEV_DATABASE_URL=url, MARDEV_AIRFLOW_DATABASE_URL=url)
    finding = look()["Database"]
    assert finding.level is Level.PROBLEM
    assert "SECRET-CANARY" not in repr(finding)


def test_a_home_of_another_version_is_a_problem(findings_of):
    settings, look = findings_of()
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "version.json").write_text('{"version": "9.0.0"}')
    assert "mardev reset" in look()["Version"].mend


def test_a_half_made_database_is_found(findings_of):
    settings, look = findings_of()
    (settings.postgres_home / "data").mkdir(parents=True)
    assert look()["Database"].level is Level.PROBLEM


@pytest.mark.skipif("os.geteuid() != 0", reason="only root's database runs as another user")
def test_a_home_below_a_private_folder_is_a_problem_for_root(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    settings = load_settings({"MARDEV_HOME": str(private / "mardev")})
    finding = next(finding for finding in examine(settings) if finding.subject == "Home")
    assert finding.level is Level.PROBLEM
    assert "chmod o+x" in finding.mend

import configparser
import sys
from pathlib import Path

import pytest

from mardev.cli.supervisor.configuration import child_environment, write_airflow_configuration
from mardev.home.ports import Ports
from mardev.settings import load_settings

PORTS = Ports(api=18080, sandbox_http=18081, sandbox_smtp=18082)
DATABASE = "postgresql+psycopg2://airflow:p%25ss@db/airflow"


@pytest.fixture
def settings(tmp_path):
    return load_settings(
        {
            "MARDEV_HOME": str(tmp_path),
            "MARDEV_DATABASE_URL": "postgresql+psycopg://mardev@db/mardev",
            "MARDEV_AIRFLOW_DATABASE_URL": DATABASE,
            "AIRFLOW__CORE__EXECUTOR": "SequentialExecutor",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
        }
    )


def read(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()  # interpolates, as Airflow does
    parser.read(path)
    return parser


def test_the_configuration_is_private(settings):
    assert write_airflow_configuration(settings, PORTS).stat().st_mode & 0o777 == 0o600


def test_a_percent_sign_in_a_password_survives(settings):
    assert read(write_airflow_configuration(settings, PORTS))["database"]["sql_alchemy_conn"] == DATABASE


def test_airflow_listens_on_the_loopback_and_finds_itself(settings):
    written = read(write_airflow_configuration(settings, PORTS))
    assert written["api"]["host"] == "127.0.0.1"
    assert written["core"]["execution_api_server_url"] == "http://127.0.0.1:18080/execution/"


def test_keys_stay_the_same_from_start_to_start(settings):
    first = read(write_airflow_configuration(settings, PORTS))
    second = read(write_airflow_configuration(settings, PORTS))
    assert first["core"]["fernet_key"] == second["core"]["fernet_key"]


def test_children_get_no_setting_that_leads_them_astray(settings):
    environment = child_environment(settings, Path(sys.executable))
    assert "AIRFLOW__CORE__EXECUTOR" not in environment
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["LANG"] == "C.UTF-8"


def test_no_secret_travels_in_the_environment_of_children(settings):
    written = read(write_airflow_configuration(settings, PORTS))
    secrets = {written["core"]["fernet_key"], written["api_auth"]["jwt_secret"], written["api"]["secret_key"]}
    assert not secrets & set(child_environment(settings, Path(sys.executable)).values())

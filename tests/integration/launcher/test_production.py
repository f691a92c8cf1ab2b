"""docker-compose.yml, Dockerfile and .env.example say nothing that the code does not read."""

import importlib.util
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
import yaml

from mardev.cli.supervisor.configuration import airflow_sections
from mardev.home.ports import Ports
from mardev.home.secret_files import airflow_keys
from mardev.settings import PROJECT_ROOT, load_settings

COMPOSE = PROJECT_ROOT / "docker-compose.yml"
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text()
OURS = ("init", "api-server", "scheduler", "dag-processor", "triggerer", "worker")


@cache
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def variables_of_image() -> dict[str, str]:
    block = re.search(r"^ENV (.*?)\nUSER", DOCKERFILE, re.DOTALL | re.MULTILINE).group(1)
    return dict(part.split("=", 1) for part in block.replace("\\\n", " ").split())


def variables_of(service: str) -> dict[str, str]:
    return variables_of_image() | services()[service]["environment"]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def test_the_compose_file_follows_the_compose_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def test_every_part_of_production_is_there():
    assert {*OURS, "postgres", "redis"} == set(services())


def test_the_example_names_exactly_what_the_compose_file_asks_for():
    named = {
        line.split("=")[0]
        for line in (PROJECT_ROOT / ".env.example").read_text().splitlines()
        if re.match("[A-Z]", line)
    }
    assert named == placeholders(COMPOSE.read_text())


def test_a_secret_has_no_default_and_stands_in_no_file():
    text = COMPOSE.read_text()
    for name in placeholders(text):
        if re.search("PASSWORD|KEY|SECRET", name):
            assert re.findall(rf"\$\{{{name}(.)", text).count(":") == text.count(f"${{{name}")
            assert f"${{{name}:-" not in text
    assert not re.search(r"PASSWORD|SECRET|FERNET", DOCKERFILE)


def options_of_airflow() -> set[tuple[str, str]]:
    from airflow.configuration import conf

    return {
        (section.lower(), option.lower())
        for section, described in conf.configuration_description.items()
        for option in described["options"]
    }


def test_every_setting_of_airflow_exists():
    given = {name for service in OURS for name in variables_of(service) if name.startswith("AIRFLOW__")}
    read = {tuple(name.removeprefix("AIRFLOW__").lower().split("__", 1)) for name in given}
    assert read - options_of_airflow() == set()


def test_every_setting_the_launcher_writes_exists(tmp_path):
    urls = {name: "postgresql+psycopg://m@db/m" for name in ("MARDEV_DATABASE_URL", "MARDEV_AIRFLOW_DATABASE_URL")}
    sections = airflow_sections(load_settings({"MARDEV_HOME": str(tmp_path), **urls}), Ports(1, 2, 3))
    written = {(section, option) for section, options in sections.items() for option in options}
    assert written - options_of_airflow() == set()


def test_every_variable_of_ours_is_read_by_the_code():
    given = {name for service in OURS for name in variables_of(service) if name.startswith("MARDEV_")}
    code = "".join(path.read_text() for path in (PROJECT_ROOT / "include" / "mardev").rglob("*.py"))
    assert {name for name in given if f'"{name}"' not in code} == set()


def test_the_code_finds_both_databases_in_what_a_container_gets():
    settings = load_settings(variables_of("worker"))
    assert not settings.uses_embedded_postgres
    assert settings.warehouse_url.startswith("postgresql+psycopg://mardev:")
    assert settings.airflow_database_url == variables_of("worker")["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_the_databases_made_are_the_databases_used():
    script = (PROJECT_ROOT / "scripts" / "production" / "create_databases.sh").read_text()
    for role in ("mardev", "airflow"):
        assert f"CREATE ROLE {role} LOGIN" in script
        assert f"CREATE DATABASE {role} OWNER {role}" in script
    assert set(re.findall(r"\$(MARDEV_[A-Z_]+)", script)) <= set(services()["postgres"]["environment"])
    mounted = [volume.split(":") for volume in services()["postgres"]["volumes"]]
    assert [
        "./scripts/production/create_databases.sh",
        "/docker-entrypoint-initdb.d/create_databases.sh",
        "ro",
    ] in mounted


def test_every_volume_is_declared_and_leads_where_the_code_writes():
    declared = yaml.safe_load(COMPOSE.read_text())["volumes"]
    mounted = dict(volume.split(":") for volume in services()["worker"]["volumes"])
    assert set(mounted) <= set(declared)
    assert mounted["home"] == variables_of("worker")["MARDEV_HOME"]
    assert mounted["logs"] == variables_of("worker")["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]
    for path in mounted.values():
        assert path in DOCKERFILE.split("install -d", 1)[1].splitlines()[0]


def test_every_command_exists():
    from airflow.cli.cli_parser import get_parser

    for service in OURS:
        command = services()[service]["command"]
        if command[0] == "airflow":
            get_parser().parse_args(command[1:])
        else:
            assert command[:2] == ["python", "-m"]
            assert importlib.util.find_spec(command[2]) is not None


def test_the_set_up_of_production_takes_the_options_it_is_given():
    command = services()["init"]["command"][3:]
    from mardev.orchestration.setup.__main__ import read_options

    options = read_options(command)
    assert (options.people, options.warehouse) == ("none", True)


def test_health_checks_ask_for_jobs_that_airflow_knows():
    from airflow.cli.cli_parser import get_parser

    for service in ("scheduler", "dag-processor", "triggerer"):
        asked = services()[service]["healthcheck"]["test"][1].replace('"$$(hostname)"', "here").split()
        get_parser().parse_args(asked[1:])


def test_the_worker_runs_with_the_celery_that_is_installed():
    from airflow.providers.celery.executors import celery_executor

    assert "celery_executor.app" in " ".join(services()["worker"]["healthcheck"]["test"])
    assert celery_executor.app is not None


def test_every_part_of_ours_waits_for_the_set_up_and_says_whether_it_is_well():
    for service in OURS[1:]:
        assert services()[service]["depends_on"]["init"] == {"condition": "service_completed_successfully"}
        assert services()[service]["healthcheck"]["test"]


@pytest.mark.parametrize("copied", re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
def test_everything_the_image_copies_is_in_the_project(copied):
    for name in copied.split():
        assert (PROJECT_ROOT / name).exists()


def test_the_key_of_the_example_has_the_shape_of_ours(tmp_path):
    recipe = re.search(r'# python3 -c "(.*)"\nMARDEV_FERNET_KEY', (PROJECT_ROOT / ".env.example").read_text()).group(1)
    made = subprocess.run([sys.executable, "-c", recipe], capture_output=True, text=True, check=True).stdout.strip()
    assert len(made) == len(airflow_keys(tmp_path).fernet_key)

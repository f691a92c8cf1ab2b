"""Airflow's settings for one home, as a private file: no secret travels in an environment variable."""

import configparser
import io
from pathlib import Path

from mardev.home.ports import LOOPBACK, Ports
from mardev.home.secret_files import airflow_keys, write_private
from mardev.settings import Settings

Sections = dict[str, dict[str, str]]


def airflow_sections(settings: Settings, ports: Ports) -> Sections:
    """Section to option to value. Options that are not here keep Airflow's default."""
    keys = airflow_keys(settings.secrets)
    return {
        "core": {
            "dags_folder": str(settings.project_root / "dags"),
            "plugins_folder": str(settings.project_root / "plugins"),
            "executor": "mardev.orchestration.executor.SafeLocalExecutor",
            "auth_manager": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
            "execution_api_server_url": f"{ports.airflow_url}/execution/",
            "fernet_key": keys.fernet_key,
            "load_examples": "False",
            "parallelism": "8",  # 32, the default, makes each task 6 to 13 s on two cores
        },
        "database": {"sql_alchemy_conn": settings.airflow_database_url},
        "api": {
            "host": LOOPBACK,
            "port": str(ports.api),
            "workers": "1",
            "base_url": ports.airflow_url,
            "secret_key": keys.api_secret_key,
            "instance_name": "MarDev",
        },
        "api_auth": {"jwt_secret": keys.jwt_secret},
        "scheduler": {
            "scheduler_idle_sleep_time": "0.2",  # the default of 1 s halves the pace of a chain of small tasks
            "trigger_timeout_check_interval": "3",
            "task_instance_heartbeat_timeout": "20",
            "task_instance_heartbeat_timeout_detection_interval": "5",
            "orphaned_tasks_check_interval": "15",
        },
        # A file that was changed is read at once; reading the others anew every few seconds takes a quarter of a core.
        "dag_processor": {"refresh_interval": "5", "min_file_process_interval": "120"},
        "logging": {
            "base_log_folder": str(settings.logs / "tasks"),
            "dag_processor_child_process_log_directory": str(settings.logs / "dag_files"),
        },
        # Roles and rights are brought up to date by set-up, once, not by each server that starts.
        "fab": {"config_file": str(settings.airflow_home / "webserver_config.py"), "update_fab_perms": "False"},
    }


def write_airflow_configuration(settings: Settings, ports: Ports) -> Path:
    """Write ``airflow.cfg`` (0600) into Airflow's home and return its path."""
    parser = configparser.ConfigParser(interpolation=None)
    for section, options in airflow_sections(settings, ports).items():
        # Airflow interpolates its file: a percent sign in a value is written twice.
        parser[section] = {name: value.replace("%", "%%") for name, value in options.items()}
    text = io.StringIO()
    parser.write(text)
    path = settings.airflow_home / "airflow.cfg"
    write_private(path, text.getvalue())
    return path


def child_environment(settings: Settings, python: Path) -> dict[str, str]:
    """The environment of every child: the caller's, without what would lead Airflow or Python astray."""
    kept = {
        name: value
        for name, value in settings.environment.items()
        if not name.startswith(("AIRFLOW", "_AIRFLOW")) and name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    }
    return kept | {
        "AIRFLOW_HOME": str(settings.airflow_home),
        "AIRFLOW_CONFIG": str(settings.airflow_home / "airflow.cfg"),
        "PATH": f"{python.parent}:{kept.get('PATH', '/usr/local/bin:/usr/bin:/bin')}",
        "PYTHONUNBUFFERED": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }

"""The only reader of the environment, and the only one who knows where the project and its home are."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
ROOT_HOME = Path("/var/lib/mardev")


@dataclass(frozen=True)
class Settings:
    """Where things are. Secrets are read from files of the home when they are needed, never kept here."""

    project_root: Path
    home: Path
    database_url_from_environment: str | None
    airflow_database_url_from_environment: str | None
    postgres_binaries: Path | None
    is_continuous_integration: bool
    environment: Mapping[str, str]

    @property
    def sql(self) -> Path:
        return self.project_root / "sql"

    @property
    def postgres_home(self) -> Path:
        return self.home / "postgres"

    @property
    def airflow_home(self) -> Path:
        return self.home / "airflow"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def web(self) -> Path:
        return self.home / "web"

    @property
    def connections_file(self) -> Path:
        """Connection records for use outside Airflow (bench, evaluate, the demo's earlier iteration)."""
        return self.secrets / "connections.json"

    @property
    def uses_embedded_postgres(self) -> bool:
        return self.database_url_from_environment is None

    @property
    def warehouse_url(self) -> str:
        """SQLAlchemy URL of the warehouse.

        Raises:
            FileNotFoundError: the embedded database was never set up; `mardev up` does that.
        """
        if self.database_url_from_environment:
            return self.database_url_from_environment
        return self._embedded_url("mardev", driver="postgresql+psycopg")

    @property
    def airflow_database_url(self) -> str:
        """SQLAlchemy URL of Airflow's metadata database."""
        if self.airflow_database_url_from_environment:
            return self.airflow_database_url_from_environment
        return self._embedded_url("airflow", driver="postgresql+psycopg2")

    def _embedded_url(self, role: str, *, driver: str) -> str:
        password = (self.postgres_home / f"password.{role}").read_text().strip()
        port = (self.postgres_home / "port").read_text().strip()
        return f"{driver}://{role}:{password}@127.0.0.1:{port}/{role}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment`, the process's own unless given."""
    variables = os.environ if environment is None else environment
    binaries = variables.get("MARDEV_PG_BIN")
    return Settings(
        project_root=PROJECT_ROOT,
        home=_home_of_checkout(variables),
        database_url_from_environment=variables.get("MARDEV_DATABASE_URL") or None,
        airflow_database_url_from_environment=variables.get("MARDEV_AIRFLOW_DATABASE_URL") or None,
        postgres_binaries=Path(binaries) if binaries else None,
        is_continuous_integration=variables.get("CI", "").lower() == "true",
        environment=dict(variables),
    )


def _home_of_checkout(variables: Mapping[str, str]) -> Path:
    """One folder for each checkout, so that two copies of the project never share a database."""
    if given := variables.get("MARDEV_HOME"):
        base = Path(given).expanduser()
    elif os.geteuid() == 0:
        base = ROOT_HOME
    else:
        base = Path("~/.local/share/mardev").expanduser()
    digest = hashlib.sha256(str(PROJECT_ROOT).encode()).hexdigest()[:8]
    return base / f"{PROJECT_ROOT.name}-{digest}"

"""The doctor's look at the databases."""

import subprocess

import psycopg
import sqlalchemy as sa

from mardev.cli.finding import Finding, good, note, problem
from mardev.cli.supervisor.preparation import postgres_of, rewritten_migrations
from mardev.cli.supervisor.state import is_supervised
from mardev.errors import FixFirst
from mardev.settings import Settings
from mardev.warehouse.engine import create_engine
from mardev.warehouse.migrate import read_migrations, schema_version

DRIVER = "postgresql+psycopg://"
OLDEST_POSTGRES = 16
URL_VARIABLE, AIRFLOW_URL_VARIABLE = "MARDEV_DATABASE_URL", "MARDEV_AIRFLOW_DATABASE_URL"


def examine_database(settings: Settings) -> list[Finding]:
    """Configuration, server, schema; stops at the first that makes the next meaningless."""
    configuration = _configuration(settings)
    if configuration:
        return [configuration]
    server = _own_server(settings) if settings.uses_embedded_postgres else _given_server(settings)
    findings = [server] if server else []
    if any(finding.mend for finding in findings) or not _can_ask(settings):
        return findings
    return [*findings, _schema(settings)]


def _configuration(settings: Settings) -> Finding | None:
    warehouse, airflow = settings.database_url_from_environment, settings.airflow_database_url_from_environment
    if bool(warehouse) != bool(airflow):
        given, missing = (URL_VARIABLE, AIRFLOW_URL_VARIABLE) if warehouse else (AIRFLOW_URL_VARIABLE, URL_VARIABLE)
        return problem("Database", f"{given} is set, {missing} is not.", f"Set both, or neither: set {missing}.")
    if warehouse and not warehouse.startswith(DRIVER):
        return problem("Database", f"{URL_VARIABLE} has another driver.", f"Begin it with {DRIVER}")
    return None


def _own_server(settings: Settings) -> Finding:
    server = postgres_of(settings)
    version_file = server.data / "PG_VERSION"
    if not version_file.exists():
        if server.data.exists():
            return problem("Database", f"{server.data} is incomplete.", "mardev reset starts with an empty one")
        return good("Database", "is made at the first start")
    made_by = version_file.read_text().strip()
    if (major := _major_of_binaries(settings)) and major != made_by:
        return problem(
            "Database",
            f"The data are of PostgreSQL {made_by}, the programs of {major}.",
            f"Point MARDEV_PG_BIN to the programs of PostgreSQL {made_by}, or mardev reset.",
        )
    if server.is_alive():
        return good("Database", f"PostgreSQL {made_by} answers on port {server.port}")
    if is_supervised(settings):
        return note("Database", "It does not answer; the supervisor starts it again.", f"Its log: {server.log}")
    if (server.data / "postmaster.pid").exists():
        return note("Database", "It was cut off; the next start recovers it by itself.")
    return good("Database", f"PostgreSQL {made_by}, stopped")


def _given_server(settings: Settings) -> Finding:
    try:
        with _connect(settings) as connection:
            major = connection.info.server_version // 10_000
    except psycopg.Error as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return problem("Database", f"The given database does not let us in: {reason}", f"Check {URL_VARIABLE}.")
    if major < OLDEST_POSTGRES:
        return problem("Database", f"It is PostgreSQL {major}.", f"Use PostgreSQL {OLDEST_POSTGRES} or newer.")
    return good("Database", f"PostgreSQL {major} of yours answers")


def _schema(settings: Settings) -> Finding:
    engine = create_engine(settings.warehouse_url, "owner")
    try:
        current = schema_version(engine)
    except sa.exc.SQLAlchemyError as error:
        return problem("Warehouse", f"It cannot be read: {type(error).__name__}.", "mardev reset, or restore a dump")
    finally:
        engine.dispose()
    newest = read_migrations(settings.sql / "migrations")[-1].revision
    if current is None or current < newest:
        return note("Warehouse", f"Schema {current or 'none'}; the next start brings it to {newest}.")
    if current > newest:
        return problem(
            "Warehouse",
            f"Schema {current} is newer than this code ({newest}).",
            "Use the newer MarDev, or mardev reset",
        )
    if changed := rewritten_migrations(settings):
        return problem("Warehouse", f"It was made by another text of {', '.join(changed)}.", "mardev reset")
    return good("Warehouse", f"schema {current}")


def _can_ask(settings: Settings) -> bool:
    try:
        with _connect(settings):
            return True
    except (psycopg.Error, FileNotFoundError):
        return False


def _connect(settings: Settings) -> psycopg.Connection[tuple[object, ...]]:
    url = sa.make_url(settings.warehouse_url).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5)


def _major_of_binaries(settings: Settings) -> str | None:
    try:
        program = postgres_of(settings).program("postgres")
        told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    except (FixFirst, OSError, subprocess.CalledProcessError):
        return None
    return told.split()[2].split(".")[0]

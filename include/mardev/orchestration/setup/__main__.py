"""``python -m mardev.orchestration.setup [--people sandbox|none] [--warehouse]``: prints one JSON object."""

import argparse
import gc
import json
import sys
import time

from mardev.errors import MarDevError
from mardev.home.first_connections import LIVE_CONNECTIONS, sandbox_connections
from mardev.home.persons import ADMINISTRATOR, SANDBOX_PERSONS
from mardev.home.ports import read_ports
from mardev.home.secret_files import passwords
from mardev.orchestration.setup.connections import ensure_connections
from mardev.orchestration.setup.database import migrate_metadata
from mardev.settings import Settings, load_settings

ADMIN_PASSWORD_VARIABLE = "MARDEV_ADMIN_PASSWORD"  # noqa: S105  # the name of a variable


def main(arguments: list[str] | None = None) -> int:
    options = read_options(arguments)
    settings = load_settings()
    started = time.monotonic()
    gc.disable()  # short-lived, and nearly everything it makes stays: collecting only costs
    try:
        done = set_up(settings, with_sandbox=options.people == "sandbox")
        if options.warehouse:
            done["migrations"] = migrate_warehouse(settings)
    except MarDevError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    done["seconds"] = round(time.monotonic() - started, 1)
    sys.stdout.write(json.dumps(done) + "\n")
    return 0


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mardev.orchestration.setup", description=__doc__)
    parser.add_argument("--people", choices=("sandbox", "none"), default="none", help="who to add besides admin")
    parser.add_argument("--warehouse", action="store_true", help="migrate the warehouse as well")
    return parser.parse_args(arguments)


def set_up(settings: Settings, *, with_sandbox: bool) -> dict[str, object]:
    """Make Airflow's tables, the roles, the people and the connections; says what was new."""
    migrate_metadata()
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    from mardev.orchestration.setup.people import ensure_people
    from mardev.orchestration.setup.roles import ensure_roles

    persons = SANDBOX_PERSONS if with_sandbox else (ADMINISTRATOR,)
    words = passwords(settings.secrets, [person.username for person in persons])
    if chosen := settings.environment.get(ADMIN_PASSWORD_VARIABLE):
        words[ADMINISTRATOR.username] = chosen
    with get_application_builder() as application:
        ensure_roles(application.sm)
        people = ensure_people(application.sm, persons, words)
    ports = read_ports(settings)
    wanted = sandbox_connections(ports) if with_sandbox and ports else LIVE_CONNECTIONS
    connections = ensure_connections(wanted, settings.secrets, settings.connections_file)
    return {"people": people, "connections": connections}


def migrate_warehouse(settings: Settings) -> list[str]:
    """Bring the warehouse to this version's schema and mirror who holds which role."""
    from mardev.warehouse.engine import create_engine
    from mardev.warehouse.migrate import migrate
    from mardev.warehouse.team import mirror_team

    owner = create_engine(settings.warehouse_url, "owner")
    applied = migrate(owner, settings.sql / "migrations")
    owner.dispose()
    mirror_team(settings.airflow_database_url, settings.warehouse_url)
    return applied


if __name__ == "__main__":
    sys.exit(main())

"""A stage context outside Airflow: the same warehouse, world and connections, plain SMTP for the mail."""

from mardev.clock import clock_of
from mardev.connectors.mail import SmtplibTransport
from mardev.orchestration.connections import file_connections
from mardev.settings import Settings
from mardev.stages.context import RunLabel, StageContext
from mardev.warehouse.engine import create_engine


def in_process_context(settings: Settings) -> StageContext:
    """A context for steps that are called by hand.

    Raises:
        FixFirst: set-up has not written the connections yet.
    """
    connection = file_connections(settings.connections_file)
    clock = connection("mardev_clock")
    return StageContext(
        warehouse=create_engine(settings.warehouse_url, "writer", pool_size=4),
        clock=clock_of(clock.host),
        world=clock.world,
        connection=connection,
        mail=SmtplibTransport(connection("mardev_mail")),
        run=RunLabel("plan", "by_hand", "by_hand"),
        settings=settings,
        params={},
    )

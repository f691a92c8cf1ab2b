"""The warehouse for a command: opened, or said in plain words why it cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from mardev.settings import Settings


@contextmanager
def warehouse_reader(settings: "Settings") -> "Iterator[sa.Connection]":
    """A connection that reads one snapshot.

    Raises:
        FixFirst: the warehouse was never set up, or does not run.
    """
    import sqlalchemy as sa

    from mardev.warehouse.engine import create_engine

    with warehouse_trouble_told():
        engine = create_engine(settings.warehouse_url, "reader").execution_options(isolation_level="REPEATABLE READ")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            sa.Engine.dispose(engine)


@contextmanager
def warehouse_trouble_told() -> Iterator[None]:
    """Raises: FixFirst: the warehouse was never set up, or does not answer."""
    import sqlalchemy as sa

    from mardev.errors import FixFirst

    try:
        yield
    except FileNotFoundError as missing:
        if "password." not in str(missing.filename) and "port" not in str(missing.filename):
            raise
        raise FixFirst("There is no warehouse here yet; `mardev up` makes it.") from missing
    except sa.exc.OperationalError as trouble:
        raise FixFirst("The warehouse does not answer. `mardev up` starts it, `mardev doctor` says why.") from trouble

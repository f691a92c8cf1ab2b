"""One simulated world for all tests of the stages, and one whole iteration in it."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from builders.iterations import write_people
from builders.served_world import RepeatedIteration, ServedWorld, served_world
from mardev.stages.context import StageContext
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine

CREATORS = 200
FORM = {
    "campaign": "Autumn games",
    "budget_amount": 5000,
    "markets": ["DE", "US"],
    "head_count": 6,
    "flight_days": 7,
    "channel_limit": 150,
    "tolerance_percent": 25,
}
_database_number = itertools.count(1)


@dataclass(frozen=True)
class WorkedIteration:
    """What is left of an iteration that is over."""

    key: str
    warehouse: sa.Engine
    context: StageContext
    changes_by_repeating: dict[str, list[str]]
    runs: Mapping[str, int]

    def rows(self, query: str) -> list[sa.RowMapping]:
        """Rows of `query`, whose ``:key`` is the iteration's."""
        with self.warehouse.connect() as connection:
            return list(connection.execute(sa.text(query), {"key": self.key} if ":key" in query else {}).mappings())

    def placement_of(self, channel_id: str) -> str:
        """Key of the placement with a channel."""
        (row,) = [
            row
            for row in self.rows("SELECT placement_key, channel_key FROM core.placement WHERE iteration_key = :key")
            if row["channel_key"].endswith(f":{channel_id}")
        ]
        return str(row["placement_key"])

    def value(self, query: str) -> object:
        (row,) = self.rows(query)
        (value,) = row.values()
        return value


@pytest.fixture(scope="session")
def world(test_home: Path) -> Iterator[ServedWorld]:
    with served_world(test_home / "stages", CREATORS) as running:
        yield running


@pytest.fixture(scope="session")
def new_warehouse(postgres: EmbeddedPostgres, template_database: str) -> Iterator[Callable[[str], sa.Engine]]:
    """Makes a warehouse with people; a name given is the database it is a copy of."""
    engines: dict[str, sa.Engine] = {}

    def make(template: str = template_database) -> sa.Engine:
        name = f"stages_{next(_database_number)}"
        if template in engines:
            engines[template].dispose()  # PostgreSQL copies only what nobody is connected to
        with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER mardev TEMPLATE {} STRATEGY file_copy").format(
                    *map(sql.Identifier, (name, template))
                )
            )
        url = postgres.url("mardev", name).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, "writer", pool_size=5)
        engines[name] = engine
        if template == template_database:
            with engine.begin() as connection:
                write_people(connection)
        return engine

    yield make
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def worked(world: ServedWorld, new_warehouse: Callable[..., sa.Engine]) -> WorkedIteration:
    """A whole iteration, from the form to the retrospective, each step done twice."""
    engine = new_warehouse()
    iteration = RepeatedIteration(world.context(engine), world.control, "whole")
    key = iteration.work(FORM)
    return WorkedIteration(key, engine, iteration.context, iteration.changes, iteration.runs)

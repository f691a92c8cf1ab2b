"""An iteration and its people on a warehouse of the test's own."""

import pytest

from builders.iterations import write_iteration, write_people

KEY = "summer"


@pytest.fixture
def summer(engine, clock):
    """Engine on a warehouse with one iteration in its plan."""
    with engine.begin() as connection:
        write_people(connection)
        write_iteration(connection, KEY, clock.now())
    return engine

"""The simulated world on real sockets."""

from collections.abc import Iterator

import pytest

from builders.simulation import Simulation, running_simulation

CROWD = 300


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with running_simulation(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    """Enough creators that some have an account on each platform."""
    with running_simulation(tmp_path_factory.mktemp("crowd"), CROWD) as running:
        yield running

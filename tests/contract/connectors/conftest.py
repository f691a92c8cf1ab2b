"""The simulated world on real sockets."""

from collections.abc import Iterator

import pytest

from builders.simulation import Simulation, running_simulation


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with running_simulation(tmp_path_factory.mktemp("sandbox")) as running:
        yield running

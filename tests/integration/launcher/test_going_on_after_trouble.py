"""Whoever drives the world waits for a database that comes back, and says so when it does not."""

import pytest
import sqlalchemy as sa

from builders.mishaps import killing
from mardev.cli import world_driver
from mardev.cli.world_driver import StandsStill, WorldDriver, going_on_after_trouble
from mardev.errors import FixFirst, TransportFailed


@pytest.fixture(autouse=True)
def _hurried(monkeypatch):
    monkeypatch.setattr(world_driver, "WAITS_AFTER_TROUBLE_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(world_driver, "POLL_SECONDS", 0.0)


def driver(engine) -> WorldDriver:
    """A drive that ends, or not, before it asks anything but the database."""
    return WorldDriver(None, engine, None, on_requests=lambda _requests: False)  # type: ignore[arg-type]


def test_a_drive_goes_on_when_the_database_is_back(engine, postgres):
    asked: list[bool] = []

    def is_over(connection: sa.Connection) -> bool:
        asked.append(True)
        if len(asked) == 1:
            killing(postgres)(connection)
        return bool(connection.scalar(sa.text("SELECT true")))

    driver(engine).drive(is_over)
    assert len(asked) == 2


def test_a_drive_gives_up_when_the_database_stays_away(engine, postgres, monkeypatch):
    def is_over(connection: sa.Connection) -> bool:
        killing(postgres)(connection)
        return bool(connection.scalar(sa.text("SELECT true")))

    monkeypatch.setattr(world_driver, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(StandsStill) as caught:
        driver(engine).drive(is_over)
    assert isinstance(caught.value.__cause__, sa.exc.OperationalError)


def test_work_is_begun_again_after_trouble_that_passes():
    tries: list[bool] = []

    def work() -> None:
        tries.append(True)
        if len(tries) < 3:
            raise TransportFailed("Nobody answers.")

    going_on_after_trouble(work)
    assert len(tries) == 3


def test_what_a_person_has_to_mend_is_not_tried_again():
    tries: list[bool] = []

    def work() -> None:
        tries.append(True)
        raise FixFirst("The form is wrong.")

    with pytest.raises(FixFirst):
        going_on_after_trouble(work)
    assert len(tries) == 1


def test_a_database_that_stays_away_is_told_in_plain_words(engine, postgres):
    def work() -> None:
        with engine.connect() as connection:
            killing(postgres)(connection)
            connection.scalar(sa.text("SELECT 1"))

    with pytest.raises(TransportFailed, match="mardev status"):
        going_on_after_trouble(work)

from dataclasses import asdict

import pytest

from mardev.home.ports import choose_ports, read_ports
from mardev.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    return load_settings({"MARDEV_HOME": str(tmp_path)})


def everything_is_free(_port: int) -> bool:
    return True


def test_ports_are_chosen_once(settings):
    first = choose_ports(settings, free=everything_is_free)
    assert choose_ports(settings, free=everything_is_free) == first == read_ports(settings)


def test_a_taken_port_is_replaced_by_the_next_free_one(settings):
    first = choose_ports(settings, free=everything_is_free)
    taken = {first.sandbox_smtp, first.sandbox_smtp + 1}
    second = choose_ports(settings, free=lambda port: port not in taken)
    assert asdict(second) == {**asdict(first), "sandbox_smtp": first.sandbox_smtp + 2}


def test_no_port_is_given_twice(settings):
    first = choose_ports(settings, free=everything_is_free)
    second = choose_ports(settings, free=lambda port: port != first.api)
    assert len(set(asdict(second).values())) == 3


def test_the_usual_home_gets_the_well_known_port(tmp_path):
    usual = load_settings({})
    elsewhere = Settings(**{**usual.__dict__, "home": tmp_path})
    assert choose_ports(elsewhere, free=everything_is_free).api == 8080


def test_two_homes_of_tests_begin_with_different_ports(tmp_path):
    homes = [load_settings({"MARDEV_HOME": str(tmp_path / name)}) for name in ("one", "two")]
    first, second = (choose_ports(home, free=everything_is_free) for home in homes)
    assert not set(asdict(first).values()) & set(asdict(second).values())


def test_a_damaged_file_counts_as_no_choice(settings):
    choose_ports(settings, free=everything_is_free)
    (settings.home / "ports.json").write_text('{"api": ')
    assert read_ports(settings) is None
    assert choose_ports(settings, free=everything_is_free) == read_ports(settings)

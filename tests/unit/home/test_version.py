import pytest

from mardev.errors import FixFirst
from mardev.home.version import claim_home, home_version
from mardev.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    return load_settings({"MARDEV_HOME": str(tmp_path)})


def test_a_new_home_remembers_its_version(settings):
    claim_home(settings, version="0.1.0")
    assert home_version(settings) == "0.1.0"


def test_an_older_home_is_refused_with_the_command_that_migrates_it(settings):
    claim_home(settings, version="0.1.0")
    with pytest.raises(FixFirst, match="mardev up --migrate"):
        claim_home(settings, version="0.2.0")
    assert home_version(settings) == "0.1.0"


def test_an_older_home_is_taken_over_on_request(settings):
    claim_home(settings, version="0.1.0")
    claim_home(settings, version="0.10.0", migrate=True)
    assert home_version(settings) == "0.10.0"


def test_a_newer_home_is_refused_even_on_request(settings):
    claim_home(settings, version="0.10.0")
    with pytest.raises(FixFirst, match="mardev reset"):
        claim_home(settings, version="0.9.0", migrate=True)

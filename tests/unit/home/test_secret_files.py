import base64

import pytest

from mardev.errors import FixFirst
from mardev.home.secret_files import airflow_keys, control_token, passwords, write_private


def test_a_secret_is_made_once_and_kept(tmp_path):
    assert airflow_keys(tmp_path) == airflow_keys(tmp_path)
    assert control_token(tmp_path) == control_token(tmp_path)


def test_a_person_who_comes_later_gets_a_password_and_the_others_keep_theirs(tmp_path):
    before = passwords(tmp_path, ["mia"])
    after = passwords(tmp_path, ["mia", "ian"])
    assert after["mia"] == before["mia"]
    assert after["ian"] not in ("", after["mia"])


def test_two_people_never_share_a_password(tmp_path):
    assert len(set(passwords(tmp_path, ["mia", "ian", "hana", "admin"]).values())) == 4


def test_the_encryption_key_has_the_length_that_fernet_asks_for(tmp_path):
    assert len(base64.urlsafe_b64decode(airflow_keys(tmp_path).fernet_key)) == 32  # the Fernet specification


def test_keys_do_not_show_in_a_repr(tmp_path):
    keys = airflow_keys(tmp_path)
    assert keys.fernet_key not in repr(keys)


def test_a_secret_can_be_read_by_its_owner_only(tmp_path):
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, "new")


def test_a_damaged_secret_file_is_named_and_not_overwritten(tmp_path):
    (tmp_path / "passwords.json").write_text("{")
    with pytest.raises(FixFirst, match=r"passwords\.json is damaged"):
        passwords(tmp_path, ["mia"])
    assert (tmp_path / "passwords.json").read_text() == "{"

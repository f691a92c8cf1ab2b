from datetime import UTC, datetime, timedelta

from mardev.home.sign_in_links import LIFETIME, issue_link, use_link

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_link_signs_its_person_in_once(tmp_path):
    token = token_of(issue_link(tmp_path, "mia", now=NOW))
    assert use_link(tmp_path, token, now=NOW) == "mia"
    assert use_link(tmp_path, token, now=NOW) is None


def test_a_link_ends_after_a_quarter_of_an_hour(tmp_path):
    token = token_of(issue_link(tmp_path, "mia", now=NOW))
    assert use_link(tmp_path, token, now=NOW + timedelta(minutes=15)) is None


def test_an_expired_link_is_used_up_as_well(tmp_path):
    token = token_of(issue_link(tmp_path, "mia", now=NOW))
    use_link(tmp_path, token, now=NOW + LIFETIME)
    assert use_link(tmp_path, token, now=NOW) is None


def test_a_made_up_token_signs_nobody_in(tmp_path):
    issue_link(tmp_path, "mia", now=NOW)
    assert use_link(tmp_path, "../passwords", now=NOW) is None


def test_the_token_itself_is_stored_nowhere(tmp_path):
    token = token_of(issue_link(tmp_path, "mia", now=NOW))
    stored = [path.name + path.read_text() for path in tmp_path.iterdir()]
    assert stored
    assert not any(token in text for text in stored)


def test_only_the_owner_may_read_a_link(tmp_path):
    issue_link(tmp_path, "mia", now=NOW)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_new_link_clears_expired_ones_away(tmp_path):
    issue_link(tmp_path, "mia", now=NOW)
    issue_link(tmp_path, "ian", now=NOW + LIFETIME)
    assert len(list(tmp_path.iterdir())) == 1

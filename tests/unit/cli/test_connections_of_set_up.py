from dataclasses import replace

import pytest

from mardev.domain.connection import CONNECTION_NAMES, ConnectionRecord
from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.home.first_connections import LIVE_CONNECTIONS, sandbox_connections
from mardev.home.ports import Ports
from mardev.home.secret_files import write_private_json
from mardev.orchestration.connections import file_connections
from mardev.orchestration.setup.connections import as_json, merged

BEFORE = Ports(api=1, sandbox_http=8081, sandbox_smtp=8025)
AFTER = Ports(api=1, sandbox_http=9081, sandbox_smtp=9025)


def record(name: str, ports: Ports) -> ConnectionRecord:
    return next(one for one in sandbox_connections(ports) if one.name == name)


def test_the_sandbox_has_every_connection_and_all_belong_to_it():
    records = sandbox_connections(BEFORE)
    assert {one.name for one in records} == set(CONNECTION_NAMES)
    assert {one.world for one in records} == {World.SANDBOX}


def test_a_live_world_begins_with_the_wall_clock_only():
    assert [(one.name, one.host, one.world) for one in LIVE_CONNECTIONS] == [("mardev_clock", "", World.LIVE)]


def test_an_untouched_connection_follows_its_ports():
    written = record("mardev_mail", BEFORE)
    assert merged(written, written, record("mardev_mail", AFTER)).port == 9025


def test_an_address_among_the_extras_follows_too():
    written = record("mardev_shop", BEFORE)
    moved = merged(written, written, record("mardev_shop", AFTER))
    assert moved.extra["app_url"] == "http://127.0.0.1:9081/app/{market}"


def test_what_a_person_changed_is_kept():
    written = record("mardev_mail", BEFORE)
    changed = replace(written, host="smtp.example", port=587, password="theirs", extra={"timeout": 5})
    assert merged(changed, written, record("mardev_mail", AFTER)) == changed


def test_a_changed_password_does_not_hold_the_address_back():
    written = record("mardev_youtube", BEFORE)
    moved = merged(replace(written, password="theirs"), written, record("mardev_youtube", AFTER))
    assert (moved.password, moved.host) == ("theirs", "http://127.0.0.1:9081/youtube/")


def test_a_connection_we_never_wrote_is_left_alone():
    theirs = replace(record("mardev_youtube", BEFORE), host="https://youtube.example/")
    assert merged(theirs, None, record("mardev_youtube", AFTER)) == theirs


def test_the_file_gives_the_same_records_outside_airflow(tmp_path):
    path = tmp_path / "connections.json"
    write_private_json(path, [as_json(one) for one in sandbox_connections(BEFORE)])
    assert file_connections(path)("mardev_shop") == record("mardev_shop", BEFORE)


def test_a_missing_connection_says_where_to_add_it(tmp_path):
    path = tmp_path / "connections.json"
    path.write_text("[]")
    with pytest.raises(FixFirst, match="no connection mardev_shop"):
        file_connections(path)("mardev_shop")


def test_a_connection_without_a_world_is_refused(tmp_path):
    path = tmp_path / "connections.json"
    path.write_text('[{"name": "mardev_shop"}]')
    with pytest.raises(FixFirst, match="which world"):
        file_connections(path)

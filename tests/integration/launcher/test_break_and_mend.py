"""`mardev break` and `mardev mend` on a running world: an outage is seen by everybody who asks the system."""

import json
import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from builders.served_world import CONTROL_TOKEN, ServedWorld, served_world
from mardev.cli.main import app
from mardev.settings import load_settings
from mardev.stages.check_systems.probes import Probes

Mardev = Callable[..., Result]
SYSTEMS = ("landing", "redirector", "analytics", "shop", "youtube", "mail")
SEEN_BY_CHECKS = {"mail": ("mail", "mailbox")}
"""MarDev knows what it sends through and what it receives from as two systems."""
UP = {200, 302}


@pytest.fixture(scope="module")
def world(test_home: Path) -> Iterator[ServedWorld]:
    with served_world(test_home / "outages", creators=60) as running:
        yield running


@pytest.fixture
def mardev(world: ServedWorld, tmp_path: Path) -> Mardev:
    """The command line of a home whose world runs."""
    settings = load_settings({"MARDEV_HOME": str(tmp_path)})
    settings.secrets.mkdir(parents=True)
    (settings.secrets / "sandbox.json").write_text(json.dumps({"control_token": CONTROL_TOKEN}))
    port, smtp_port = httpx.URL(world.url).port, world.records["mardev_mail"].port
    (settings.home / "ports.json").write_text(json.dumps({"api": 1, "sandbox_http": port, "sandbox_smtp": smtp_port}))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env={"MARDEV_HOME": str(tmp_path)})

    return run


def on_the_wire(world: ServedWorld) -> dict[str, bool]:
    """System to whether it answers somebody who knows nothing of MarDev."""

    def works(name: str, path: str, **params: str) -> bool:
        record = world.records[name]
        headers = {"Authorization": f"Bearer {record.password}"}
        return httpx.get(f"{record.host.rstrip('/')}{path}", params=params, headers=headers).status_code in UP

    shlink, youtube = world.records["mardev_shlink"], world.records["mardev_youtube"]
    body = {"longUrl": f"{world.url}/app/DE", "customSlug": "outage", "findIfExists": True}
    httpx.post(f"{shlink.host}/rest/v3/short-urls", json=body, headers={"X-Api-Key": shlink.password})
    report = {
        "dateRanges": [{"startDate": "2026-10-01", "endDate": "2026-10-05"}],
        "metrics": [{"name": "sessions"}],
    }
    bearer = {"Authorization": f"Bearer {world.records['mardev_analytics'].password}"}
    analytics = f"{world.records['mardev_analytics'].host}v1beta/properties/1:runReport"
    with smtplib.SMTP(world.records["mardev_mail"].host, world.records["mardev_mail"].port or 0, timeout=5) as mail:
        mail_answers = (mail.ehlo()[0], mail.helo()[0], mail.noop()[0])
    return {
        "landing": httpx.get(f"{world.url}/app/DE").status_code in UP,
        "landing elsewhere": httpx.get(f"{world.url}/app/BR").status_code in UP,
        "redirector": works("mardev_shlink", "/outage"),
        "analytics": httpx.post(analytics, json=report, headers=bearer).status_code in UP,
        "shop": works("mardev_shop", "/orders.csv", since="2026-10-05T08:00:00Z"),
        "youtube": works("mardev_youtube", "/youtube/v3/channels", part="id", id="UC1", key=youtube.password),
        "mail": mail_answers == (250, 250, 250),
        "mailbox": works("mardev_mailbox", "/gmail/v1/users/me/messages"),
    }


def down(world: ServedWorld) -> set[str]:
    return {name for name, answers in on_the_wire(world).items() if not answers}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_broken_system_fails_on_the_wire_until_it_is_mended(world, mardev, system):
    assert down(world) == set()
    assert mardev("break", system).exit_code == 0
    broken = {"mail": {"mail", "mailbox"}, "landing": {"landing", "landing elsewhere"}}.get(system, {system})
    assert down(world) == broken
    assert mardev("mend", system).output.startswith("Mended: ")
    assert down(world) == set()


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_check_of_the_systems_sees_the_outage_and_its_end(world, mardev, engine, system):
    def unhealthy() -> set[str]:
        probes = Probes(world.context(engine, dag_id="check_systems"))
        found = {one: probes.probe(one, "DE" if one == "landing" else "") for one in (*SYSTEMS, "mailbox")}
        return {one for one, result in found.items() if not result["is_healthy"]}

    assert unhealthy() == set()
    mardev("break", system)
    assert unhealthy() == set(SEEN_BY_CHECKS.get(system, (system,)))
    mardev("mend", system)
    world.let_pass(minutes=5)
    assert unhealthy() == set()


@pytest.mark.parametrize(
    ("system", "path", "works"),
    [
        ("bluesky", "/bluesky/xrpc/app.bsky.actor.searchActors?q=games", 200),
        ("mastodon", "/mastodon/api/v2/instance", 200),
        ("twitch", "/twitch/helix/streams", 401),
    ],
)
def test_a_broken_platform_answers_nobody_until_it_is_mended(world, mardev, system, path, works):
    assert httpx.get(world.url + path).status_code == works
    assert mardev("break", system).exit_code == 0
    assert httpx.get(world.url + path).status_code == 503
    assert down(world) == set()
    assert mardev("mend", system).output == f"Mended: {system.capitalize()}.\n"
    assert httpx.get(world.url + path).status_code == works


def test_the_landing_pages_break_and_mend_market_by_market(world, mardev):
    told = mardev("break", "landing", "--market", "de").output
    assert told.replace("\n", " ").strip() == (
        "Broken: the landing pages in DE. End it with `mardev mend landing --market DE`."
    )
    assert down(world) == {"landing"}
    assert "not broken" in mardev("mend", "landing", "--market", "br").output
    assert down(world) == {"landing"}
    assert mardev("mend", "landing", "--market", "de").output == "Mended: the landing pages in DE.\n"
    assert down(world) == set()


def test_mending_tells_what_it_ended(world, mardev):
    assert mardev("mend", "shop").output == "Nothing to mend: the shop is not broken.\n"
    mardev("break", "landing")
    mardev("break", "landing", "--market", "de")
    assert mardev("mend", "landing").output == "Mended: the landing pages, the landing pages in DE.\n"
    assert json.loads(mardev("mend", "landing", "--json").output) == {"ended": []}


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "landing"])
def test_what_there_is_one_of_does_not_break_in_one_market(world, mardev, system):
    answer = mardev("break", system, "--market", "DE")
    assert answer.exit_code == 1
    assert "for all markets" in answer.stderr
    assert down(world) == set()


def test_a_market_that_does_not_exist_is_refused_with_those_that_do(world, mardev):
    answer = mardev("break", "landing", "--market", "xx")
    assert answer.exit_code == 1
    assert "DE, US, BR, JP" in answer.stderr.replace("\n", " ")
    assert down(world) == set()

"""One contract for all platforms: what is discovered here is held to it, without a line for a new one."""

import logging
import re
from contextlib import suppress

import pytest

from mardev.connectors.errors import AccessHidden, NotThere
from mardev.connectors.platform import NO_VIEWS, Edges
from mardev.connectors.platforms import platform_kind, platforms
from mardev.domain.connection import CONNECTION_NAMES
from mardev.errors import CredentialRejected, QuotaExhausted, TransportFailed
from mardev.policy.sources import policy_of
from sandbox.accounts.model import UnknownAccount

NAMES = sorted(platforms())
GONE = {
    "youtube": "UC" + "0" * 22,
    "bluesky": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
    "mastodon": "1",
    "twitch": "1",
}
ASKS_A_CREDENTIAL = [name for name in NAMES if name != "bluesky"]
CANARY = "SECRET-CANARY"


class Inhabitant:
    """One account of the simulated world, as everybody there would call it."""

    def __init__(self, external_id: str, handle: str, name: str, hides: bool, follows: set[str]) -> None:
        self.external_id, self.handle, self.name, self.hides, self.follows = external_id, handle, name, hides, follows


def inhabitants(crowd, name: str) -> list[Inhabitant]:
    if name == "youtube":
        return [
            Inhabitant(one.channel_id, one.handle, one.name, one.subscriptions_hidden, set())
            for one in crowd.world.creators[:60]
        ]
    network = crowd.world.network(name)
    return [
        Inhabitant(
            one.identity,
            "@" + one.handle,
            one.name,
            one.hides_lists,
            {other.identity for other in network.follows(one) if not (one.is_remote and other.is_remote)}
            if name != "twitch"
            else set(),
        )
        for one in network.accounts
    ]


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


@pytest.fixture
def people(crowd, name):
    return inhabitants(crowd, name)


@pytest.fixture
def client(crowd, name):
    with crowd.open_platform(name) as opened:
        yield opened


def test_it_says_what_it_can_give_and_we_may_ask_it(name, client):
    kind, can = platform_kind(name), client.capabilities()
    assert can == kind.capabilities
    assert can.platform == name
    assert bool(client.lists()) == (can.edges is not Edges.NONE)
    assert {one.kind for one in client.lists()} <= set(can.edge_kinds)
    assert all(re.search(r"[a-z]{4}.*\.$", words) for words in (can.hidden, can.limits))
    assert policy_of(name).basis
    assert kind.connection in CONNECTION_NAMES
    steps = {one.step for one in kind.costs}
    assert {one.step for one in client.lists()} | {"channel", "handle", "uploads"} <= steps
    assert ("statistics" in steps) == can.views_come_apart
    assert {bucket for _, bucket in kind.bucket_limits({})} == {one.bucket for one in kind.costs}


def test_every_account_is_read(name, client, people):
    found = {one.external_id: one for one in client.accounts([person.external_id for person in people])}
    assert len(found) == len(people)
    for person in people:
        account = found[person.external_id]
        assert account.title == person.name or account.handle.lower() == "@" + account.title.lower()
        assert account.subscribers_hidden == (account.subscribers is None)


def test_a_handle_leads_to_its_account(client, people):
    (account,) = client.accounts_of_handle(people[3].handle)
    assert account.external_id == people[3].external_id
    assert list(client.accounts_of_handle("@nobody-at-all-here")) == []


def test_who_is_gone_is_left_out(name, client, people):
    asked = [people[0].external_id, GONE[name], people[1].external_id]
    assert [one.external_id for one in client.accounts(asked)] == [people[0].external_id, people[1].external_id]


def test_a_search_finds_accounts(crowd, client):
    if not client.capabilities().can_search:
        assert list(client.search("games", "", 5)) == []
        return
    words = crowd.world.creators[0].topics[0]
    found = list(client.search(words, "DE" if client.capabilities().searches_by_market else "", 5))
    assert len(found) == len(set(found)) <= 5
    assert {one.external_id for one in client.accounts(found)} == set(found)


def test_follows_are_read_or_known_to_be_hidden(name, client, people):
    for step in client.lists():
        if name == "youtube" and step.step == "featured":
            continue
        for person in people[:40]:
            if person.hides:
                list(client.accounts([person.external_id]))
                with pytest.raises(AccessHidden):
                    list(client.endorsed(step.step, person.external_id))
            elif name != "youtube":
                found = {one.external_id for one in client.endorsed(step.step, person.external_id)}
                assert person.follows <= found


def test_a_hidden_list_is_known_to_be_hidden_without_having_read_the_account(crowd, name, people):
    hiding = [person for person in people if person.hides]
    if not platform_kind(name).lists or not hiding:
        return  # nothing is hidden there
    with crowd.open_platform(name) as fresh, pytest.raises(AccessHidden):
        list(fresh.endorsed(platform_kind(name).lists[0].step, hiding[0].external_id))


def test_posts_are_the_newest_first_and_counted_as_far_as_the_platform_tells(name, client, people):
    seen = 0
    for account in client.accounts([person.external_id for person in people[:12]]):
        try:
            posts = list(client.posts(account.external_id, account.posts_at, 5))
        except NotThere:
            continue
        seen += len(posts)
        assert len(posts) <= 5
        assert posts == sorted(posts, key=lambda post: post.published_at, reverse=True)
        assert len({post.external_id for post in posts}) == len(posts)
        told = {one.external_id: one for one in client.counters([post.external_id for post in posts])} if posts else {}
        counted = [told[post.external_id].views if post.external_id in told else post.views for post in posts]
        has_views = client.capabilities().has_views
        assert all((views is not None) == has_views for views in counted)
    assert seen > 12
    assert (platform_kind(name).view_definition_at(account.observed_at) == NO_VIEWS) == (not has_views)


def test_somebody_who_is_gone_has_no_posts(name, client):
    try:
        found = list(client.posts(GONE[name], "UU" + "0" * 22, 5))
    except NotThere:
        found = []
    assert found == []


def test_counters_are_never_zero_for_hidden(client, people):
    for account in client.accounts([person.external_id for person in people]):
        assert not (account.subscribers_hidden and account.subscribers == 0)


@pytest.mark.parametrize("name", ASKS_A_CREDENTIAL)
def test_a_revoked_credential_asks_a_person_and_is_not_shown(crowd, name, caplog):
    caplog.set_level(logging.DEBUG)
    client = crowd.open_platform(name, password=CANARY)
    with client, pytest.raises(CredentialRejected, match=platform_kind(name).connection) as caught:
        list(client.accounts([GONE[name]]))
    assert CANARY not in str(caught.value)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", ASKS_A_CREDENTIAL)
def test_a_missing_credential_asks_a_person(crowd, name):
    with pytest.raises(CredentialRejected, match=platform_kind(name).connection):
        crowd.open_platform(name, password="")


@pytest.mark.parametrize("kind", ["outage", "html_error", "truncated"])
def test_a_platform_that_is_down_is_asked_again_later(crowd, name, people, kind):
    incident = crowd.world.start_incident(name, kind=kind)
    try:
        with crowd.open_platform(name) as client, pytest.raises(TransportFailed, match=name):
            list(client.accounts([people[0].external_id]))
    finally:
        crowd.world.end_incident(name)
    assert incident.kind == kind
    with crowd.open_platform(name) as client:
        assert list(client.accounts([people[0].external_id]))


def test_nothing_is_asked_after_the_quota_is_spent(crowd, name, people):
    class Counting:
        calls = 0

        def keep(self, *_answer) -> None:
            self.calls += 1

        def flush(self) -> None:
            """Nothing is held back."""

    from mardev.connectors.in_memory import InMemoryQuota
    from mardev.connectors.quota import BucketLimit, pacific_day

    kind, archive = platform_kind(name), Counting()
    limits = {(name, one.bucket): BucketLimit(2, pacific_day, "a test") for one in kind.costs}
    with crowd.open_platform(name, quota=InMemoryQuota(limits), archive=archive) as client:
        for _ in range(5):
            with suppress(QuotaExhausted):
                list(client.accounts([people[0].external_id]))
        with pytest.raises(QuotaExhausted) as caught:
            list(client.accounts([people[0].external_id]))
    assert caught.value.resets_at > crowd.world.now
    assert archive.calls == 2


def test_an_account_that_vanishes_takes_its_posts_and_follows_along(crowd):
    network = crowd.world.network("bluesky")
    with pytest.raises(UnknownAccount):
        network.by_identity(GONE["bluesky"])
    with crowd.open_platform("bluesky") as client, pytest.raises(NotThere):
        list(client.endorsed("follows", GONE["bluesky"]))

"""Mastodon of the sandbox, asked by the unmodified client, and our contract beside the published description."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from mastodon import (
    Mastodon,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonServiceUnavailableError,
    MastodonUnauthorizedError,
)
from mastodon.errors import MastodonAPIError, MastodonBadGatewayError

from mardev.settings import PROJECT_ROOT
from sandbox.protocols.app import create_app
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.contracts.mastodon_models import compile_mastodon
from sandbox.protocols.rates import RateLimit, roomy

PUBLISHED = PROJECT_ROOT.parent / "shared" / "specs" / "mastodon.json"


def client_of(served: Any, **options: Any) -> Mastodon:
    return Mastodon(
        api_base_url=f"{served.url}mastodon", version_check_mode="none", ratelimit_method="throw", **options
    )


@pytest.fixture
def client(served_crowd):
    opened = client_of(served_crowd)
    yield opened
    opened.session.close()


@pytest.fixture
def network(crowd):
    return crowd.network("mastodon")


@pytest.fixture
def open_account(network):
    """A local account that shows its lists and follows many."""
    shown = [one for one in network.accounts if not one.hides_lists and not one.is_remote]
    return max(shown, key=lambda one: len(network.follows(one)))


def test_an_account_is_looked_up_and_read(client, network, open_account):
    found = client.account_lookup(open_account.handle)
    assert found.id == open_account.identity
    assert found == client.account(found.id)
    assert (found.acct, found.display_name) == (open_account.handle, open_account.name)
    assert found.followers_count == network.follower_count(open_account)
    assert found.following_count == len(network.follows(open_account))


def test_accounts_are_read_many_at_a_time_and_who_is_unknown_is_left_out(client, network):
    wanted = [one.identity for one in network.accounts[:10]]
    assert [one.id for one in client.accounts([*wanted, "1"])] == wanted


def test_follows_are_listed_page_by_page_through_the_link_header(client, network, open_account):
    followed = [one.identity for one in network.follows(open_account)]
    assert len(followed) > 6
    first = client.account_following(open_account.identity, limit=3)
    assert len(first) == 3
    assert [one.id for one in client.fetch_remaining(first)] == followed
    second = client.fetch_next(first)
    assert [one.id for one in second] == followed[3:6]
    assert client.fetch_next(client.account_following(open_account.identity, limit=80)) is None


def test_followers_are_listed(client, network):
    account = max((one for one in network.accounts if not one.hides_lists), key=lambda one: len(network.followers(one)))
    listed = client.fetch_remaining(client.account_followers(account.identity, limit=5))
    followers = [one for one in network.followers(account) if not (account.is_remote and one.is_remote)]
    assert [one.id for one in listed] == [one.identity for one in followers]


def test_who_hides_the_lists_says_so_and_shows_nothing(client, network):
    hidden = next(one for one in network.accounts if one.hides_lists and network.follows(one))
    assert client.account(hidden.identity).hide_collections is True
    assert client.account_following(hidden.identity) == client.account_followers(hidden.identity) == []
    assert client.account(hidden.identity).following_count > 0


def test_some_hide_their_lists_and_some_live_on_other_servers(network):
    assert 0.2 < sum(one.hides_lists for one in network.accounts) / len(network.accounts) < 0.5
    assert 0.15 < sum(one.is_remote for one in network.accounts) / len(network.accounts) < 0.45


def test_of_an_account_of_another_server_only_a_part_is_known(client, network):
    remote = [one for one in network.accounts if one.is_remote and not one.hides_lists]
    listed = {one.identity: len(client.account_following(one.identity, limit=80)) for one in remote}
    counted = {one.identity: client.account(one.identity).following_count for one in remote}
    assert all(listed[key] <= counted[key] for key in listed)
    assert any(listed[key] < counted[key] for key in listed)


def test_statuses_are_read_to_the_end_and_counters_are_refreshed_many_at_a_time(client, network, open_account):
    statuses = client.fetch_remaining(client.account_statuses(open_account.identity, limit=15))
    assert [one.id for one in statuses] == [network.identity(key) for key in network.post_keys(open_account)]
    again = client.statuses([one.id for one in statuses[:20]])
    assert [(one.id, one.favourites_count) for one in again] == [
        (one.id, one.favourites_count) for one in statuses[:20]
    ]
    assert client.status(statuses[0].id).id == statuses[0].id


def test_statuses_show_reblogs_answers_mentions_tags_and_cards(client, network):
    every = [status for one in network.accounts[:15] for status in client.account_statuses(one.identity, limit=40)]
    assert any(one.reblog and one.reblog.account.id != one.account.id for one in every)
    answers = [one for one in every if one.in_reply_to_id]
    assert answers
    assert all(one.in_reply_to_account_id in [named.id for named in one.mentions] for one in answers)
    assert any(one.mentions for one in every if not one.in_reply_to_id)
    tagged = [one for one in every if one.tags and not one.reblog]
    assert tagged
    assert all(f"#<span>{tag.name}</span>" in one.content for one in tagged for tag in one.tags)
    assert any(one.card and one.card.provider_name == "YouTube" for one in every)


def test_reblogs_and_answers_can_be_left_out(client, network):
    for one in network.accounts[:8]:
        found = client.account_statuses(one.identity, exclude_reblogs=True, exclude_replies=True, limit=40)
        assert not any(status.reblog or status.in_reply_to_id for status in found)


def test_newer_statuses_only(client, open_account):
    statuses = client.account_statuses(open_account.identity, limit=6)
    newer = client.account_statuses(open_account.identity, since_id=statuses[3].id)
    assert [one.id for one in newer] == [one.id for one in statuses[:3]]


def test_who_favours_a_status_is_listed(client, network):
    popular = sorted(network.accounts, key=network.follower_count, reverse=True)[:10]
    known = {one.identity for one in network.accounts}
    favouring = [
        one.id
        for account in popular
        for status in client.account_statuses(account.identity, limit=10, exclude_reblogs=True)
        for one in client.status_favourited_by(status.id)
    ]
    assert favouring
    assert set(favouring) <= known


def test_fields_link_to_the_other_accounts_and_some_links_are_verified(client, network):
    fields = [field for one in network.accounts[:60] for field in client.account(one.identity).fields]
    assert any(field.verified_at for field in fields)
    assert all(re.search(r'<a href="https://[^"]+" .*rel="nofollow noopener me"', field.value) for field in fields)
    assert {field.name for field in fields} >= {"Youtube", "Bluesky", "Twitch"}


def test_accounts_are_found_by_topic(client, network):
    found = client.search_v2("android apps", result_type="accounts", resolve=False).accounts
    verticals = [network.creator(network.by_identity(one.id)).vertical for one in found[:6]]
    assert verticals.count("android") >= 5


def test_searching_accounts_by_the_old_way_needs_a_token(client, served_crowd):
    with pytest.raises(MastodonUnauthorizedError):
        client.account_search("android")
    signed_in = client_of(served_crowd, access_token=served_crowd.tokens.mastodon_token)
    assert signed_in.account_search("android")
    signed_in.session.close()


def test_a_wrong_token_is_refused(served_crowd, open_account):
    wrong = client_of(served_crowd, access_token="WRONG-CANARY")
    with pytest.raises(MastodonUnauthorizedError):
        wrong.account(open_account.identity)
    wrong.session.close()


def test_hashtags_of_the_week_are_ranked(client):
    tags = client.trending_tags(limit=5)
    uses = [sum(int(day.uses) for day in tag.history) for tag in tags]
    assert len(tags) == 5
    assert uses == sorted(uses, reverse=True)
    assert all(len(tag.history) == 7 for tag in tags)


def test_the_server_says_what_it_is(client):
    assert client.instance_v1().uri == client.instance_v2().domain == "mastodon.example"


@pytest.mark.parametrize(
    "path",
    [
        "v1/accounts/lookup?acct=nobody",
        "v1/accounts/lookup",
        "v1/accounts/1",
        "v1/accounts/x/following",
        "v1/accounts/١/statuses",
        "v1/statuses/1",
        "v1/statuses/none",
        "v1/statuses/99999999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(served_crowd, path):
    answer = served_crowd.http.get(f"/mastodon/api/{path}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


def test_every_answer_tells_what_is_left_and_a_spent_window_refuses(crowd, served_crowd, switchboard, open_account):
    limits = {**roomy(), "mastodon": RateLimit(2, 300)}
    switchboard[0].app = create_app(crowd, served_crowd.tokens, rate_limits=limits)
    answers = [served_crowd.http.get(f"/mastodon/api/v1/accounts/{open_account.identity}") for _ in range(3)]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json() == {"error": "Too many requests"}
    resets = crowd.now + timedelta(seconds=300)
    assert answers[0].headers["x-ratelimit-reset"] == resets.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("outage", MastodonServiceUnavailableError),
        ("html_error", MastodonBadGatewayError),
        ("rate_limited", MastodonRatelimitError),
        ("truncated", MastodonAPIError),
    ],
)
def test_an_incident_is_seen_by_the_client_until_it_ends(crowd, client, open_account, kind, error):
    crowd.start_incident("mastodon", kind=kind)
    with pytest.raises(error):
        client.account(open_account.identity)
    crowd.end_incident("mastodon")
    assert client.account(open_account.identity).id == open_account.identity


def test_a_missing_account_is_told_as_such(client):
    with pytest.raises(MastodonNotFoundError):
        client.account_lookup("nobody")


# ---- the contract


def test_the_contract_is_what_the_installed_client_carries():
    compiled, committed = compile_mastodon(), compiled_contract("mastodon")
    assert committed.answers == compiled["answers"]
    assert committed.definitions == compiled["definitions"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Account", "Account"),
        ("AccountField", "Field"),
        ("Status", "Status"),
        ("StatusMention", "StatusMention"),
        ("Tag", "StatusTag"),
        ("TagHistory", "TagHistory"),
        ("SearchV2", "Search"),
        ("InstanceV2", "Instance"),
        ("PreviewCard", "PreviewCard"),
        ("CustomEmoji", "CustomEmoji"),
    ],
)
def test_our_contract_requires_what_is_published_as_required(ours, theirs):
    if not PUBLISHED.is_file():
        pytest.skip("the published description is not here")
    published = json.loads(PUBLISHED.read_text())["components"]["schemas"][theirs]
    contract = compiled_contract("mastodon").definitions[ours]
    assert set(contract["required"]) >= set(published["required"])
    assert set(contract["required"]) <= set(published["properties"])

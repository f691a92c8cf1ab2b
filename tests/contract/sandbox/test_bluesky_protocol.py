"""Bluesky of the sandbox, asked by the unmodified client, and our contract beside the published lexicons."""

import json
from datetime import timedelta
from typing import Any

import pytest
from atproto import Client
from atproto_client.exceptions import NetworkError, RequestException

from builders.sandbox_world import small_world
from mardev.settings import PROJECT_ROOT
from sandbox.protocols.app import create_app
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.contracts.bluesky_models import POST_RECORD, compile_bluesky
from sandbox.protocols.rates import RateLimit, roomy

LEXICONS = PROJECT_ROOT.parent / "shared" / "specs" / "atproto" / "lexicons"


@pytest.fixture
def network(crowd):
    return crowd.network("bluesky")


@pytest.fixture
def client(served_crowd):
    opened = Client(base_url=f"{served_crowd.url}bluesky/xrpc")
    yield opened
    opened.request.close()


@pytest.fixture
def popular(network):
    """An account that follows many and is followed by more than a page."""
    return max(network.accounts, key=lambda account: len(network.follows(account)))


def all_pages(ask: Any, name: str, actor: str, limit: int) -> list[Any]:
    found, cursor = [], None
    while True:
        answer = ask({"actor": actor, "limit": limit} | ({"cursor": cursor} if cursor else {}))
        found += getattr(answer, name)
        cursor = answer.cursor
        if not cursor:
            return found


def test_a_profile_is_found_by_handle_and_by_did(client, network, popular):
    by_handle, by_did = (client.app.bsky.actor.get_profile({"actor": x}) for x in (popular.handle, popular.identity))
    assert by_handle == by_did
    assert (by_did.did, by_did.handle, by_did.description) == (popular.identity, popular.handle, popular.about)
    assert by_did.followers_count == network.follower_count(popular)
    assert by_did.follows_count == len(network.follows(popular))


def test_profiles_come_25_at_a_time_and_who_is_unknown_is_left_out(client, served_crowd, network):
    wanted = [account.identity for account in network.accounts[:24]]
    found = client.app.bsky.actor.get_profiles({"actors": [*wanted, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"]})
    assert [profile.did for profile in found.profiles] == wanted
    too_many = {"actors": [account.identity for account in network.accounts[:26]]}
    assert served_crowd.http.get("/bluesky/xrpc/app.bsky.actor.getProfiles", params=too_many).status_code == 400


def test_a_handle_leads_to_its_did(client, popular):
    assert client.resolve_handle(popular.handle).did == popular.identity


def test_all_follows_are_listed_page_by_page(client, network, popular):
    followed = network.follows(popular)
    assert len(followed) > 10
    found = all_pages(client.app.bsky.graph.get_follows, "follows", popular.handle, limit=7)
    assert [profile.did for profile in found] == [account.identity for account in followed]


def test_followers_are_as_many_as_are_counted_and_each_follows_back_to_the_list(client, network):
    account = min(network.accounts, key=lambda one: abs(network.follower_count(one) - 150))
    found = all_pages(client.app.bsky.graph.get_followers, "followers", account.identity, limit=100)
    identities = [profile.did for profile in found]
    assert len(set(identities)) == len(identities) == network.follower_count(account)
    assert {one.identity for one in network.followers(account)} <= set(identities)
    for profile in found[:12]:
        followed = all_pages(client.app.bsky.graph.get_follows, "follows", profile.handle, limit=100)
        assert account.identity in {one.did for one in followed}


def test_a_feed_is_read_to_its_end_and_each_post_can_be_asked_again(client, network, popular):
    feed = all_pages(client.app.bsky.feed.get_author_feed, "feed", popular.identity, limit=30)
    assert len(feed) == len(network.post_keys(popular))
    own = [line.post for line in feed if line.reason is None]
    assert [post.author.did for post in own] == [popular.identity] * len(own)
    uris = [post.uri for post in own[:25]]
    again = client.get_posts(uris).posts
    assert [(post.uri, post.like_count) for post in again] == [(post.uri, post.like_count) for post in own[:25]]


def test_feeds_show_answers_reposts_mentions_tags_and_links(client, network):
    feeds = [
        line for account in network.accounts[:15] for line in client.get_author_feed(account.identity, limit=100).feed
    ]
    reasons = [line for line in feeds if line.reason is not None]
    assert reasons
    assert all(line.reason.by.did != line.post.author.did for line in reasons)
    answers = [line for line in feeds if line.reply is not None]
    assert answers
    assert all(line.post.record.reply.parent.uri == line.reply.parent.uri for line in answers)
    features = [
        (line.post.record.text.encode()[facet.index.byte_start : facet.index.byte_end].decode(), feature)
        for line in feeds
        for facet in line.post.record.facets or []
        for feature in facet.features
    ]
    handles = {account.identity: account.handle for account in network.accounts}
    kinds = set()
    for text, feature in features:
        kinds.add(feature.py_type.partition("#")[2])
        expected = {"mention": lambda f: "@" + handles[f.did], "tag": lambda f: "#" + f.tag, "link": lambda f: f.uri}
        assert text == expected[feature.py_type.partition("#")[2]](feature)
    assert kinds == {"mention", "tag", "link"}


@pytest.mark.parametrize(("wanted", "has_answers"), [("posts_with_replies", True), ("posts_no_replies", False)])
def test_a_filter_leaves_answers_out(client, network, wanted, has_answers):
    lines = [
        line
        for account in network.accounts[:10]
        for line in client.get_author_feed(account.identity, filter=wanted, limit=100).feed
    ]
    assert any(line.reply for line in lines) == has_answers


def test_who_likes_a_post_is_listed(client, network):
    author = max(network.accounts, key=network.follower_count)
    lines = client.get_author_feed(author.identity, limit=50).feed
    likes = [client.get_likes(line.post.uri) for line in lines[:20] if line.reason is None]
    assert any(answer.likes for answer in likes)
    known = {account.identity for account in network.accounts}
    assert {like.actor.did for answer in likes for like in answer.likes} <= known


def test_people_are_found_by_topic_in_any_language(client, network):
    found = client.app.bsky.actor.search_actors({"q": "mobile games", "limit": 10}).actors
    creators = [network.creator(network.by_identity(one.did)) for one in found]
    assert [creator.vertical for creator in creators].count("gamers") >= 8


@pytest.mark.parametrize(
    ("method", "parameters", "message"),
    [
        ("app.bsky.actor.getProfile", {"actor": "nobody.bsky.social"}, "Profile not found"),
        ("app.bsky.actor.getProfile", {}, 'Error: Params must have the property "actor"'),
        ("app.bsky.graph.getFollows", {"actor": "did:plc:nobody"}, "Actor not found"),
        ("app.bsky.graph.getFollows", {"actor": "x.example", "limit": "many"}, "Actor not found"),
        ("com.atproto.identity.resolveHandle", {"handle": "nobody.example"}, "Unable to resolve handle"),
        ("app.bsky.feed.getPosts", {"uris": "https://bsky.app/"}, "Error: uris must be a valid at-uri"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(served_crowd, method, parameters, message):
    answer = served_crowd.http.get(f"/bluesky/xrpc/{method}", params=parameters)
    assert (answer.status_code, answer.json()) == (400, {"error": "InvalidRequest", "message": message})


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "é")])
def test_a_bad_limit_or_cursor_is_refused(served_crowd, popular, name, value):
    answer = served_crowd.http.get(
        "/bluesky/xrpc/app.bsky.graph.getFollows", params={"actor": popular.handle, name: value}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")


def test_search_of_posts_and_unknown_methods_are_refused(served_crowd):
    assert served_crowd.http.get("/bluesky/xrpc/app.bsky.feed.searchPosts?q=x").status_code == 403
    unknown = served_crowd.http.get("/bluesky/xrpc/app.bsky.nothing.here")
    assert (unknown.status_code, unknown.json()["error"]) == (501, "MethodNotImplemented")


def test_every_answer_tells_what_is_left_and_a_spent_window_refuses(crowd, served_crowd, switchboard, popular):
    limits = {**roomy(), "bluesky": RateLimit(2, 300)}
    switchboard[0].app = create_app(crowd, served_crowd.tokens, rate_limits=limits)
    address = f"/bluesky/xrpc/app.bsky.actor.getProfile?actor={popular.handle}"
    answers = [served_crowd.http.get(address) for _ in range(3)]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {"2;w=300"}
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json() == {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
    resets = int(answers[2].headers["ratelimit-reset"])
    assert resets == int((crowd.now + timedelta(seconds=300)).timestamp())


def test_a_spent_window_is_open_again_after_its_reset(tmp_path, switchboard, served_crowd):
    world = small_world(tmp_path, creators=60)
    limits = {**roomy(), "bluesky": RateLimit(1, 300)}
    switchboard[0].app = create_app(world, served_crowd.tokens, rate_limits=limits)
    address = f"/bluesky/xrpc/app.bsky.actor.getProfile?actor={world.network('bluesky').accounts[0].handle}"
    assert [served_crowd.http.get(address).status_code for _ in range(2)] == [200, 429]
    world.advance_to(world.now + timedelta(seconds=300))
    assert served_crowd.http.get(address).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("outage", 503), ("html_error", 502), ("rate_limited", 429)])
def test_an_incident_is_seen_by_the_client_until_it_ends(crowd, client, popular, kind, status):
    crowd.start_incident("bluesky", kind=kind)
    with pytest.raises((RequestException, NetworkError)) as caught:
        client.get_profile(popular.handle)
    assert caught.value.response.status_code == status
    crowd.end_incident("bluesky")
    assert client.get_profile(popular.handle).did == popular.identity


def test_an_answer_that_is_cut_in_half_cannot_be_read(crowd, client, popular):
    crowd.start_incident("bluesky", kind="truncated")
    with pytest.raises((ValueError, NetworkError)):
        client.get_profile(popular.handle)


# ---- the contract


def test_the_contract_is_what_the_installed_client_carries():
    compiled, committed = compile_bluesky(), compiled_contract("bluesky")
    assert committed.answers == compiled["answers"]
    assert committed.definitions == compiled["definitions"]


def lexicon(name: str) -> Any:
    path = LEXICONS / (name.replace(".", "/") + ".json")
    if not path.is_file():
        pytest.skip("the published lexicons are not here")
    return json.loads(path.read_text())["defs"]


@pytest.mark.parametrize(
    ("ours", "document", "theirs"),
    [
        ("ProfileView", "app.bsky.actor.defs", "profileView"),
        ("ProfileViewBasic", "app.bsky.actor.defs", "profileViewBasic"),
        ("ProfileViewDetailed", "app.bsky.actor.defs", "profileViewDetailed"),
        ("PostView", "app.bsky.feed.defs", "postView"),
        ("FeedViewPost", "app.bsky.feed.defs", "feedViewPost"),
        ("ReasonRepost", "app.bsky.feed.defs", "reasonRepost"),
        ("ByteSlice", "app.bsky.richtext.facet", "byteSlice"),
    ],
)
def test_our_contract_requires_what_the_lexicon_requires(ours, document, theirs):
    published = lexicon(document)[theirs]
    contract = compiled_contract("bluesky").definitions[ours]
    assert set(contract["required"]) >= set(published.get("required", []))


def test_what_we_send_are_published_fields(client, served_crowd, popular):
    profile = served_crowd.http.get(f"/bluesky/xrpc/app.bsky.actor.getProfile?actor={popular.handle}").json()
    assert set(profile) <= set(lexicon("app.bsky.actor.defs")["profileViewDetailed"]["properties"])
    feed = served_crowd.http.get(f"/bluesky/xrpc/app.bsky.feed.getAuthorFeed?actor={popular.handle}").json()["feed"]
    assert {name for line in feed for name in line} <= set(lexicon("app.bsky.feed.defs")["feedViewPost"]["properties"])
    post = lexicon("app.bsky.feed.defs")["postView"]["properties"]
    assert {name for line in feed for name in line["post"]} <= set(post)


@pytest.mark.parametrize("method", sorted(set(compiled_contract("bluesky").answers) - {POST_RECORD}))
def test_our_methods_are_published_with_the_same_fields(method):
    published = lexicon(method)["main"]["output"]["schema"]
    contract = compiled_contract("bluesky")
    ours = contract.definitions[contract.answers[method]["$ref"].rpartition("/")[2]]
    if "properties" in published:
        assert set(ours["properties"]) <= set(published["properties"])
        assert set(ours["required"]) >= set(published.get("required", []))
    else:
        assert (
            published["ref"].rpartition("#")[2].lower()
            == ours["properties"]["$type"]["const"].rpartition("#")[2].lower()
        )

"""Bluesky, Mastodon and Twitch on a scripted wire: what they tell, what they hide, and what goes wrong."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from builders.pipelines import KEY, NOON, Wire, collected, json_answer, pipeline_on, record_of
from mardev.connectors.bluesky.client import Bluesky
from mardev.connectors.bluesky.xrpc import XRPC_DIALECT
from mardev.connectors.errors import AccessHidden, NotThere, RequestRefused
from mardev.connectors.mastodon.client import Mastodon
from mardev.connectors.platforms import platform_kind, platforms
from mardev.connectors.twitch.client import Twitch
from mardev.connectors.twitch.token import ApplicationToken
from mardev.errors import ContractBroken, CredentialRejected, FixFirst, TransportFailed

DID = "did:plc:" + "a" * 24
SAID = "2026-10-01T10:00:00.000Z"


def bluesky(*answers, **options) -> tuple[Bluesky, Wire]:
    wire = Wire(*answers)
    pipeline = pipeline_on(wire, "bluesky", dialect=XRPC_DIALECT)
    return Bluesky(pipeline, record_of("mardev_bluesky", "http://pds.example/xrpc"), lambda: NOON, **options), wire


def profile(**changes):
    known = {"did": DID, "handle": "ada.bsky.social", "displayName": "Ada", "followersCount": 7, "postsCount": 3}
    return known | changes


def feed_item(text: str = "hello", **post):
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": SAID, "langs": ["de-DE"]}
    return {
        "post": {
            "uri": f"at://{DID}/app.bsky.feed.post/1", "author": {"did": DID}, "record": record, "likeCount": 5,
            "replyCount": 1, "repostCount": 2, "quoteCount": 1, "indexedAt": "2026-10-01T10:00:05.000Z", **post,
        }
    }  # fmt: skip


def test_a_bluesky_profile_is_read_and_its_own_domain_is_proved():
    client, wire = bluesky(json_answer({"profiles": [profile(handle="ada.example", description="see https://a.b/c.")]}))
    (account,) = client.accounts([DID])
    assert (account.title, account.subscribers, account.subscribers_hidden) == ("Ada", 7, False)
    assert account.links == ("https://a.b/c", "https://ada.example")
    assert account.proved_links == ("https://ada.example",)
    assert wire.paths == ["/xrpc/app.bsky.actor.getProfiles"]


def test_a_bluesky_handle_that_lost_its_domain_proves_nothing():
    client, _ = bluesky(json_answer({"profiles": [profile(handle="handle.invalid")]}))
    (account,) = client.accounts([DID])
    assert (account.handle, account.proved_links) == (None, ())


def test_sixty_bluesky_profiles_are_three_calls():
    client, wire = bluesky(json_answer({"profiles": []}))
    assert list(client.accounts([DID] * 60)) == []
    assert [len(request.url.params.get_list("actors")) for request in wire.requests] == [25, 25, 10]


def test_a_malformed_bluesky_profile_is_set_aside_and_the_rest_is_read():
    found, on_malformed = collected()
    client, _ = bluesky(
        json_answer({"profiles": [profile(followersCount="many"), profile(did="did:plc:b")]}), on_malformed=on_malformed
    )
    assert [one.external_id for one in client.accounts([DID])] == ["did:plc:b"]
    assert [reason for _, reason in found] == ["accounts: followersCount is not a whole number"]


def test_what_an_account_only_passed_on_is_not_its_post():
    passed_on = feed_item() | {"reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    of_others = feed_item(author={"did": "did:plc:other"})
    mention = {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:m"}]}
    own = feed_item(record={"text": "with @m", "createdAt": SAID, "langs": ["de-DE"], "facets": [mention]})
    client, _ = bluesky(json_answer({"feed": [passed_on, of_others, own]}))
    (post,) = client.posts(DID, None, 5)
    assert (post.text, post.language, post.mentioned_ids, post.views) == ("with @m", "de", ("did:plc:m",), None)
    assert (post.likes, post.comments, post.shares) == (5, 1, 3)


@pytest.mark.parametrize("said", ["2031-01-01T00:00:00.000Z", "yesterday"])
def test_a_post_is_never_dated_later_than_the_network_saw_it(said):
    record = {"text": "x", "createdAt": said}
    client, _ = bluesky(json_answer({"feed": [feed_item(record=record)]}))
    (post,) = client.posts(DID, None, 5)
    assert post.published_at == datetime(2026, 10, 1, 10, 0, 5, tzinfo=UTC)


def test_a_follow_list_is_read_page_by_page_and_never_in_circles():
    pages = [{"follows": [{"did": "did:plc:1"}], "cursor": "x"}, {"follows": [{"did": "did:plc:2"}]}]
    client, _ = bluesky(*map(json_answer, pages))
    assert [one.external_id for one in client.endorsed("follows", DID)] == ["did:plc:1", "did:plc:2"]
    client, _ = bluesky(json_answer(pages[0]))
    with pytest.raises(ContractBroken, match="repeats a page"):
        list(client.endorsed("follows", DID))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "InvalidRequest", "message": "Actor not found: x"}, NotThere),
        (400, {"error": "AccountTakedown", "message": "Account has been taken down"}, NotThere),
        (400, {"error": "AccountDeactivated", "message": "Account is deactivated"}, NotThere),
        (400, {"error": "BlockedByActor", "message": "no"}, AccessHidden),
        (400, {"error": "InvalidRequest", "message": "Error: limit can not be greater than 100"}, RequestRefused),
        (401, {"error": "ExpiredToken", "message": "no"}, CredentialRejected),
        (502, {"error": "UpstreamFailure", "message": "no"}, TransportFailed),
        (200, {"nothing": []}, ContractBroken),
    ],
)
def test_what_bluesky_refuses_says_what_to_do(status, body, error):
    client, _ = bluesky(json_answer(body, status))
    with pytest.raises(error):
        list(client.endorsed("follows", DID))


def test_bluesky_asked_too_fast_says_when_to_come_back():
    client, _ = bluesky(json_answer({"error": "RateLimitExceeded", "message": "slow"}, 429, **{"retry-after": "120"}))
    with pytest.raises(TransportFailed) as caught:
        list(client.accounts([DID]))
    assert caught.value.not_before is not None
    assert caught.value.not_before - NOON == timedelta(seconds=120)


@pytest.mark.parametrize("reset", [str(int(NOON.timestamp()) + 120), "120", "2026-10-05T08:02:00.000000Z"])
@pytest.mark.parametrize("header", ["RateLimit-Reset", "X-RateLimit-Reset"])
def test_a_platform_that_only_names_the_end_of_its_window_is_believed(header, reset):
    client, wire = mastodon(json_answer({"error": "Too many requests"}, 429, **{header: reset}))
    with pytest.raises(TransportFailed) as caught:
        list(client.posts("109", None, 5))
    assert caught.value.not_before == NOON + timedelta(seconds=120)
    assert len(wire.requests) == 1


# ---- Mastodon
def mastodon(*answers, **options) -> tuple[Mastodon, Wire]:
    wire = Wire(*answers)
    record = record_of("mardev_mastodon", "http://social.example")
    return Mastodon(pipeline_on(wire, "mastodon"), record, lambda: NOON, **options), wire


def mastodon_account(**changes):
    known = {
        "id": "109", "acct": "ada", "display_name": "Ada", "note": "<p>Games &amp; more</p>", "followers_count": 7,
        "statuses_count": 3, "created_at": "2022-11-14T00:00:00.000Z", "fields": [], "hide_collections": False,
    }  # fmt: skip
    return known | changes


def test_a_mastodon_account_is_read_and_a_verified_address_is_proved():
    shop, film = "https://shop.example/ada", "https://film.example/ada"
    fields = [
        {"name": "Shop", "value": f'<a href="{shop}" rel="me">shop</a>', "verified_at": "2026-01-01T00:00:00Z"},
        {"name": "Film", "value": film, "verified_at": None},
    ]
    client, wire = mastodon(json_answer([mastodon_account(fields=fields)]))
    (account,) = client.accounts(["109"])
    assert (account.handle, account.description, account.subscribers) == ("@ada", "Games & more", 7)
    assert (account.links, account.proved_links) == ((shop, film), (shop,))
    assert account.created_at == datetime(2022, 11, 14, tzinfo=UTC)
    assert wire.paths == ["/api/v1/accounts"]


def test_hidden_mastodon_counters_are_hidden_and_never_zero():
    client, _ = mastodon(json_answer([mastodon_account(followers_count=-1)]))
    (account,) = client.accounts(["109"])
    assert (account.subscribers, account.subscribers_hidden) == (None, True)


def test_a_suspended_mastodon_account_is_left_out():
    client, _ = mastodon(json_answer([mastodon_account(suspended=True)]))
    assert list(client.accounts(["109"])) == []


def test_an_empty_mastodon_list_is_hidden_only_where_its_owner_hides_it():
    client, _ = mastodon(json_answer([]), json_answer(mastodon_account(hide_collections=True)))
    with pytest.raises(AccessHidden):
        list(client.endorsed("follows", "109"))
    client, _ = mastodon(json_answer([]), json_answer(mastodon_account()))
    assert list(client.endorsed("follows", "109")) == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json_answer({"error": "Record not found"}, 404), NotThere),
        (json_answer({"error": "Gone"}, 410), NotThere),
        (json_answer({"error": "The access token is invalid"}, 401), CredentialRejected),
        (json_answer({"error": "x"}, 503), TransportFailed),
        (lambda _: httpx.Response(200, content=b"<html>"), TransportFailed),
        (httpx.ConnectError("no"), TransportFailed),
    ],
)
def test_our_own_errors_come_through_the_mastodon_library(answer, error):
    client, _ = mastodon(answer)
    with pytest.raises(error) as caught:
        list(client.posts("109", None, 5))
    assert KEY not in str(caught.value)


def test_a_mastodon_post_that_was_passed_on_is_not_its_own():
    own = {"id": "1", "content": "<p>with @bob</p>", "created_at": SAID, "favourites_count": 4, "language": "de",
           "replies_count": 1, "reblogs_count": 2, "mentions": [{"id": "77"}], "reblog": None}  # fmt: skip
    client, _ = mastodon(json_answer([own | {"id": "2", "reblog": own}, own]))
    (post,) = client.posts("109", None, 5)
    assert (post.external_id, post.likes, post.mentioned_ids, post.language) == ("1", 4, ("77",), "de")


# ---- Twitch
def twitch(*answers, **options) -> tuple[Twitch, Wire]:
    wire = Wire(*answers)
    record = record_of(
        "mardev_twitch", "http://helix.example/helix", login="client", extra={"authorisation_host": "http://id.example"}
    )
    pipeline = pipeline_on(wire, "twitch", auth=ApplicationToken(record))
    return Twitch(pipeline, record, lambda: NOON, **options), wire


TOKEN = json_answer({"access_token": "first", "expires_in": 60, "token_type": "bearer"})
SECOND_TOKEN = json_answer({"access_token": "second", "expires_in": 60, "token_type": "bearer"})
USERS = json_answer(
    {"data": [{"id": "7", "login": "ada", "display_name": "Ada", "created_at": "2016-12-14T20:32:28Z"}]}
)
CHANNELS = json_answer(
    {"data": [{"broadcaster_id": "7", "broadcaster_language": "de", "game_name": "Chess", "tags": ["Cozy"]}]}
)


def test_a_twitch_channel_is_read_in_three_calls():
    client, wire = twitch(TOKEN, USERS, CHANNELS, json_answer({"total": 99, "data": []}))
    (account,) = client.accounts(["7"])
    assert (account.handle, account.language, account.topics, account.subscribers) == (
        "@ada",
        "de",
        ("Chess", "Cozy"),
        99,
    )
    assert wire.paths == ["/token", "/helix/users", "/helix/channels", "/helix/channels/followers"]
    assert {request.headers["authorization"] for request in wire.requests[1:]} == {"Bearer first"}


def test_twitch_followers_that_are_not_told_are_hidden():
    client, _ = twitch(TOKEN, USERS, json_answer({"data": []}), json_answer({"data": []}))
    (account,) = client.accounts(["7"])
    assert (account.subscribers, account.subscribers_hidden, account.language) == (None, True, None)


def test_a_revoked_twitch_token_is_fetched_once_more():
    refused = json_answer({"error": "Unauthorized", "status": 401, "message": "Invalid OAuth token"}, 401)
    client, wire = twitch(TOKEN, refused, SECOND_TOKEN, json_answer({"data": []}))
    assert list(client.search("games", "", 5)) == []
    assert wire.requests[-1].headers["authorization"] == "Bearer second"
    client, _ = twitch(TOKEN, refused, SECOND_TOKEN, refused)
    with pytest.raises(CredentialRejected, match="mardev_twitch"):
        list(client.search("games", "", 5))


def test_a_refused_twitch_secret_asks_a_person_and_is_not_shown():
    client, _ = twitch(json_answer({"status": 403, "message": "invalid client secret"}, 403))
    with pytest.raises(CredentialRejected, match="mardev_twitch") as caught:
        list(client.search("games", "", 5))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("answer", [json_answer({}, 503), lambda _: httpx.Response(200, content=b"{")])
def test_twitch_without_its_authorisation_server_is_asked_later(answer):
    client, _ = twitch(answer)
    with pytest.raises(TransportFailed, match="authorisation server"):
        list(client.search("games", "", 5))


# ---- all of them
def test_a_platform_that_there_is_not_is_named():
    with pytest.raises(FixFirst, match="«myspace» is no platform"):
        platform_kind("myspace")


@pytest.mark.parametrize(
    ("written", "platform"),
    [
        ("https://www.youtube.com/@ada.plays", "youtube"),
        ("@ada.plays", "youtube"),
        ("https://bsky.app/profile/ada.example", "bluesky"),
        ("https://social.example/@ada", "mastodon"),
        ("@ada@social.example", "mastodon"),
        ("https://www.twitch.tv/ada_plays", "twitch"),
        ("cozy games", None),
        ("https://www.twitch.tv/directory", None),
    ],
)
def test_an_address_belongs_to_one_platform(written, platform):
    assert [name for name, kind in platforms().items() if kind.point(written)] == ([platform] if platform else [])

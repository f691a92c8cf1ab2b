"""What happens to channels in the middle of a crawl, as their platforms tell it."""

import asyncio

import httpx
import pytest
from atproto import Client
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError

from builders.sandbox_world import small_world
from sandbox.protocols.app import create_app


@pytest.fixture
def living(tmp_path, switchboard, served_crowd):
    """A world of its own, served, and the way to trouble it."""
    world = small_world(tmp_path, creators=200)
    switchboard[0].app = create_app(world, served_crowd.tokens)

    def cause(status=201, **trouble):
        headers = {"authorization": f"Bearer {served_crowd.tokens.control}"}
        answer = served_crowd.http.post("/_sandbox/troubles", json=trouble, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    yield world, served_crowd, cause
    world.close()


def youtube(served, method, **query):
    given = {"key": served.tokens.youtube_key, **query}
    return served.http.get(f"/youtube/youtube/v3/{method}", params=given)


def follower_and_followed(network):
    """Who follows most, and whom it followed first (the last of its list)."""
    source = max(network.accounts, key=lambda one: len(network.follows(one)))
    return source, network.follows(source)[-1]


def test_an_account_vanishes_between_two_pages_of_a_list(living):
    world, served, cause = living
    network = world.network("bluesky")
    source, target = follower_and_followed(network)
    followed = [one.identity for one in network.follows(source)]
    client = Client(base_url=f"{served.url}bluesky/xrpc")
    cause(kind="vanish", channel_id=network.creator(target).channel_id, platform="bluesky", after_requests=1)
    first = client.app.bsky.graph.get_follows({"actor": source.identity, "limit": 5})
    rest, cursor = [], first.cursor
    while cursor:
        page = client.app.bsky.graph.get_follows({"actor": source.identity, "limit": 5, "cursor": cursor})
        rest, cursor = [*rest, *page.follows], page.cursor
    found = [one.did for one in [*first.follows, *rest]]
    client.request.close()
    assert target.identity not in found
    assert set(followed) - {target.identity} == set(found)
    profile = served.http.get(f"/bluesky/xrpc/app.bsky.actor.getProfile?actor={target.identity}")
    assert (profile.status_code, profile.json()["error"]) == (400, "AccountDeactivated")
    many = {"actors": [source.identity, target.identity]}
    profiles = served.http.get("/bluesky/xrpc/app.bsky.actor.getProfiles", params=many).json()["profiles"]
    assert [one["did"] for one in profiles] == [source.identity]


def test_a_mastodon_account_that_vanished_is_gone(living):
    world, served, cause = living
    network = world.network("mastodon")
    account = network.accounts[0]
    client = Mastodon(api_base_url=f"{served.url}mastodon", version_check_mode="none")
    status = network.identity(network.post_keys(account)[0])
    cause(kind="vanish", channel_id=network.creator(account).channel_id)
    with pytest.raises(MastodonAPIError, match=r"410|Gone"):
        client.account(account.identity)
    assert client.accounts([account.identity]) == client.statuses([status]) == []
    client.session.close()


def test_a_youtube_channel_vanishes_turns_private_and_changes_its_handle(living):
    world, served, cause = living
    gone, private, renamed = [one for one in world.creators if not one.subscriptions_hidden][:3]
    video = world.videos(gone.channel_id, 1)[0].video_id
    cause(kind="vanish", channel_id=gone.channel_id)
    cause(kind="turn_private", channel_id=private.channel_id)
    cause(kind="rename", channel_id=renamed.channel_id)
    assert "items" not in youtube(served, "channels", part="snippet", id=gone.channel_id).json()
    assert youtube(served, "playlistItems", part="snippet", playlistId=gone.uploads_playlist).status_code == 404
    assert youtube(served, "videos:batchGetStats", part="statistics", id=video).json()["items"] == []
    assert youtube(served, "subscriptions", part="snippet", channelId=gone.channel_id).status_code == 404
    refused = youtube(served, "subscriptions", part="snippet", channelId=private.channel_id)
    assert refused.json()["error"]["errors"][0]["reason"] == "subscriptionForbidden"
    shown = youtube(served, "channels", part="snippet", id=renamed.channel_id).json()["items"][0]["snippet"]
    assert shown["customUrl"] != f"@{renamed.handle}"
    assert "items" not in youtube(served, "channels", part="snippet", forHandle=renamed.handle).json()


def test_a_search_that_was_remembered_names_nobody_who_vanished(living):
    _, served, cause = living
    search = {"part": "snippet", "q": "games", "type": "video", "maxResults": 50}
    before = youtube(served, "search", **search).json()["items"]
    channel = before[0]["snippet"]["channelId"]
    cause(kind="vanish", channel_id=channel)
    after = youtube(served, "search", **search)
    assert after.status_code == 200
    assert channel not in {one["snippet"]["channelId"] for one in after.json()["items"]}


def test_the_views_of_recordings_fall(living):
    world, _, cause = living
    network = world.network("twitch")
    account = max(network.accounts, key=lambda one: len(network.broadcasts.begun(one.number, world.now)))
    key = network.broadcasts.begun(account.number, world.now)[-1]
    before = network.broadcasts.views(key, world.now)
    cause(kind="views_fall", channel_id=network.creator(account).channel_id, platform="twitch")
    assert network.broadcasts.views(key, world.now) < before


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        ({"kind": "explode"}, 400),
        ({"kind": "rename", "platform": "mastodon"}, 400),
        ({"kind": "vanish", "platform": ["bluesky"]}, 400),
        ({"kind": "vanish", "after_requests": 3}, 400),
        ({"kind": "vanish", "platform": "bluesky", "after_requests": -1}, 400),
        ({"kind": "vanish", "channel_id": "UC_nobody"}, 404),
    ],
)
def test_a_trouble_that_cannot_be_is_refused(living, trouble, status):
    world, _, cause = living
    assert "error" in cause(status, **{"channel_id": world.creators[0].channel_id, **trouble})
    assert world.truth()["troubles"] == []


def test_only_who_has_the_control_token_causes_troubles(living):
    world, served, _ = living
    trouble = {"kind": "vanish", "channel_id": world.creators[0].channel_id}
    assert served.http.post("/_sandbox/troubles", json=trouble).status_code == 401


def test_many_ask_at_once_and_all_are_answered(living):
    world, served, _ = living
    network = world.network("bluesky")

    async def ask_all() -> list[int]:
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
            paths = [
                f"/bluesky/xrpc/app.bsky.feed.getAuthorFeed?actor={one.identity}" for one in network.accounts[:20]
            ] + [f"/mastodon/api/v1/accounts/{one.identity}" for one in world.network("mastodon").accounts[:20]]
            return [answer.status_code for answer in await asyncio.gather(*map(client.get, paths))]

    assert set(asyncio.run(ask_all())) == {200}

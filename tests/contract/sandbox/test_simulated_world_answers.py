"""The simulated world itself behind the protocols: every answer keeps its contract."""

import json
from urllib.parse import urlencode

import pytest

from sandbox.protocols.google.batch import InnerRequest
from sandbox.protocols.quota import QuotaBook
from sandbox.protocols.tokens import Tokens
from sandbox.protocols.youtube.service import YouTubeService
from sandbox.world import World

PARTS = "snippet,statistics,contentDetails,topicDetails,brandingSettings,status"
VIDEO_PARTS = "snippet,statistics,contentDetails,status,topicDetails,paidProductPlacementDetails"
CREATORS = 200


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world"), creator_count=CREATORS)
    yield world
    world.close()


@pytest.fixture(scope="module")
def quota(simulated):
    return QuotaBook(lambda: simulated.now)


@pytest.fixture(scope="module")
def ask(simulated, quota):
    """Answer of one request, without a socket between."""
    tokens = Tokens()
    service = YouTubeService(simulated, tokens, quota)

    def answer(method, **query):
        target = f"/youtube/youtube/v3/{method}?{urlencode({'key': tokens.youtube_key, **query})}"
        return service.answer(InnerRequest("GET", target, {}, b""), "http://127.0.0.1/")

    return answer


def ids_of(creators):
    return ",".join(creator.channel_id for creator in creators)


def test_every_channel_can_be_shown(simulated, ask):
    for start in range(0, CREATORS, 50):
        answer = ask("channels", part=PARTS, id=ids_of(simulated.creators[start : start + 50]), maxResults=50)
        assert answer.status == 200


def test_uploads_and_their_statistics_can_be_shown(simulated, ask):
    for creator in simulated.creators[:40]:
        videos = simulated.videos(creator.channel_id, 50)
        if not videos:
            continue
        found = ask("playlistItems", part="snippet,contentDetails", playlistId=creator.uploads_playlist, maxResults=50)
        ids = ",".join(video.video_id for video in videos)
        statistics = ask("videos:batchGetStats", part="snippet,statistics,contentDetails", id=ids)
        assert {found.status, statistics.status, ask("videos", part=VIDEO_PARTS, id=ids).status} == {200}


def test_follow_lists_are_shown_or_forbidden(simulated, ask):
    for creator in simulated.creators[:60]:
        expected = 403 if creator.subscriptions_hidden else 200
        assert ask("subscriptions", part="snippet", channelId=creator.channel_id, maxResults=50).status == expected
        assert ask("channelSections", part="snippet,contentDetails", channelId=creator.channel_id).status == 200


@pytest.mark.parametrize("words", ["games", "Handy", "ゲーム", "aptovia", "no such words at all"])
def test_searches_in_every_language_can_be_shown(ask, words):
    assert ask("search", part="snippet", q=words, maxResults=50).status == 200


def test_fifty_channels_are_one_request_and_one_unit_of_quota(simulated, ask, quota):
    """The crawl counts on it: fifty identifiers cost what one costs."""
    wanted = simulated.creators[:50]
    before = quota.spent("default")
    shown = json.loads(ask("channels", part=PARTS, id=ids_of(wanted), maxResults=50).body)
    assert {item["id"] for item in shown["items"]} == {creator.channel_id for creator in wanted}
    assert quota.spent("default") - before == 1

"""Comments under videos, through the platform's own client."""

from datetime import timedelta

import pytest
from googleapiclient.errors import HttpError

from sandbox.protocols.app import create_app
from sandbox.troubles import TroublePlan
from sandbox.world import World


@pytest.fixture
def world(tmp_path, switchboard):
    world = World(tmp_path, 7, "none", 150, troubles=TroublePlan(pods=1))
    yield world
    world.close()


@pytest.fixture
def threads(world, served, switchboard):
    """All comment threads of a video, newest first."""
    switchboard[0].app = create_app(world, served.tokens)
    youtube = served.youtube()

    def read(video_id):
        asked = {"part": "snippet", "videoId": video_id, "maxResults": 40, "textFormat": "plainText"}
        request, found = youtube.commentThreads().list(**asked), []
        while request is not None:
            answer = request.execute()
            found += answer["items"]
            request = youtube.commentThreads().list_next(request, answer)
        return found

    return read


def test_there_are_as_many_comments_as_are_counted_and_the_newest_come_first(world, threads):
    videos = [video for creator in world.creators for video in world.videos(creator.channel_id, 2)]
    video = min(videos, key=lambda one: abs(world.statistics(one.video_id).comments - 60))
    found = threads(video.video_id)
    assert len({one["id"] for one in found}) == len(found) == world.statistics(video.video_id).comments
    times = [one["snippet"]["topLevelComment"]["snippet"]["publishedAt"] for one in found]
    assert times == sorted(times, reverse=True)


def test_a_comment_stays_as_it_was_while_others_come(world, threads):
    videos = [video for creator in world.creators for video in world.videos(creator.channel_id, 1)]
    video = min(videos, key=lambda one: abs(world.statistics(one.video_id).comments - 30))
    before = threads(video.video_id)
    world.advance_to(world.now + timedelta(days=2))
    after = threads(video.video_id)
    assert len(after) > len(before)
    assert [one["snippet"] for one in after[-len(before) :]] == [one["snippet"] for one in before]


def test_members_of_a_pod_comment_on_each_others_videos(world, threads):
    (pod,) = world.truth()["pods"]
    for member in pod[:3]:
        video = world.videos(member, 1)[0]
        authors = {
            one["snippet"]["topLevelComment"]["snippet"]["authorChannelId"]["value"] for one in threads(video.video_id)
        }
        assert set(pod) - {member} <= authors


def test_comments_of_a_video_that_is_not_there_are_not_found(threads):
    with pytest.raises(HttpError) as caught:
        threads("AAAAAAAAAAA")
    assert (caught.value.status_code, caught.value.error_details[0]["reason"]) == (404, "videoNotFound")

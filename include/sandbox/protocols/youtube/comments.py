"""Comment threads as resources."""

from collections.abc import Collection

from sandbox.economy.comments import Comment
from sandbox.model import Video
from sandbox.protocols.google.answers import entity_tag
from sandbox.protocols.youtube.formats import entities, instant
from sandbox.protocols.youtube.resources import Resource


def thread(video: Video, comment: Comment, parts: Collection[str], *, is_html: bool) -> Resource:
    """A comment without answers, and the thread that it begins."""
    snippet: Resource = {
        "channelId": video.channel_id,
        "videoId": video.video_id,
        "textDisplay": entities(comment.text) if is_html else comment.text,
        "textOriginal": comment.text,
        "authorDisplayName": comment.author_name,
        "authorProfileImageUrl": "https://yt3.ggpht.example/default.jpg",
        "authorChannelUrl": f"http://www.youtube.com/channel/{comment.author_channel}",
        "authorChannelId": {"value": comment.author_channel},
        "canRate": True,
        "viewerRating": "none",
        "likeCount": comment.likes,
        "publishedAt": instant(comment.published_at),
        "updatedAt": instant(comment.published_at),
    }
    top: Resource = {"kind": "youtube#comment", "id": comment.identity, "snippet": snippet}
    drawn: Resource = {"id": comment.identity}
    if "snippet" in parts:
        drawn["snippet"] = {
            "channelId": video.channel_id,
            "videoId": video.video_id,
            "topLevelComment": {"etag": entity_tag(top), **top},
            "canReply": True,
            "totalReplyCount": 0,
            "isPublic": True,
        }
    return {"kind": "youtube#commentThread", "etag": entity_tag(drawn), **drawn}

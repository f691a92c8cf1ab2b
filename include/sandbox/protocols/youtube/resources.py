"""Resources of the YouTube Data API, drawn from the world part by part.

Each function returns the resource with `kind`, `etag` and `id` first, and only the parts that were asked for.
"""

import base64
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from sandbox.model import Creator, Subscription, Video
from sandbox.protocols.google.answers import entity_tag
from sandbox.protocols.youtube.formats import entities, instant, iso_duration, opaque, rounded_subscribers
from sandbox.world import World

Resource = dict[str, Any]
Subject = TypeVar("Subject")
SEARCH_DESCRIPTION_CHARACTERS = 160
CHANNEL_PICTURE_SIZES = {"default": (88, 88), "medium": (240, 240), "high": (800, 800)}
VIDEO_PICTURE_SIZES = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}


class Resources:
    """Draws resources of one world.

    Args:
        world: what is drawn.
        base: address of the server, ending in a slash; pictures are served there.
    """

    def __init__(self, world: World, base: str) -> None:
        self._world = world
        self._base = base

    def channel(self, creator: Creator, parts: Collection[str]) -> Resource:
        drawers: Mapping[str, Callable[[Creator], Resource]] = {
            "snippet": self._channel_snippet,
            "contentDetails": lambda one: {"relatedPlaylists": {"likes": "", "uploads": one.uploads_playlist}},
            "statistics": self._channel_statistics,
            "topicDetails": lambda one: {"topicCategories": list(one.topic_categories)},
            "brandingSettings": self._branding,
            "status": lambda _: {
                "privacyStatus": "public",
                "isLinked": True,
                "longUploadsStatus": "longUploadsUnspecified",
                "madeForKids": False,
            },
        }
        return _resource("youtube#channel", creator.channel_id, creator, parts, drawers)

    def playlist_item(self, creator: Creator, video: Video, position: int, parts: Collection[str]) -> Resource:
        def snippet(one: Video) -> Resource:
            return {
                "publishedAt": instant(one.published_at),
                "channelId": creator.channel_id,
                "title": one.title,
                "description": one.description,
                "thumbnails": self.video_pictures(one.video_id),
                "channelTitle": creator.name,
                "playlistId": creator.uploads_playlist,
                "position": position,
                "resourceId": {"kind": "youtube#video", "videoId": one.video_id},
                "videoOwnerChannelTitle": creator.name,
                "videoOwnerChannelId": creator.channel_id,
            }

        drawers: Mapping[str, Callable[[Video], Resource]] = {
            "snippet": snippet,
            "contentDetails": lambda one: {"videoId": one.video_id, "videoPublishedAt": instant(one.published_at)},
            "status": lambda _: {"privacyStatus": "public"},
        }
        identity = base64.b64encode(f"{creator.uploads_playlist}.{video.video_id}".encode()).decode().rstrip("=")
        return _resource("youtube#playlistItem", identity, video, parts, drawers)

    def video(self, video: Video, parts: Collection[str]) -> Resource:
        drawers: Mapping[str, Callable[[Video], Resource]] = {
            "snippet": self._video_snippet,
            "contentDetails": _video_content_details,
            "status": lambda _: {
                "uploadStatus": "processed",
                "privacyStatus": "public",
                "license": "youtube",
                "embeddable": True,
                "publicStatsViewable": True,
                "madeForKids": False,
            },
            "statistics": self._video_statistics,
            "topicDetails": lambda one: {"topicCategories": list(self._owner(one).topic_categories)},
            "paidProductPlacementDetails": lambda one: {"hasPaidProductPlacement": one.declares_paid_promotion},
        }
        return _resource("youtube#video", video.video_id, video, parts, drawers)

    def video_stat(self, video: Video, parts: Collection[str]) -> Resource:
        def statistics(one: Video) -> Resource:
            counters = self._video_statistics(one)
            return {name: counters[name] for name in ("viewCount", "likeCount", "commentCount")}

        drawers: Mapping[str, Callable[[Video], Resource]] = {
            "snippet": lambda one: {"publishTime": instant(one.published_at)},
            "statistics": statistics,
            "contentDetails": lambda one: {"duration": f"{one.duration_seconds}s"},
        }
        return _resource("youtube#videoStats", video.video_id, video, parts, drawers)

    def found_channel(self, creator: Creator) -> Resource:
        """A channel as a search result. Titles come with HTML entities, as the platform sends them there."""
        snippet = {
            "publishedAt": instant(creator.created_at),
            "channelId": creator.channel_id,
            "title": entities(creator.name),
            "description": creator.description[:SEARCH_DESCRIPTION_CHARACTERS],
            "thumbnails": self.channel_pictures(creator.channel_id),
            "channelTitle": entities(creator.name),
            "liveBroadcastContent": "none",
        }
        identity = {"kind": "youtube#channel", "channelId": creator.channel_id}
        return _tagged("youtube#searchResult", identity, {"snippet": snippet})

    def found_video(self, video: Video) -> Resource:
        """A video as a search result."""
        snippet = {
            "publishedAt": instant(video.published_at),
            "channelId": video.channel_id,
            "title": entities(video.title),
            "description": video.description[:SEARCH_DESCRIPTION_CHARACTERS],
            "thumbnails": self.video_pictures(video.video_id),
            "channelTitle": entities(self._owner(video).name),
            "liveBroadcastContent": "live" if video.is_live else "none",
        }
        identity = {"kind": "youtube#video", "videoId": video.video_id}
        return _tagged("youtube#searchResult", identity, {"snippet": snippet})

    def subscription(self, subscriber: Creator, followed: Subscription, parts: Collection[str]) -> Resource:
        target = self._world.creator(followed.channel_id)
        drawers: Mapping[str, Callable[[Creator], Resource]] = {
            "snippet": lambda one: {
                "publishedAt": instant(followed.since),
                "title": one.name,
                "description": one.description,
                "resourceId": {"kind": "youtube#channel", "channelId": one.channel_id},
                "channelId": subscriber.channel_id,
                "thumbnails": self.channel_pictures(one.channel_id),
            },
            "contentDetails": lambda one: {
                "totalItemCount": self._world.video_count(one.channel_id),
                "newItemCount": 0,
                "activityType": "all",
            },
            "subscriberSnippet": lambda _: {
                "title": subscriber.name,
                "description": subscriber.description,
                "channelId": subscriber.channel_id,
                "thumbnails": self.channel_pictures(subscriber.channel_id),
            },
        }
        identity = opaque(f"subscription {subscriber.channel_id} {followed.channel_id}", 32)
        return _resource("youtube#subscription", identity, target, parts, drawers)

    def section(
        self, creator: Creator, position: int, kind: str, title: str, channels: Collection[str], parts: Collection[str]
    ) -> Resource:
        """A row of the channel page; `channels` is empty for rows that list no channels."""

        def snippet(one: Creator) -> Resource:
            shown: Resource = {"type": kind, "channelId": one.channel_id, "position": position}
            return shown | ({"title": title} if title else {})

        drawers: dict[str, Callable[[Creator], Resource]] = {"snippet": snippet}
        if channels:
            drawers["contentDetails"] = lambda _: {"channels": list(channels)}
        identity = f"{creator.channel_id}.{opaque(f'section {creator.channel_id} {position}', 11)}"
        return _resource("youtube#channelSection", identity, creator, parts, drawers)

    def channel_pictures(self, channel_id: str) -> Resource:
        return self._pictures(f"world/pictures/channel/{channel_id}.svg", CHANNEL_PICTURE_SIZES)

    def video_pictures(self, video_id: str) -> Resource:
        return self._pictures(f"world/pictures/video/{video_id}.svg", VIDEO_PICTURE_SIZES)

    def _pictures(self, path: str, sizes: Mapping[str, tuple[int, int]]) -> Resource:
        url = self._base + path
        return {name: {"url": url, "width": width, "height": height} for name, (width, height) in sizes.items()}

    def _owner(self, video: Video) -> Creator:
        return self._world.creator(video.channel_id)

    def _channel_snippet(self, creator: Creator) -> Resource:
        snippet: Resource = {
            "title": creator.name,
            "description": creator.description,
            "customUrl": f"@{creator.handle}",
            "publishedAt": instant(creator.created_at),
            "thumbnails": self.channel_pictures(creator.channel_id),
            "localized": {"title": creator.name, "description": creator.description},
        }
        return snippet | ({"country": creator.country} if creator.country else {})

    def _channel_statistics(self, creator: Creator) -> Resource:
        counters: Resource = {"viewCount": str(self._world.total_views(creator.channel_id))}
        if not creator.subscribers_hidden:
            counters["subscriberCount"] = str(rounded_subscribers(self._world.subscribers(creator.channel_id)))
        counters["hiddenSubscriberCount"] = creator.subscribers_hidden
        counters["videoCount"] = str(self._world.video_count(creator.channel_id))
        return counters

    def _branding(self, creator: Creator) -> Resource:
        keywords = " ".join(f'"{topic}"' if " " in topic else topic for topic in creator.topics)
        channel: Resource = {"title": creator.name, "description": creator.description, "keywords": keywords}
        return {"channel": channel | ({"country": creator.country} if creator.country else {})}

    def _video_snippet(self, video: Video) -> Resource:
        return {
            "publishedAt": instant(video.published_at),
            "channelId": video.channel_id,
            "title": video.title,
            "description": video.description,
            "thumbnails": self.video_pictures(video.video_id),
            "channelTitle": self._owner(video).name,
            "tags": list(video.tags),
            "categoryId": video.category_id,
            "liveBroadcastContent": "live" if video.is_live else "none",
            "defaultLanguage": video.language,
            "localized": {"title": video.title, "description": video.description},
            "defaultAudioLanguage": video.language,
        }

    def _video_statistics(self, video: Video) -> Resource:
        counters = self._world.statistics(video.video_id)
        return {
            "viewCount": str(counters.views),
            "likeCount": str(counters.likes),
            "favoriteCount": "0",
            "commentCount": str(counters.comments),
        }


def _video_content_details(video: Video) -> Resource:
    return {
        "duration": iso_duration(video.duration_seconds),
        "dimension": "2d",
        "definition": "hd",
        "caption": "false",
        "licensedContent": True,
        "contentRating": {},
        "projection": "rectangular",
    }


def _resource(
    kind: str,
    identity: str,
    subject: Subject,
    parts: Collection[str],
    drawers: Mapping[str, Callable[[Subject], Resource]],
) -> Resource:
    return _tagged(kind, identity, {name: draw(subject) for name, draw in drawers.items() if name in parts})


def _tagged(kind: str, identity: str | Resource, drawn: Resource) -> Resource:
    content = {"id": identity, **drawn}
    return {"kind": kind, "etag": entity_tag(content), **content}

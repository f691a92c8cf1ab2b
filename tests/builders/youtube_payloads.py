"""What YouTube answers, in the shapes of its discovery document (revision 20261104)."""

from typing import Any

CHANNELS = "youtube#channelListResponse"
UPLOADS = "youtube#playlistItemListResponse"
VIDEOS = "youtube#videoListResponse"
STATISTICS = "youtube#batchGetStatsResponse"
SEARCH = "youtube#searchListResponse"
SUBSCRIPTIONS = "youtube#subscriptionListResponse"
SECTIONS = "youtube#channelSectionListResponse"


def channel(channel_id: str = "UC_ada", **statistics: Any) -> dict[str, Any]:
    return {
        "kind": "youtube#channel",
        "etag": "e",
        "id": channel_id,
        "snippet": {
            "title": "Ada plays",
            "description": "Mail: ada@creators.example",
            "customUrl": "@adaplays",
            "publishedAt": "2015-03-01T10:00:00Z",
            "thumbnails": {"default": {"url": "https://yt3.example/ada.jpg", "width": 88, "height": 88}},
            "country": "DE",
            "defaultLanguage": "de",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": "UU_ada"}},
        "statistics": {
            "viewCount": "9000000",
            "subscriberCount": "123000",
            "hiddenSubscriberCount": False,
            "videoCount": "250",
            **statistics,
        },
        "topicDetails": {"topicCategories": ["https://en.wikipedia.org/wiki/Video_game_culture"]},
        "brandingSettings": {"channel": {"title": "Ada plays", "keywords": "games android", "country": "DE"}},
    }


def upload(video_id: str = "v1", **snippet: Any) -> dict[str, Any]:
    return {
        "snippet": {
            "publishedAt": "2026-10-01T09:00:00Z",
            "channelId": "UC_ada",
            "title": "A new game",
            "description": "Thanks to @bob",
            "resourceId": {"kind": "youtube#video", "videoId": video_id},
            "videoOwnerChannelId": "UC_ada",
            **snippet,
        },
        "contentDetails": {"videoId": video_id, "videoPublishedAt": "2026-10-01T08:00:00Z"},
    }


def video(video_id: str = "v1", **snippet: Any) -> dict[str, Any]:
    return {
        "id": video_id,
        "snippet": {
            "publishedAt": "2026-10-01T08:00:00Z",
            "channelId": "UC_ada",
            "title": "A new game",
            "description": "",
            "tags": ["game", "android"],
            "defaultAudioLanguage": "de",
            "liveBroadcastContent": "none",
            **snippet,
        },
        "contentDetails": {"duration": "PT10M1S"},
        "paidProductPlacementDetails": {"hasPaidProductPlacement": True},
    }


def statistics(video_id: str = "v1", **counters: Any) -> dict[str, Any]:
    return {
        "kind": "youtube#videoStats",
        "id": video_id,
        "snippet": {"publishTime": "2026-10-01T08:00:00Z"},
        "contentDetails": {"duration": "601s"},
        "statistics": {"viewCount": "1500", "likeCount": "70", "commentCount": "9", **counters},
    }


def subscription(target: str, source: str = "UC_ada") -> dict[str, Any]:
    return {
        "snippet": {
            "publishedAt": "2024-05-01T00:00:00Z",
            "title": f"Channel {target}",
            "resourceId": {"kind": "youtube#channel", "channelId": target},
            "channelId": source,
        }
    }


def found(channel_id: str) -> dict[str, Any]:
    return {"kind": "youtube#searchResult", "id": {"kind": "youtube#channel", "channelId": channel_id}}


def section(kind: str, *channels: str) -> dict[str, Any]:
    details = {"contentDetails": {"channels": list(channels)}} if channels else {}
    return {"id": "s1", "snippet": {"type": kind, "channelId": "UC_ada", "position": 0}, **details}


def page(kind: str, *items: Any, **more: Any) -> dict[str, Any]:
    """A list answer; without items the field is left out, as YouTube does."""
    return {"kind": kind, **({"items": list(items)} if items else {}), **more}

"""Fields that the platforms always send, which their discovery documents do not say.

Kept by hand from the reference pages of the YouTube Data API, the Gmail API and the Analytics Data API. A field that
belongs to a part is required inside the part; the part itself depends on the request.
"""

from collections.abc import Mapping
from typing import Any

LISTING = ("kind", "etag", "pageInfo")
RESOURCE = ("kind", "etag", "id")

REQUIRED_FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "youtube.v3": {
        "PageInfo": ("totalResults", "resultsPerPage"),
        "ResourceId": ("kind",),
        "Thumbnail": ("url",),
        "ThumbnailDetails": ("default",),
        "ChannelListResponse": LISTING,
        "Channel": RESOURCE,
        "ChannelSnippet": ("title", "description", "publishedAt", "thumbnails", "localized"),
        "ChannelStatistics": ("viewCount", "hiddenSubscriberCount", "videoCount"),
        "ChannelContentDetails": ("relatedPlaylists",),
        "PlaylistItemListResponse": (*LISTING, "items"),
        "PlaylistItem": RESOURCE,
        "PlaylistItemSnippet": (
            "publishedAt",
            "channelId",
            "title",
            "description",
            "thumbnails",
            "channelTitle",
            "playlistId",
            "position",
            "resourceId",
        ),
        "PlaylistItemContentDetails": ("videoId", "videoPublishedAt"),
        "VideoListResponse": (*LISTING, "items"),
        "Video": RESOURCE,
        "VideoSnippet": (
            "publishedAt",
            "channelId",
            "title",
            "description",
            "thumbnails",
            "channelTitle",
            "categoryId",
            "liveBroadcastContent",
            "localized",
        ),
        "VideoStatistics": ("viewCount", "favoriteCount"),
        "VideoContentDetails": ("duration", "dimension", "definition", "caption", "licensedContent", "projection"),
        "VideoStatus": ("uploadStatus", "privacyStatus", "license", "embeddable", "publicStatsViewable", "madeForKids"),
        "VideoPaidProductPlacementDetails": ("hasPaidProductPlacement",),
        "BatchGetStatsResponse": ("kind", "etag", "items"),
        "VideoStat": RESOURCE,
        "VideoStatsSnippet": ("publishTime",),
        "VideoStatsStatistics": ("viewCount",),
        "VideoStatsContentDetails": ("duration",),
        "CommentThreadListResponse": (*LISTING, "items"),
        "CommentThread": RESOURCE,
        "CommentThreadSnippet": (
            "channelId",
            "videoId",
            "topLevelComment",
            "canReply",
            "totalReplyCount",
            "isPublic",
        ),
        "Comment": RESOURCE,
        "CommentSnippet": (
            "textDisplay",
            "textOriginal",
            "authorDisplayName",
            "authorProfileImageUrl",
            "authorChannelUrl",
            "authorChannelId",
            "canRate",
            "viewerRating",
            "likeCount",
            "publishedAt",
            "updatedAt",
        ),
        "CommentSnippetAuthorChannelId": ("value",),
        "SearchListResponse": (*LISTING, "items"),
        "SearchResult": RESOURCE,
        "SearchResultSnippet": (
            "publishedAt",
            "channelId",
            "title",
            "description",
            "thumbnails",
            "channelTitle",
            "liveBroadcastContent",
        ),
        "SubscriptionListResponse": (*LISTING, "items"),
        "Subscription": RESOURCE,
        "SubscriptionSnippet": ("publishedAt", "title", "description", "resourceId", "channelId", "thumbnails"),
        "ChannelSectionListResponse": ("kind", "etag", "items"),
        "ChannelSection": RESOURCE,
        "ChannelSectionSnippet": ("type", "channelId", "position"),
    },
    "gmail.v1": {
        "ListMessagesResponse": ("resultSizeEstimate",),
        "Message": ("id", "threadId"),
        "MessagePartHeader": ("name", "value"),
        "MessagePart": ("mimeType", "headers"),
        "MessagePartBody": ("size",),
        "Profile": ("emailAddress", "messagesTotal", "threadsTotal", "historyId"),
    },
    "analyticsdata.v1beta": {
        "RunReportResponse": ("dimensionHeaders", "metricHeaders", "rowCount", "metadata", "kind"),
        "Row": ("dimensionValues", "metricValues"),
        "MetricHeader": ("name", "type"),
        "DimensionHeader": ("name",),
        "ResponseMetaData": ("currencyCode", "timeZone"),
        "PropertyQuota": ("tokensPerDay", "tokensPerHour", "concurrentRequests"),
    },
}

RULES: Mapping[str, Mapping[str, Any]] = {
    # A hidden count is left out, not zero; a shown one is always there.
    "ChannelStatistics": {
        "if": {"properties": {"hiddenSubscriberCount": {"const": True}}},
        "then": {"not": {"required": ["subscriberCount"]}},
        "else": {"required": ["subscriberCount"]},
    },
}
"""JSON Schema keywords added to a named schema, for what holds between fields."""

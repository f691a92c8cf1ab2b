"""What YouTube tells, as exact types. A hidden or missing counter is None, never 0."""

import re
from dataclasses import dataclass
from datetime import datetime

from mardev.connectors.reading import (
    FieldMissing,
    Item,
    counter,
    find,
    flag,
    instant,
    optional_instant,
    optional_text,
    text,
    texts,
)
from mardev.connectors.youtube.limits import view_definition_at
from mardev.errors import RecordMalformed

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
_SECONDS = re.compile(r"(\d+)(?:\.\d+)?s")
_THUMBNAILS = ("medium", "high", "default")


@dataclass(frozen=True)
class ChannelRecord:
    """A channel as it stood at `observed_at`.

    Attributes:
        subscribers: rounded down by YouTube to three digits; None when the channel hides it.
        total_views, video_count: None when not told.
        topic_categories: addresses of Wikipedia articles.
    """

    channel_id: str
    title: str
    description: str
    handle: str | None
    country: str | None
    language: str | None
    published_at: datetime | None
    picture_url: str | None
    uploads_playlist: str | None
    subscribers: int | None
    subscribers_hidden: bool
    total_views: int | None
    video_count: int | None
    topic_categories: tuple[str, ...]
    keywords: str | None
    observed_at: datetime


@dataclass(frozen=True)
class VideoRecord:
    """A video. A list of uploads tells no duration, tags, language or paid promotion: None there, tags empty."""

    video_id: str
    channel_id: str
    title: str
    description: str
    published_at: datetime
    observed_at: datetime
    duration_seconds: int | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    is_paid_promotion: bool | None = None
    live_state: str | None = None

    @property
    def url(self) -> str:
        """Address of the watch page on the real platform."""
        return f"https://www.youtube.com/watch?v={self.video_id}"


@dataclass(frozen=True)
class StatisticsRecord:
    """Counters of a video at `observed_at`; None when the video hides one. `view_definition`: see `limits`."""

    video_id: str
    views: int | None
    likes: int | None
    comments: int | None
    published_at: datetime | None
    duration_seconds: int | None
    view_definition: str
    observed_at: datetime


@dataclass(frozen=True)
class SubscriptionRecord:
    """`channel_id` subscribes to `target_channel_id` since `subscribed_at`."""

    channel_id: str
    target_channel_id: str
    target_title: str
    subscribed_at: datetime | None
    observed_at: datetime


def read_channel(item: Item, observed_at: datetime) -> ChannelRecord:
    """One item of `channels.list`.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    hidden = flag(item, "statistics.hiddenSubscriberCount")
    if hidden is None:
        raise FieldMissing("statistics.hiddenSubscriberCount is missing")
    return ChannelRecord(
        channel_id=text(item, "id"),
        title=text(item, "snippet.title"),
        description=optional_text(item, "snippet.description") or "",
        handle=optional_text(item, "snippet.customUrl"),
        country=_country(item),
        language=optional_text(item, "snippet.defaultLanguage")
        or optional_text(item, "brandingSettings.channel.defaultLanguage"),
        published_at=optional_instant(item, "snippet.publishedAt"),
        picture_url=_picture(item),
        uploads_playlist=optional_text(item, "contentDetails.relatedPlaylists.uploads"),
        subscribers=None if hidden else counter(item, "statistics.subscriberCount"),
        subscribers_hidden=hidden,
        total_views=counter(item, "statistics.viewCount"),
        video_count=counter(item, "statistics.videoCount"),
        topic_categories=texts(item, "topicDetails.topicCategories"),
        keywords=optional_text(item, "brandingSettings.channel.keywords"),
        observed_at=observed_at,
    )


def read_upload(item: Item, observed_at: datetime) -> VideoRecord:
    """One item of `playlistItems.list` of an uploads playlist.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    return VideoRecord(
        video_id=optional_text(item, "contentDetails.videoId") or text(item, "snippet.resourceId.videoId"),
        channel_id=optional_text(item, "snippet.videoOwnerChannelId") or text(item, "snippet.channelId"),
        title=text(item, "snippet.title"),
        description=optional_text(item, "snippet.description") or "",
        published_at=optional_instant(item, "contentDetails.videoPublishedAt") or instant(item, "snippet.publishedAt"),
        observed_at=observed_at,
    )


def read_video(item: Item, observed_at: datetime) -> VideoRecord:
    """One item of `videos.list`.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    return VideoRecord(
        video_id=text(item, "id"),
        channel_id=text(item, "snippet.channelId"),
        title=text(item, "snippet.title"),
        description=optional_text(item, "snippet.description") or "",
        published_at=instant(item, "snippet.publishedAt"),
        observed_at=observed_at,
        duration_seconds=duration_seconds(optional_text(item, "contentDetails.duration")),
        tags=texts(item, "snippet.tags"),
        language=optional_text(item, "snippet.defaultAudioLanguage") or optional_text(item, "snippet.defaultLanguage"),
        is_paid_promotion=flag(item, "paidProductPlacementDetails.hasPaidProductPlacement"),
        live_state=optional_text(item, "snippet.liveBroadcastContent"),
    )


def read_statistics(item: Item, observed_at: datetime) -> StatisticsRecord:
    """One item of `videos.batchGetStats`.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    if find(item, "statistics") is None:
        raise FieldMissing("statistics is missing")
    return StatisticsRecord(
        video_id=text(item, "id"),
        views=counter(item, "statistics.viewCount"),
        likes=counter(item, "statistics.likeCount"),
        comments=counter(item, "statistics.commentCount"),
        published_at=optional_instant(item, "snippet.publishTime"),
        duration_seconds=duration_seconds(optional_text(item, "contentDetails.duration")),
        view_definition=view_definition_at(observed_at),
        observed_at=observed_at,
    )


def read_subscription(item: Item, observed_at: datetime) -> SubscriptionRecord:
    """One item of `subscriptions.list`.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    return SubscriptionRecord(
        channel_id=text(item, "snippet.channelId"),
        target_channel_id=text(item, "snippet.resourceId.channelId"),
        target_title=optional_text(item, "snippet.title") or "",
        subscribed_at=optional_instant(item, "snippet.publishedAt"),
        observed_at=observed_at,
    )


def read_featured(item: Item) -> tuple[str, ...]:
    """Channel ids that one item of `channelSections.list` features; empty for the other kinds of section.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    # The reference writes the type in lower case, the discovery document does not.
    if text(item, "snippet.type").lower() != "multiplechannels":
        return ()
    return texts(item, "contentDetails.channels")


def duration_seconds(value: str | None) -> int | None:
    """Length of a video, from ISO 8601 (`videos.list`) or seconds (`videos.batchGetStats`); None when not told.

    Raises:
        RecordMalformed: neither of the two.

    Examples:
        >>> duration_seconds("PT1H2M3S"), duration_seconds("601s"), duration_seconds(None)
        (3723, 601, None)
    """
    if value is None:
        return None
    if match := _SECONDS.fullmatch(value):
        return int(match[1])
    match = _DURATION.fullmatch(value)
    if match is None or value in ("P", "PT"):
        raise RecordMalformed("contentDetails.duration is not a duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds


def _country(item: Item) -> str | None:
    country = optional_text(item, "snippet.country") or optional_text(item, "brandingSettings.channel.country")
    if country is not None and not re.fullmatch(r"[A-Za-z]{2}", country):
        raise RecordMalformed("snippet.country is not a country code")
    return country.upper() if country else None


def _picture(item: Item) -> str | None:
    addresses = (optional_text(item, f"snippet.thumbnails.{size}.url") for size in _THUMBNAILS)
    return next((address for address in addresses if address), None)

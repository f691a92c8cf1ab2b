"""YouTube in the shape of every platform."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from mardev.connectors.google import GOOGLE_DIALECT, api_key
from mardev.connectors.pace import Pace
from mardev.connectors.platform import (
    Account,
    Capabilities,
    Edges,
    Endorsed,
    EndorsementList,
    MakePipeline,
    OpenPlatform,
    PlatformKind,
    PostCounters,
    Published,
    StepCost,
)
from mardev.connectors.reading import OnMalformed
from mardev.connectors.youtube import limits
from mardev.connectors.youtube.client import YouTube
from mardev.connectors.youtube.points import channel_point, is_channel_id
from mardev.connectors.youtube.records import ChannelRecord
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import EdgeKind
from mardev.errors import CredentialRejected

SUBSCRIPTIONS = EndorsementList("subscriptions", EdgeKind.SUBSCRIBES, "public subscription list")
FEATURED = EndorsementList("featured", EdgeKind.FEATURES, "featured on the channel page")

CAPABILITIES = Capabilities(
    platform=limits.API,
    title="YouTube",
    edges=Edges.PARTIAL,
    edge_kinds=(EdgeKind.SUBSCRIBES, EdgeKind.FEATURES, EdgeKind.MENTIONS),
    has_views=True,
    can_search=True,
    hidden="Most channels hide whom they subscribe to; some hide how many subscribe to them.",
    limits="10,000 units a day, 100 searches a day, and 10,000 calls a day for counters of posts.",
    tells_country=True,
    searches_by_market=True,
    views_come_apart=True,
    posts_need_address=True,
)

COSTS = (
    StepCost("search", limits.SEARCH_BUCKET),
    StepCost("handle"),
    StepCost("channel", items_per_call=limits.MAX_IDS_PER_CALL),
    StepCost("subscriptions", calls_per_item=limits.PAGES_PER_SUBSCRIPTION_LIST),
    StepCost("featured"),
    StepCost("uploads"),
    StepCost("statistics", limits.STATISTICS_BUCKET, items_per_call=limits.MAX_IDS_PER_CALL),
)


class YouTubePlatform:
    """Turns the client's records into those of every platform."""

    def __init__(self, client: YouTube) -> None:
        self._client = client

    def __enter__(self) -> "YouTubePlatform":
        return self

    def __exit__(self, *_raised: object) -> None:
        self._client.close()

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def lists(self) -> Sequence[EndorsementList]:
        return (SUBSCRIPTIONS, FEATURED)

    def remaining_units(self, bucket: str = "default") -> int | None:
        return self._client.remaining_units(bucket)

    def limit_units(self, bucket: str = "default") -> int | None:
        return self._client.limit_units(bucket)

    def share_units(self, bucket: str = "default") -> int | None:
        return self._client.share_units(bucket)

    def accounts(self, external_ids: Sequence[str]) -> Iterator[Account]:
        return map(_account, self._client.channels(external_ids))

    def accounts_of_handle(self, handle: str) -> Iterator[Account]:
        return map(_account, self._client.channels_for_handle(handle))

    def search(self, words: str, market: str, most: int) -> Iterator[str]:
        return iter(self._client.search_channels(words, region=market or None, max_results=most))

    def endorsed(self, step: str, external_id: str) -> Iterator[Endorsed]:
        if step == FEATURED.step:
            return map(Endorsed, self._client.featured_channels(external_id))
        return (Endorsed(one.target_channel_id, one.subscribed_at) for one in self._client.subscriptions(external_id))

    def posts(self, external_id: str, posts_at: str | None, most: int) -> Iterator[Published]:  # noqa: ARG002  # a protocol
        for video in self._client.uploads(posts_at or "", max_results=most):
            yield Published(video.video_id, video.title, video.description, video.published_at)

    def counters(self, post_ids: Sequence[str]) -> Iterator[PostCounters]:
        told = self._client.statistics(post_ids)
        return (PostCounters(one.video_id, one.views, one.likes, one.comments) for one in told)


def open_youtube(
    make: MakePipeline, record: ConnectionRecord, now: Callable[[], datetime], on_malformed: OnMalformed
) -> OpenPlatform:
    """YouTube with the API key of its connection.

    Raises:
        CredentialRejected: the connection has no API key.
    """
    if not record.password:
        raise CredentialRejected(f"Connection {record.name} has no password (the API key).")
    pipeline = make(
        auth=api_key(record.password),
        dialect=GOOGLE_DIALECT,
        pace=Pace(limits.REQUESTS_PER_SECOND, limits.BURST_REQUESTS),
    )
    return YouTubePlatform(YouTube(pipeline, record, now, on_malformed=on_malformed))


def _account(channel: ChannelRecord) -> Account:
    return Account(
        external_id=channel.channel_id,
        handle=channel.handle,
        title=channel.title,
        description=channel.description,
        country=channel.country,
        language=channel.language,
        topics=tuple(address.rsplit("/", 1)[-1].replace("_", " ") for address in channel.topic_categories),
        picture_url=channel.picture_url,
        posts_at=channel.uploads_playlist,
        created_at=channel.published_at,
        subscribers=channel.subscribers,
        subscribers_hidden=channel.subscribers_hidden,
        total_views=channel.total_views,
        post_count=channel.video_count,
        observed_at=channel.observed_at,
    )


PLATFORM = PlatformKind(
    name=limits.API,
    connection="mardev_youtube",
    capabilities=CAPABILITIES,
    lists=(SUBSCRIPTIONS, FEATURED),
    point=channel_point,
    is_id=is_channel_id,
    costs=COSTS,
    view_definition_at=limits.view_definition_at,
    bucket_limits=limits.bucket_limits,
    open=open_youtube,
)

"""Read-only client for YouTube Data API v3 with an API key."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from mardev.connectors.client import PipelineClient
from mardev.connectors.errors import AccessHidden, NotThere, SubscriptionsHidden
from mardev.connectors.google import PipelineTransport, build_service
from mardev.connectors.http import RequestPipeline
from mardev.connectors.paging import pages
from mardev.connectors.reading import OnMalformed, Record, log_malformed, read_each, text
from mardev.connectors.youtube import records
from mardev.connectors.youtube.limits import MAX_IDS_PER_CALL, MAX_PAGE_SIZE, cost_of, operation_of
from mardev.connectors.youtube.records import ChannelRecord, StatisticsRecord, SubscriptionRecord, VideoRecord
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken

CHANNEL_PARTS = "snippet,statistics,contentDetails,topicDetails,brandingSettings"
CHANNEL_FIELDS = (
    "kind,items(id,snippet(title,description,customUrl,country,defaultLanguage,publishedAt,thumbnails),statistics,"
    "contentDetails/relatedPlaylists/uploads,topicDetails/topicCategories,"
    "brandingSettings/channel(country,keywords,defaultLanguage))"
)
UPLOAD_FIELDS = (
    "kind,nextPageToken,items(snippet(title,description,publishedAt,channelId,videoOwnerChannelId,resourceId),"
    "contentDetails)"
)
VIDEO_FIELDS = (
    "kind,items(id,snippet(channelId,title,description,publishedAt,tags,defaultLanguage,defaultAudioLanguage,"
    "liveBroadcastContent),contentDetails/duration,paidProductPlacementDetails)"
)
SUBSCRIPTION_FIELDS = "kind,nextPageToken,items/snippet(channelId,title,publishedAt,resourceId)"


class YouTube(PipelineClient):
    """Public data of channels and videos. Safe to share between the threads of one task.

    Every method raises, beside what its own docstring names:
        QuotaExhausted: the day's quota is spent; carries when it resets.
        CredentialRejected: the API key is missing, wrong or restricted.
        TransportFailed: no answer, a 5xx answer or a broken body.
        ContractBroken: an answer lacks what the API documents, or repeats a page token.

    A record that cannot be read is handed to `on_malformed` and left out.
    """

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        super().__init__(pipeline)
        self._now = now
        self._on_malformed = on_malformed
        self._service = build_service("youtube", "v3", record.host, PipelineTransport(pipeline, cost_of, operation_of))

    def channels(self, channel_ids: Sequence[str]) -> Iterator[ChannelRecord]:
        """Yield each channel that still exists. 1 unit for each 50 ids.

        Terminated channels are absent from the answer, so fewer records than ids is normal.
        """
        for ids in _batches(channel_ids):
            page = self._get(
                self._service.channels.list(
                    part=CHANNEL_PARTS, id=",".join(ids), maxResults=MAX_PAGE_SIZE, fields=CHANNEL_FIELDS
                ),
                "youtube#channelListResponse",
            )
            yield from self._read(page, records.read_channel, "channels.list")

    def channels_for_handle(self, handle: str) -> Iterator[ChannelRecord]:
        """Yield the channel behind a handle (``@name``), or nothing when there is none. 1 unit."""
        request = self._service.channels.list(
            part=CHANNEL_PARTS, forHandle="@" + handle.strip().lstrip("@"), fields=CHANNEL_FIELDS
        )
        page = self._get(request, "youtube#channelListResponse")
        yield from self._read(page, records.read_channel, "channels.list")

    def search_channels(
        self, query: str, region: str | None = None, language: str | None = None, max_results: int = MAX_PAGE_SIZE
    ) -> Iterator[str]:
        """Yield ids of channels that fit plain words, best first, no id twice. 1 call of the search bucket for each 50.

        Args:
            query: plain words.
            region: market, two letters; results that can be watched there.
            language: two letters; results that fit it come first, others are not left out.
            max_results: channels wanted at most.
        """
        options = {"regionCode": region, "relevanceLanguage": language}
        given = {name: value for name, value in options.items() if value}

        def found() -> Iterator[str]:
            seen: set[str] = set()
            for page in self._pages(
                lambda token: self._service.search.list(
                    part="snippet",
                    q=query,
                    type="channel",
                    maxResults=min(max_results, MAX_PAGE_SIZE),
                    pageToken=token,
                    fields="kind,nextPageToken,items/id",
                    **given,
                ),
                "search.list",
                "youtube#searchListResponse",
            ):
                for one in self._read(page, lambda item, _at: text(item, "id.channelId"), "search.list"):
                    if one not in seen:
                        seen.add(one)
                        yield one

        return islice(found(), max_results)

    def uploads(self, playlist_id: str, max_results: int = MAX_PAGE_SIZE) -> Iterator[VideoRecord]:
        """Yield the newest videos of an uploads playlist, newest first. 1 unit for each 50.

        Raises:
            NotThere: no such playlist (a channel without videos may have none).
        """
        wanted = min(max_results, MAX_PAGE_SIZE)

        def found() -> Iterator[VideoRecord]:
            for page in self._pages(
                lambda token: self._service.playlistItems.list(
                    part="snippet,contentDetails",
                    playlistId=playlist_id,
                    maxResults=wanted,
                    pageToken=token,
                    fields=UPLOAD_FIELDS,
                ),
                "playlistItems.list",
                "youtube#playlistItemListResponse",
            ):
                yield from self._read(page, records.read_upload, "playlistItems.list")

        return islice(found(), max_results)

    def videos(self, video_ids: Sequence[str]) -> Iterator[VideoRecord]:
        """Yield the details of each video that is public. 1 unit for each 50 ids."""
        for ids in _batches(video_ids):
            request = self._service.videos.list(
                part="snippet,contentDetails,paidProductPlacementDetails",
                id=",".join(ids),
                maxResults=MAX_PAGE_SIZE,
                fields=VIDEO_FIELDS,
            )
            page = self._get(request, "youtube#videoListResponse")
            yield from self._read(page, records.read_video, "videos.list")

    def statistics(self, video_ids: Sequence[str]) -> Iterator[StatisticsRecord]:
        """Yield the counters of each video that is public. 1 unit of its own bucket for each 50 ids."""
        for ids in _batches(video_ids):
            request = self._service.videos.batchGetStats(part="snippet,statistics,contentDetails", id=list(ids))
            page = self._get(request, "youtube#batchGetStatsResponse")
            yield from self._read(page, records.read_statistics, "videos.batchGetStats")

    def subscriptions(self, channel_id: str) -> Iterator[SubscriptionRecord]:
        """Yield whom a channel subscribes to. 1 unit for each 50, and for the refusal.

        Raises:
            SubscriptionsHidden: the channel does not show it; most do not.
            NotThere: no such channel.
        """
        try:
            for page in self._pages(
                lambda token: self._service.subscriptions.list(
                    part="snippet",
                    channelId=channel_id,
                    maxResults=MAX_PAGE_SIZE,
                    pageToken=token,
                    fields=SUBSCRIPTION_FIELDS,
                ),
                "subscriptions.list",
                "youtube#subscriptionListResponse",
            ):
                yield from self._read(page, records.read_subscription, "subscriptions.list")
        except AccessHidden as refusal:
            raise SubscriptionsHidden(str(refusal)) from None

    def featured_channels(self, channel_id: str) -> Iterator[str]:
        """Yield ids of the channels that a channel recommends on its own page, no id twice. 1 unit."""
        try:
            page = self._get(
                self._service.channelSections.list(part="snippet,contentDetails", channelId=channel_id),
                "youtube#channelSectionListResponse",
            )
        except NotThere:
            return
        found = self._read(page, lambda item, _at: records.read_featured(item), "channelSections.list")
        yield from dict.fromkeys(one for section in found for one in section if one != channel_id)

    def _pages(self, request: Callable[[str | None], Any], what: str, kind: str) -> Iterator[dict[str, Any]]:
        return pages(lambda token: self._get(request(token), kind), what)

    def _get(self, request: Any, kind: str) -> dict[str, Any]:
        page = request.execute(num_retries=0)
        if not isinstance(page, dict):
            raise ContractBroken(f"{kind} was promised, a JSON {type(page).__name__} came.")
        told = page.get("kind")
        if not isinstance(told, str) or told.lower() != kind.lower():
            raise ContractBroken(f"{kind} was promised, but the answer does not say that it is one. Check the host.")
        return page

    def _read(self, page: dict[str, Any], read: Callable[[Any, datetime], Record], what: str) -> Iterator[Record]:
        # "items" is left out, not empty, when nothing of what was asked for exists.
        items = page.get("items", [])
        if not isinstance(items, list):
            raise ContractBroken(f"{what}: items is not a list.")
        at = self._now()
        return read_each(items, lambda item: read(item, at), self._on_malformed, what)


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + MAX_IDS_PER_CALL] for start in range(0, len(ids), MAX_IDS_PER_CALL))

"""The list methods: checked parameters in, the body of the answer out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sandbox.model import Creator, UnknownCreator, UnknownVideo, Video
from sandbox.protocols.google.paging import window
from sandbox.protocols.google.parameters import Parameters
from sandbox.protocols.google.refusals import GoogleRefusal, invalid_parameter
from sandbox.protocols.validation import GoogleContract
from sandbox.protocols.youtube import comments, refusals
from sandbox.protocols.youtube.finding import Finder, VideoSearch
from sandbox.protocols.youtube.resources import Resource, Resources
from sandbox.world import World

Found = TypeVar("Found")
MAX_IDS = 50
OWNER_FILTERS = frozenset({"mine", "managedByMe", "mySubscribers", "myRecentSubscribers", "myRating"})
OWNER_PARTS = frozenset({"auditDetails", "fileDetails", "processingDetails", "suggestions"})
VIDEO_ONLY_FILTERS = frozenset(
    [
        "eventType",
        "videoCaption",
        "videoCategoryId",
        "videoDefinition",
        "videoDimension",
        "videoDuration",
        "videoEmbeddable",
        "videoLicense",
        "videoPaidProductPlacement",
        "videoSyndicated",
        "videoType",
        "forMine",
        "forContentOwner",
    ]
)


class Methods:
    """The methods of one world, for one request (the pictures' address depends on it)."""

    def __init__(
        self, world: World, contract: GoogleContract, finder: Finder, base: str, *, repeats_page: bool
    ) -> None:
        self._world = world
        self._contract = contract
        self._finder = finder
        self._resources = Resources(world, base)
        self._repeats_page = repeats_page
        self.table: Mapping[str, Callable[[Parameters], dict[str, Any]]] = {
            "channels.list": self._channels,
            "playlistItems.list": self._playlist_items,
            "videos.list": self._videos,
            "videos.batchGetStats": self._batch_get_stats,
            "search.list": self._search,
            "subscriptions.list": self._subscriptions,
            "channelSections.list": self._channel_sections,
            "commentThreads.list": self._comment_threads,
        }

    def _channels(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("channels.list", parameters)
        chosen = _one_filter(parameters, ("id", "forHandle", "forUsername", "mine", "managedByMe", "mySubscribers"))
        if chosen == "id":
            creators = _known(self._world.creator, UnknownCreator, _ids(parameters))
        elif chosen == "forHandle":
            creators = _known(self._world.creator_by_handle, UnknownCreator, parameters.texts("forHandle")[:1])
        else:
            raise refusals.not_served(chosen)
        draw = self._resources.channel
        body = self._listing("youtube#channelListResponse", creators, parameters, lambda one, _: draw(one, parts))
        if not body["items"]:
            del body["items"]  # this method leaves the field out when nothing was found
        return body

    def _playlist_items(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("playlistItems.list", parameters)
        if _one_filter(parameters, ("playlistId", "id")) == "id":
            raise refusals.not_served("id")
        playlist = parameters.text("playlistId") or ""
        creator = self._creator_or("UC" + playlist[2:], refusals.playlist_not_found())
        videos = self._world.videos(creator.channel_id)
        if playlist != creator.uploads_playlist or not videos:
            raise refusals.playlist_not_found()
        return self._listing(
            "youtube#playlistItemListResponse",
            videos,
            parameters,
            lambda one, position: self._resources.playlist_item(creator, one, position, parts),
        )

    def _videos(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("videos.list", parameters)
        chosen = _one_filter(parameters, ("id", "chart", "myRating"))
        if chosen != "id":
            raise refusals.not_served(chosen)
        videos = _known(self._world.video, UnknownVideo, _ids(parameters))
        return {
            "kind": "youtube#videoListResponse",
            "items": [self._resources.video(one, parts) for one in videos],
            "pageInfo": {"totalResults": len(videos), "resultsPerPage": len(videos)},
        }

    def _batch_get_stats(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("videos.batchGetStats", parameters)
        videos = _known(self._world.video, UnknownVideo, _ids(parameters))
        items = [self._resources.video_stat(one, parts) for one in videos]
        return {"kind": "youtube#batchGetStatsResponse", "items": items}

    def _search(self, parameters: Parameters) -> dict[str, Any]:
        self._parts("search.list", parameters)
        kinds = set(parameters.texts("type")) or {"video", "channel", "playlist"}
        _check_search(parameters, kinds)
        words = parameters.text("q") or ""
        region, language = parameters.text("regionCode"), parameters.text("relevanceLanguage")
        found: list[Creator | Video] = []
        if "channel" in kinds and parameters.text("channelId") is None:
            found += self._finder.channels(words, region, language)
        if "video" in kinds:
            found += self._finder.videos(_video_search(parameters, words, region, language))
        body = self._listing("youtube#searchListResponse", found, parameters, self._found)
        return {**body, "regionCode": region or "US"}

    def _subscriptions(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("subscriptions.list", parameters)
        chosen = _one_filter(parameters, ("channelId", "id", "mine", "myRecentSubscribers", "mySubscribers"))
        if chosen != "channelId":
            raise refusals.not_served(chosen)
        creator = self._creator_or(parameters.text("channelId") or "", refusals.subscriber_not_found())
        if creator.subscriptions_hidden:
            raise refusals.subscriptions_hidden()
        followed = self._world.subscriptions(creator.channel_id)
        if wanted := set(parameters.texts("forChannelId")):
            followed = [one for one in followed if one.channel_id in wanted]
        if parameters.text("order") == "alphabetical":
            followed = sorted(followed, key=lambda one: self._world.creator(one.channel_id).name.casefold())
        return self._listing(
            "youtube#subscriptionListResponse",
            followed,
            parameters,
            lambda one, _: self._resources.subscription(creator, one, parts),
        )

    def _channel_sections(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("channelSections.list", parameters)
        chosen = _one_filter(parameters, ("channelId", "id", "mine"))
        if chosen != "channelId":
            raise refusals.not_served(chosen)
        creator = self._creator_or(parameters.text("channelId") or "", refusals.channel_not_found())
        items = [self._resources.section(creator, 0, "recentUploads", "", (), parts)]
        if featured := self._world.featured_channels(creator.channel_id):
            title = f"{creator.name} +"
            items.append(self._resources.section(creator, 1, "multipleChannels", title, featured, parts))
        return {"kind": "youtube#channelSectionListResponse", "items": items}

    def _comment_threads(self, parameters: Parameters) -> dict[str, Any]:
        parts = self._parts("commentThreads.list", parameters)
        chosen = _one_filter(parameters, ("videoId", "allThreadsRelatedToChannelId", "channelId", "id"))
        if chosen != "videoId":
            raise refusals.not_served(chosen)
        identity = parameters.text("videoId") or ""
        try:
            video, count = self._world.video(identity), self._world.statistics(identity).comments
        except UnknownVideo:
            raise refusals.video_not_found() from None
        is_html = parameters.text("textFormat") != "plainText"

        def draw(place: int, _position: int) -> Resource:
            return comments.thread(video, self._world.comment(identity, place), parts, is_html=is_html)

        body = self._listing("youtube#commentThreadListResponse", list(range(count))[::-1], parameters, draw)
        body["pageInfo"]["totalResults"] = len(body["items"])
        body.pop("prevPageToken", None)  # this method leads forward only
        return body

    def _found(self, one: Creator | Video, _position: int) -> Resource:
        return self._resources.found_channel(one) if isinstance(one, Creator) else self._resources.found_video(one)

    def _listing(
        self, kind: str, items: "list[Found]", parameters: Parameters, draw: Callable[[Found, int], Resource]
    ) -> dict[str, Any]:
        page = window(
            items,
            query=kind + "\n" + "\n".join(parameters.identity()),
            token=parameters.text("pageToken"),
            size=parameters.number("maxResults"),
            repeats=self._repeats_page,
        )
        drawn = [draw(one, page.start + offset) for offset, one in enumerate(page.items)]
        return {"kind": kind, **page.envelope(), "items": drawn}

    def _parts(self, method_id: str, parameters: Parameters) -> frozenset[str]:
        known = self._contract.parts(method_id)
        asked = parameters.texts("part") or sorted(known)
        for part in asked:
            if part not in known:
                raise refusals.unknown_part(part)
            if part in OWNER_PARTS:
                raise refusals.part_of_owner(part)
        return frozenset(asked)

    def _creator_or(self, channel_id: str, refusal: GoogleRefusal) -> Creator:
        try:
            return self._world.creator(channel_id)
        except UnknownCreator:
            raise refusal from None


def _known(find: Callable[[str], Found], unknown: type[Exception], names: Iterable[str]) -> list[Found]:
    """What exists of the asked names, in their order, each once."""
    found = []
    for name in dict.fromkeys(names):
        try:
            found.append(find(name))
        except unknown:
            continue
    return found


def _ids(parameters: Parameters) -> list[str]:
    ids = parameters.texts("id")
    if not ids:
        raise refusals.no_filter(("id",))
    if len(ids) > MAX_IDS:
        raise refusals.too_many_ids()
    return ids


def _one_filter(parameters: Parameters, names: tuple[str, ...]) -> str:
    given = [name for name in names if name in parameters]
    if not given:
        raise refusals.no_filter(names)
    if len(given) > 1:
        raise refusals.incompatible(given)
    if given[0] in OWNER_FILTERS:
        raise refusals.needs_owner(given[0])
    return given[0]


def _check_search(parameters: Parameters, kinds: set[str]) -> None:
    if unknown := kinds - {"video", "channel", "playlist"}:
        raise invalid_parameter("type", f"Invalid value at 'type' \"{min(unknown)[:80]}\"")
    if kinds != {"video"} and any(name in parameters for name in VIDEO_ONLY_FILTERS):
        raise refusals.invalid_search()


def _video_search(parameters: Parameters, words: str, region: str | None, language: str | None) -> VideoSearch:
    return VideoSearch(
        words=words,
        region=region,
        language=language,
        channel_id=parameters.text("channelId"),
        published_after=parameters.instant("publishedAfter"),
        published_before=parameters.instant("publishedBefore"),
        only_paid_promotion=parameters.text("videoPaidProductPlacement") == "true",
        order=parameters.text("order") or "relevance",
    )

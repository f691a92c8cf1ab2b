"""Looking into the world: what happens, channels, posts, mailboxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from sandbox.model import BRAND_MAILBOX, MARKETS, Creator, Link, SandboxError, UnknownCreator, UnknownVideo, Video
from sandbox.pages.conversations import conversations
from sandbox.pages.pictures import video_still
from sandbox.pages.render import FOLDER, HEADERS, page
from sandbox.world import World

VIDEOS_ON_CHANNEL = 48
CREATORS_ON_HOME = 12
POSTS_ON_HOME = 8
LINKS_ON_HOME = 12
CONVERSATIONS_ON_PAGE = 30
RECENT_VIDEOS = 6
BRAND_NAME = "aptovia"
STATIC_FILES = {"sandbox.css": "text/css", "aptovia.svg": "image/svg+xml"}
PICTURE_HEADERS = {**HEADERS, "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}


@dataclass(frozen=True)
class Post:
    """A video beside its channel and counters."""

    video: Video
    creator: Creator
    views: int


@dataclass(frozen=True)
class LinkUse:
    """A tracking link and how often it was followed."""

    link: Link
    visits: int
    real: int


class WorldPages:
    """The pages of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def home(self, request: Request) -> Response:
        words = request.query_params.get("q", "")[:100]
        market = request.query_params.get("market", "")
        region = market if market in MARKETS else None
        world, now = self._world, self._world.now
        found = world.search_channels(words, region=region)
        incidents = [one for one in world.incidents() if one.started_at <= now]
        return page(
            "home.html",
            now=now,
            next_event_at=world.next_event_at(),
            creators=[(one, self._followers(one)) for one in found[:CREATORS_ON_HOME]],
            found_count=len(found),
            creator_count=len(world.creators),
            words=words,
            market=market,
            markets=MARKETS,
            posts=self._campaign_posts(),
            links=self._links(),
            mailbox_count=len(world.addresses()),
            order_count=len(world.orders(since=now - timedelta(days=1))),
            incidents=sorted(incidents, key=lambda one: one.started_at, reverse=True)[:LINKS_ON_HOME],
        )

    async def channel(self, request: Request) -> Response:
        try:
            creator = self._world.creator(request.path_params["channel_id"])
        except UnknownCreator:
            return self._missing("There is no such channel")
        featured = self._world.featured_channels(creator.channel_id)
        followed = [] if creator.subscriptions_hidden else self._world.subscriptions(creator.channel_id)[:8]
        return page(
            "channel.html",
            now=self._world.now,
            creator=creator,
            followers=self._followers(creator),
            views=self._world.total_views(creator.channel_id),
            video_count=self._world.video_count(creator.channel_id),
            posts=self._posts(creator, VIDEOS_ON_CHANNEL),
            featured=[(one, self._followers(one)) for one in map(self._world.creator, featured)],
            followed=[self._world.creator(one.channel_id) for one in followed],
        )

    async def channel_by_handle(self, request: Request) -> Response:
        try:
            creator = self._world.creator_by_handle(request.path_params["handle"])
        except UnknownCreator:
            return self._missing("There is no channel of this name")
        return RedirectResponse(f"/world/channel/{creator.channel_id}", 307)

    async def video(self, request: Request) -> Response:
        try:
            video = self._world.video(request.path_params["video_id"])
        except UnknownVideo:
            return self._missing("There is no such video")
        creator = self._world.creator(video.channel_id)
        return page(
            "video.html",
            now=self._world.now,
            video=video,
            creator=creator,
            followers=self._followers(creator),
            counters=self._world.statistics(video.video_id),
            others=[post for post in self._posts(creator, RECENT_VIDEOS + 1) if post.video.video_id != video.video_id],
        )

    async def mailboxes(self, request: Request) -> Response:
        words = request.query_params.get("q", "")[:100].casefold()
        rows: list[dict[str, Any]] = []
        for address in self._world.addresses():
            creator = self._owner(address)
            name = creator.name if creator else ("The brand's team" if address == BRAND_MAILBOX else "")
            if words in f"{address} {name}".casefold():
                inbox, sent = (self._world.mailbox(address, folder) for folder in ("inbox", "sent"))
                latest = max([*inbox, *sent], key=lambda mail: mail.sequence)
                row = {"address": address, "name": name, "creator": creator, "received": len(inbox), "sent": len(sent)}
                rows.append(row | {"latest": latest})
        return page("mailboxes.html", now=self._world.now, rows=rows, words=words)

    async def mailbox(self, request: Request) -> Response:
        address = request.path_params["address"].lower()
        threads, thread_count = conversations(self._world, address, CONVERSATIONS_ON_PAGE)
        creator = self._owner(address)
        if not threads and creator is None:
            return self._missing("There is no such mailbox")
        return page(
            "mailbox.html",
            now=self._world.now,
            address=address,
            creator=creator,
            threads=threads,
            thread_count=thread_count,
        )

    async def channel_picture(self, request: Request) -> Response:
        try:
            picture = self._world.creator(request.path_params["channel_id"]).picture
        except UnknownCreator:
            return Response(status_code=404)
        return Response(picture, headers=PICTURE_HEADERS, media_type="image/svg+xml")

    async def video_picture(self, request: Request) -> Response:
        try:
            picture = video_still(self._world.video(request.path_params["video_id"]))
        except UnknownVideo:
            return Response(status_code=404)
        return Response(picture, headers=PICTURE_HEADERS, media_type="image/svg+xml")

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC_FILES:
            return Response(status_code=404)
        return FileResponse(FOLDER / "static" / name, media_type=STATIC_FILES[name])

    def _followers(self, creator: Creator) -> int | None:
        """None when the channel hides the number."""
        return None if creator.subscribers_hidden else self._world.subscribers(creator.channel_id)

    def _posts(self, creator: Creator, most: int) -> list[Post]:
        videos = self._world.videos(creator.channel_id, most)
        return [Post(video, creator, self._world.statistics(video.video_id).views) for video in videos]

    def _campaign_posts(self) -> list[Post]:
        """Newest posts about the brand, on the channels that it has written to."""
        owners = [self._owner(address) for address in self._world.addresses()]
        posts = [
            post
            for creator in owners
            if creator is not None
            for post in self._posts(creator, RECENT_VIDEOS)
            if _speaks_of_the_brand(post.video)
        ]
        return sorted(posts, key=lambda post: post.video.published_at, reverse=True)[:POSTS_ON_HOME]

    def _links(self) -> Sequence[LinkUse]:
        newest = self._world.links()[::-1][:LINKS_ON_HOME]
        uses = [(link, self._world.visits(link.slug)) for link in newest]
        return [LinkUse(link, len(visits), sum(visit.is_real for visit in visits)) for link, visits in uses]

    def _owner(self, address: str) -> Creator | None:
        try:
            return self._world.creator_by_address(address)
        except SandboxError:
            return None

    def _missing(self, title: str) -> Response:
        now: datetime = self._world.now
        return page("message.html", 404, now=now, title=title, text="It may not have been published yet.")


def _speaks_of_the_brand(video: Video) -> bool:
    return "/shlink/" in video.description or BRAND_NAME in f"{video.title}\n{video.description}".casefold()


def router(world: World) -> APIRouter:
    """Routes under ``/world``."""
    pages = WorldPages(world)
    routes = APIRouter(prefix="/world", include_in_schema=False)
    for path, endpoint in (
        ("/", pages.home),
        ("/channel/{channel_id}", pages.channel),
        ("/@{handle}", pages.channel_by_handle),
        ("/video/{video_id}", pages.video),
        ("/mailboxes", pages.mailboxes),
        ("/mailbox/{address}", pages.mailbox),
        ("/pictures/channel/{channel_id}.svg", pages.channel_picture),
        ("/pictures/video/{video_id}.svg", pages.video_picture),
        ("/static/{name}", pages.static),
    ):
        routes.add_api_route(path, endpoint, methods=["GET"])
    return routes

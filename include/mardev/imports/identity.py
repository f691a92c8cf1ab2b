"""Whose channel a link, a handle or an id names."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mardev.errors import RecordMalformed

OWN = "csv"
"""Platform of a channel that a file names by nothing but an id of its own."""
LONGEST_ID = 200
_YOUTUBE_ID = re.compile(r"UC[\w-]{22}")
_BARE_LINK = re.compile(r"(www\.|m\.)?[\w-]+\.(com|tv|app|be)/")
_YOUTUBE_LINK = re.compile(r"https://www\.youtube\.com/channel/(UC[\w-]{22})/?")
_NAME = re.compile(r"[^\s/?#&]+")
_PLATFORM = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"([a-z][a-z0-9_]*):(\S+)")
_ACCOUNT = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
HOSTS = {
    "youtube.com": "youtube", "youtu.be": "youtube", "twitch.tv": "twitch", "bsky.app": "bluesky",
    "instagram.com": "instagram", "tiktok.com": "tiktok", "x.com": "x", "twitter.com": "x",
}  # fmt: skip
PLATFORM_NAMES = {
    "yt": "youtube", "you tube": "youtube", "insta": "instagram", "ig": "instagram", "bsky": "bluesky", "twitter": "x",
    "tik tok": "tiktok",
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """A channel as a file names it.

    Attributes
    ----------
    external_id : the platform's own id; None where only a handle is known
    handle : as people write it, with the @ where the platform has one
    """

    platform: str
    external_id: str | None
    handle: str | None

    @property
    def channel_key(self) -> str:
        """The key; of a channel known by its handle only the handle in lower case."""
        return f"{self.platform}:{self.external_id or (self.handle or '').lower()}"


def platform_named(text: str) -> str:
    """The platform's word for us. Raises RecordMalformed where it could be none."""
    name = text.strip().lower()
    name = PLATFORM_NAMES.get(name, name).replace(" ", "_").replace("-", "_")
    if not _PLATFORM.fullmatch(name):
        raise RecordMalformed(f"“{text[:60]}” is no platform's name")
    return name


def identity_of(
    *, platform: str | None = None, external_id: str | None = None, handle: str | None = None, url: str | None = None
) -> Identity:
    """The channel that these cells of a line name; a link says the most, then an id, then a handle.

    Raises
    ------
    RecordMalformed
        They name none.
    """
    linked = from_text(url, platform) if url else None
    if external_id and (key := _KEY.fullmatch(external_id)):
        return Identity(key.group(1), _checked(key.group(2)), handle)
    if external_id:
        own = platform or (linked.platform if linked else None)
        if own is None and _YOUTUBE_ID.fullmatch(external_id):
            own = "youtube"
        return Identity(own or OWN, _checked(external_id), handle or (linked.handle if linked else None))
    if linked:
        return Identity(linked.platform, linked.external_id, handle or linked.handle)
    if handle:
        return from_text(handle, platform)
    raise RecordMalformed("no link, handle or id says which channel it is")


def from_text(text: str, platform: str | None = None) -> Identity:
    """The channel that one text names: a link, a handle, an account or an id.

    Raises
    ------
    RecordMalformed
        It names none, or nobody says on which platform.
    """
    text = text.strip()
    if usual := _YOUTUBE_LINK.fullmatch(text):
        return Identity("youtube", usual.group(1), None)
    if key := _KEY.fullmatch(text):
        if key.group(1) not in ("http", "https"):
            return Identity(key.group(1), _checked(key.group(2)), None)
        return _from_link(text, platform)
    if _BARE_LINK.match(text):
        return _from_link(f"https://{text}", platform)
    if _YOUTUBE_ID.fullmatch(text) and platform in (None, "youtube"):
        return Identity("youtube", text, None)
    if account := _ACCOUNT.fullmatch(text):
        if platform in (None, "mastodon"):
            return Identity(
                "mastodon", f"{account.group(1)}@{account.group(2)}".lower(), f"@{account.group(1)}@{account.group(2)}"
            )
        raise RecordMalformed(f"“{text[:60]}” is an address, not a channel of {platform}")
    if platform is None:
        raise RecordMalformed(f"nobody says on which platform “{text[:60]}” is")
    if not _NAME.fullmatch(text):
        raise RecordMalformed(f"“{text[:60]}” is no handle")
    return _by_handle(platform, text)


def _from_link(link: str, platform: str | None) -> Identity:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    except ValueError:
        raise RecordMalformed(f"“{link[:80]}” is no link") from None
    names = [unquote(name) for name in parts.path.split("/") if name]
    found = HOSTS.get(host)
    if found is None and names and names[0].startswith("@"):
        return Identity("mastodon", f"{names[0][1:]}@{host}".lower(), f"{names[0]}@{host}")
    if found is None or not names:
        raise RecordMalformed(f"“{link[:80]}” is no link to a channel")
    if found == "youtube":
        return _from_youtube(names, link)
    if found == "bluesky":
        names = names[1:] if names[0] == "profile" else names
        if names and names[0].startswith("did:"):
            return Identity(found, _checked(names[0]), None)
    if not names:
        raise RecordMalformed(f"“{link[:80]}” is no link to a channel")
    return _by_handle(platform or found, names[0])


def _from_youtube(names: list[str], link: str) -> Identity:
    if names[0] == "channel" and len(names) > 1 and _YOUTUBE_ID.fullmatch(names[1]):
        return Identity("youtube", names[1], None)
    if names[0] in ("c", "user") and len(names) > 1:
        return _by_handle("youtube", names[1])
    if names[0].startswith("@"):
        return _by_handle("youtube", names[0])
    raise RecordMalformed(f"“{link[:80]}” leads to a video or a list, not to a channel")


def _by_handle(platform: str, text: str) -> Identity:
    name = text.lstrip("@")
    if not name or len(name) > LONGEST_ID:
        raise RecordMalformed(f"“{text[:60]}” is no handle")
    handle = name if platform in ("bluesky", "twitch") else f"@{name}"
    return Identity(platform, None, handle)


def _checked(external_id: str) -> str:
    if not external_id or len(external_id) > LONGEST_ID or re.search(r"\s", external_id):
        raise RecordMalformed(f"“{external_id[:60]}” is no id")
    return external_id

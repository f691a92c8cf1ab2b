"""How people write a YouTube channel: its address, its handle, its id."""

import re

CHANNEL_ID = re.compile(r"^UC[\w-]{22}$")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|m\.)?youtube\.com/(?:channel/(UC[\w-]{22})|(@[^/?#\s]+))(?:[/?#]\S*)?")
_NAME = re.compile(r"(?:youtube:)?(UC[\w-]{22})|(@[\w.·-]{2,40})")


def channel_point(written: str) -> str | None:
    """The id or the handle of the one channel that a person named by address, handle, id or key; None for other words.

    Examples:
        >>> channel_point("https://www.youtube.com/@ada.plays/videos"), channel_point("cozy games")
        ('@ada.plays', None)
        >>> channel_point("youtube:UC0123456789abcdefghijkl")
        'UC0123456789abcdefghijkl'
    """
    named = _ADDRESS.fullmatch(written.strip()) or _NAME.fullmatch(written.strip())
    return (named[1] or named[2]) if named else None


def is_channel_id(point: str) -> bool:
    """Whether `point` is an id, not a handle."""
    return bool(CHANNEL_ID.match(point))

"""Finds the channels that a text names. Pure."""

import re

CHANNEL_LINK = re.compile(r"youtube\.com/channel/(UC[\w-]{22})")
HANDLE = re.compile(r"(?<![\w.])@([A-Za-z0-9][\w.-]{1,60}\w)")


def mentions_in(text: str) -> set[str]:
    """Ids of linked channels and handles without their at sign.

    Examples:
        >>> sorted(mentions_in("with @bob.plays, write to me@mail.example"))
        ['bob.plays']
    """
    return {*CHANNEL_LINK.findall(text), *HANDLE.findall(text)}

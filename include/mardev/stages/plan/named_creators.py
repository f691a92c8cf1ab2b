"""Creators whom the form names: who must be on the list, and who must not."""

from collections.abc import Mapping, Sequence

from mardev.stages.plan.crawl import CHANNEL_ID, channel_point
from mardev.stages.plan.crawl_rows import channel_key

NOT_A_CHANNEL = (
    "{names}: not a channel. Give its address (https://www.youtube.com/@name), its handle (@name) or its channel key."
)
IN_BOTH_LISTS = "{names}: must be on the list as well. Take the name off one of the two fields."
TOO_MANY = (
    "{count} creators must be on the list, which has {seats} at most. Take some off, or raise «Creators at most»."
)


def handle_word(handle: str) -> str:
    """A handle as it is compared: without the at sign, in small letters.

    >>> handle_word("@Ada.Plays")
    'ada.plays'
    """
    return handle.lstrip("@").casefold()


def read_names(written: Sequence[str], channels: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """The channels that one field names, each once, and what is wrong with the field.

    Args:
        written: the field's lines.
        channels: handle, as `handle_word` gives it, to channel key, as far as channels are known.

    Returns:
        What identifies a channel to how the form keeps it (its key, or its handle while nobody knows the key); and
        the problem, None when every line names a channel.
    """
    found: dict[str, str] = {}
    unknown = []
    for line in written:
        point = channel_point(line)
        if point is None:
            unknown.append(f"«{line}»")
        elif CHANNEL_ID.match(point):
            found.setdefault(channel_key(point), channel_key(point))
        else:
            found.setdefault(channels.get(handle_word(point), f"@{handle_word(point)}"), point)
    return found, NOT_A_CHANNEL.format(names=", ".join(unknown)) if unknown else None


def compare_names(must_have: Mapping[str, str], never: Mapping[str, str], seats: int) -> dict[str, str]:
    """What is wrong between the two fields, as `read_names` read them, by field."""
    problems = {}
    if both := [kept for channel, kept in must_have.items() if channel in never]:
        problems["never"] = IN_BOTH_LISTS.format(names=", ".join(both))
    if len(must_have) > seats >= 1:
        problems["must_have"] = TOO_MANY.format(count=len(must_have), seats=seats)
    return problems

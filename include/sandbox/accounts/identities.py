"""Ids of posts as the platforms make them, from the second of publication and the number of the author."""

from sandbox.accounts.model import UnknownPost

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_MICROSECOND = 1_000_000


def tid(seconds: int, account: int) -> str:
    """Record key of AT Protocol: 53 bits of microseconds and 10 bits of clock, base32 that sorts by time.

    Examples:
        >>> tid(1_790_000_000, 3), seconds_of_tid(tid(1_790_000_000, 3))
        ('3mvysmzma222f', 1790000000)
    """
    value = seconds * _MICROSECOND << 10 | account & 0x3FF
    return "".join(_SORTABLE[value >> shift & 31] for shift in range(60, -1, -5))


def seconds_of_tid(identity: str) -> int:
    """The reverse of `tid`. UnknownPost: not a record key."""
    if len(identity) != 13 or set(identity) - set(_SORTABLE):
        raise UnknownPost(identity)
    value = 0
    for character in identity:
        value = value << 5 | _SORTABLE.index(character)
    return (value >> 10) // _MICROSECOND


def status_id(seconds: int, account: int) -> str:
    """Id of a Mastodon status: milliseconds and 16 bits, here the author's number.

    Examples:
        >>> status_id(1_790_000_000, 3), account_of_status(status_id(1_790_000_000, 3))
        ('117309440000000003', 3)
    """
    return str(seconds * 1000 << 16 | account & 0xFFFF)


def seconds_of_status(identity: str) -> int:
    """UnknownPost: not a status id."""
    return (_number(identity) >> 16) // 1000


def account_of_status(identity: str) -> int:
    """UnknownPost: not a status id."""
    return _number(identity) & 0xFFFF


def _number(identity: str) -> int:
    if not (identity.isascii() and identity.isdigit() and len(identity) <= 20):
        raise UnknownPost(identity)
    return int(identity)

"""Finds channels of different platforms that may belong to one creator, with the evidence for it. Pure.

Only an address that a platform has seen link back (``rel=me``) proves anything by itself. Everything else is proposed
to a person: two friends may link to each other, and two strangers may have one name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEIGHTS = {"proved_link": 0.99, "link": 0.6, "mail": 0.7, "handle": 0.35, "name": 0.25}
"""How much one piece of evidence says, between 0 and 1. Set by judgement, to be replaced by what people confirm."""
LEAST_CONFIDENCE = 0.5
SHORTEST_TELLING_NAME = 6


@dataclass(frozen=True)
class Profile:
    """What a channel says of itself.

    Attributes:
        platform: where it is.
        handle: without its at sign, server or domain, in small letters.
        links, proved_links: addresses in the profile.
    """

    channel_key: str
    platform: str
    handle: str
    name: str
    description: str
    links: tuple[str, ...]
    proved_links: tuple[str, ...]


@dataclass(frozen=True)
class SameCreator:
    """Two channels, the smaller key first, with what speaks for one creator behind both."""

    channel_key: str
    other_channel_key: str
    confidence: float
    evidence: tuple[str, ...]
    is_proved: bool


def bare_handle(handle: str | None) -> str:
    """The part of a handle that its owner chose.

    Examples:
        >>> bare_handle("@Ada.Plays"), bare_handle("@ada.bsky.social"), bare_handle("@ada@social.example")
        ('ada.plays', 'ada', 'ada')
    """
    return (handle or "").lstrip("@").split("@")[0].removesuffix(".bsky.social").lower()


def same_creators(
    profiles: Sequence[Profile],
    resolve: Callable[[str], tuple[str, str] | None],
    by_point: Mapping[tuple[str, str], str],
) -> list[SameCreator]:
    """Pairs of channels on two platforms that some evidence joins, the surest first.

    Args:
        profiles: of all platforms.
        resolve: address to platform and point (id, or handle with its at sign); None for other addresses.
        by_point: platform and point, in small letters, to the key of a known channel.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    platform_of = {one.channel_key: one.platform for one in profiles}

    def add(one: str, other: str, kind: str, text: str) -> None:
        if platform_of[one] != platform_of[other]:
            found.setdefault((min(one, other), max(one, other)), {})[text] = kind

    for profile in profiles:
        for address in profile.links:
            target = _channel_at(address, resolve, by_point)
            if target and target in platform_of:
                kind = "proved_link" if address in profile.proved_links else "link"
                add(profile.channel_key, target, kind, f"{profile.channel_key} links to it{_proved(kind)}")
    for kind, told in (("mail", _mails), ("handle", _handles), ("name", _names)):
        for text, keys in _groups(profiles, told):
            for one, other in ((one, other) for one in keys for other in keys if one < other):
                add(one, other, kind, f"same {kind}: {text}")
    pairs = [
        SameCreator(*keys, _confidence(evidence.values()), tuple(sorted(evidence)), "proved_link" in evidence.values())
        for keys, evidence in found.items()
    ]
    likely = [pair for pair in pairs if pair.confidence >= LEAST_CONFIDENCE]
    return sorted(likely, key=lambda pair: (-pair.confidence, pair.channel_key, pair.other_channel_key))


def creators_of(channel_keys: Iterable[str], confirmed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each channel's creator: the smallest key of all channels that confirmed pairs join with it.

    Examples:
        >>> creators_of(["a", "b", "c"], [("b", "c")])
        {'a': 'a', 'b': 'b', 'c': 'b'}
    """
    parent = {key: key for key in channel_keys}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in confirmed:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return {key: root(key) for key in list(parent)}


def _channel_at(
    address: str, resolve: Callable[[str], tuple[str, str] | None], by_point: Mapping[tuple[str, str], str]
) -> str | None:
    point = resolve(address)
    return by_point.get((point[0], point[1].lower())) if point else None


def _proved(kind: str) -> str:
    return ", and the platform saw it link back" if kind == "proved_link" else ""


def _mails(profile: Profile) -> Iterator[str]:
    return (mail.rstrip(".").lower() for mail in MAIL.findall(profile.description))


def _handles(profile: Profile) -> Iterator[str]:
    return iter([profile.handle] if len(profile.handle) >= SHORTEST_TELLING_NAME else [])


def _names(profile: Profile) -> Iterator[str]:
    name = " ".join(profile.name.lower().split())
    return iter([name] if len(name) >= SHORTEST_TELLING_NAME else [])


def _groups(
    profiles: Sequence[Profile], told: Callable[[Profile], Iterator[str]]
) -> Iterator[tuple[str, Sequence[str]]]:
    """What is told by at least two and by few enough that it tells anything."""
    groups: dict[str, dict[str, None]] = {}
    for profile in profiles:
        for text in told(profile):
            groups.setdefault(text, {})[profile.channel_key] = None
    most = len({profile.platform for profile in profiles})
    return ((text, list(keys)) for text, keys in groups.items() if 2 <= len(keys) <= most)


def _confidence(kinds: Iterable[str]) -> float:
    """That not all of it is chance, each piece taken for itself."""
    doubt = 1.0
    for kind in kinds:
        doubt *= 1 - WEIGHTS[kind]
    return round(1 - doubt, 4)

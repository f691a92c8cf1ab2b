"""Who is to be erased: everything the warehouse knows a person by."""

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.stages.plan.crawl import channel_point
from mardev.stages.suppression import ADDRESS, CHANNEL, HANDLE
from mardev.warehouse import tables

SHORTEST_NAME = 4
"""A shorter name would be found inside other words; it is erased with its row, not searched in other people's texts."""
SHORTEST_HANDLE = 5


@dataclass(frozen=True)
class Subject:
    """A person as the warehouse knows them. Its parts are personal data: none of them goes into a log or a report.

    Attributes:
        channels: channel key to the key that takes its place.
        posts: post key to the key that takes its place.
        addresses, handles, names: as written.
    """

    channels: dict[str, str]
    posts: dict[str, str] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Subject({len(self.channels)} channels, {len(self.posts)} posts)"

    @property
    def to_suppress(self) -> set[tuple[str, str]]:
        """(kind, name) of everything that must be recognised and refused from now on."""
        return (
            {(CHANNEL, key) for key in self.channels}
            | {(HANDLE, handle) for handle in self.handles}
            | {(ADDRESS, address) for address in self.addresses}
        )

    @property
    def identifiers(self) -> set[str]:
        """What names the person wherever it stands, in any spelling of capitals."""
        ids = {_own_id(key) for key in (*self.channels, *self.posts)}
        playlists = {f"UU{one[2:]}" for one in ids if one.startswith("UC")}
        handles = {handle for handle in self.handles if len(handle) >= SHORTEST_HANDLE}
        return {one for one in ids | playlists | handles | self.addresses if one}

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL and Python that finds the person in a text; matches no empty text."""
        words = [re.escape(one) for one in sorted(self.identifiers, key=len, reverse=True)]
        names = [rf"\y{re.escape(name)}\y" for name in sorted(self._long_names(), key=len, reverse=True)]
        return "|".join([*words, *names]) or r"\y\Y"

    @property
    def json_pattern(self) -> str:
        """As `pattern`, for a JSON document written as text."""
        escaped = Subject(
            self.channels, self.posts, self.addresses, self.handles,
            frozenset(json.dumps(name, ensure_ascii=False)[1:-1] for name in self.names),
        )  # fmt: skip
        return escaped.pattern

    @property
    def byte_patterns(self) -> list[bytes]:
        """Spellings to look for in files and raw answers, in small letters."""
        words = self.identifiers | self._long_names()
        spelled = {one.casefold().encode() for one in words} | {json.dumps(one)[1:-1].lower().encode() for one in words}
        return sorted(spelled)

    def _long_names(self) -> set[str]:
        return {name for name in self.names if len(name) >= SHORTEST_NAME}


def subject_of_channel(connection: sa.Connection, written: str) -> Subject:
    """Whoever publishes on a channel, named by key, id, handle or address. A channel we do not know may be named too.

    Raises:
        FixFirst: it is not the name of a channel.
    """
    table = tables.channel
    point = channel_point(written) or written.strip()
    bare = _own_id(point).removeprefix("@")
    known = connection.scalars(
        sa.select(table.c.channel_key).where(
            sa.or_(
                table.c.channel_key == point,
                table.c.external_id == bare,
                sa.func.lower(sa.func.ltrim(table.c.handle, "@")) == bare.casefold(),
            )
        )
    ).all()
    if known:
        return _everything_of(connection, known)
    if ":" in point or point.startswith("UC"):
        return _everything_of(connection, [point if ":" in point else f"youtube:{point}"])
    raise FixFirst(
        f"{written!r} is no channel we know. Give its key (youtube:UC…), its id, its handle or its address; a handle "
        "that we never read says nothing about whose rows to erase."
    )


def subject_of_address(connection: sa.Connection, address: str) -> Subject:
    """Whoever is written to at a mail address.

    Raises:
        FixFirst: it is not a mail address.
    """
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address.strip()):
        raise FixFirst(f"{address!r} is not a mail address.")
    wanted = address.strip().casefold()
    contact, message = tables.contact, tables.message
    channels = connection.scalars(
        sa.union(
            sa.select(contact.c.channel_key).where(sa.func.lower(contact.c.email) == wanted),
            sa.select(message.c.channel_key).where(
                sa.func.lower(message.c.address) == wanted, message.c.channel_key.is_not(None)
            ),
        )
    ).all()
    return _everything_of(connection, channels, addresses=[address.strip()])


def subject_of_person(connection: sa.Connection, name: str) -> Subject:
    """The creator of that name.

    Raises:
        FixFirst: nobody, or several creators have the name.
    """
    channel, deal = tables.channel, tables.deal
    wanted = name.strip().casefold()
    channels = sorted(
        connection.scalars(
            sa.union(
                sa.select(channel.c.channel_key).where(sa.func.lower(channel.c.title) == wanted),
                sa.select(deal.c.channel_key).where(sa.func.lower(deal.c.creator_name) == wanted),
            )
        )
    )
    if not channels:
        raise FixFirst("Nobody of that name is in the warehouse. Name the channel or the mail address instead.")
    if len(channels) > 1:
        raise FixFirst(f"Several creators have that name: {', '.join(channels)}. Name one of them with --channel.")
    return _everything_of(connection, channels)


def _everything_of(connection: sa.Connection, channels: Iterable[str], addresses: Iterable[str] = ()) -> Subject:
    channel, deal, contact, message, post = tables.channel, tables.deal, tables.contact, tables.message, tables.post
    keys = sorted(set(channels))
    known = connection.execute(
        sa.select(channel.c.handle, channel.c.title).where(channel.c.channel_key.in_(keys))
    ).all()
    names = {title for _, title in known} | set(
        connection.scalars(sa.select(deal.c.creator_name).where(deal.c.channel_key.in_(keys)))
    )
    written_to = connection.scalars(
        sa.union(
            sa.select(contact.c.email).where(contact.c.channel_key.in_(keys)),
            sa.select(message.c.address).where(message.c.channel_key.in_(keys)),
        )
    )
    posts = connection.scalars(sa.select(post.c.post_key).where(post.c.channel_key.in_(keys))).all()
    return Subject(
        channels={key: _stand_in(key) for key in keys},
        posts={key: _stand_in(key) for key in posts},
        addresses=frozenset({*addresses, *written_to}),
        handles=frozenset(handle.removeprefix("@") for handle, _ in known if handle),
        names=frozenset(name for name in names if name) - {_own_id(key) for key in keys},
    )


def _stand_in(key: str) -> str:
    """A key that says nothing, on the same platform: drawn, not computed from what it replaces."""
    return f"{key.partition(':')[0]}:erased-{secrets.token_hex(8)}"


def _own_id(key: str) -> str:
    return key.partition(":")[2] or key

"""What becomes of the creators whom the form asks for or rules out, and where the wish came from, in plain words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from mardev.stages.lookups import Row
from mardev.stages.plan.crawl import CHANNEL_ID, channel_point
from mardev.stages.plan.crawl_rows import channel_key
from mardev.stages.plan.named_creators import handle_word
from mardev.warehouse import tables

NameList = Literal["must_have", "never"]
LISTS: tuple[NameList, ...] = ("must_have", "never")
NOT_ON_THE_PLATFORM = "was not found on the platform. Check the address or the handle."
NO_COUNTRY = "was found, but does not say in which country it publishes."
NO_ADDRESS = "was found, but no address to write to is known."
UNASKED: Any = object()
NO_PRICE = "was found, but too little is known of its views, or its price is more than the whole budget."


@dataclass(frozen=True)
class Origin:
    """The retrospective that a wish came from; `reason` is what it found of the creator, empty when only carried on."""

    iteration_key: str
    campaign: str
    reason: str


@dataclass(frozen=True)
class Wish:
    """One creator whom the form names.

    `channel_key` is None while nobody has met the channel; `country` and `name` are those of the channel, if known.
    """

    named_in: NameList
    name: str
    channel_key: str | None
    country: str | None
    was_seen: bool
    is_gone: bool
    origin: Origin | None


def read_wishes(connection: sa.Connection, iteration: Row) -> list[Wish]:
    """The creators whom the iteration's form names, must-haves first, as written."""
    form: Mapping[str, Any] = iteration["form"]
    if not any(form.get(name) for name in LISTS):
        return []
    channels = _known_channels(connection, iteration)
    by_handle = _crawled(connection, iteration, "handle")
    keys = {
        (name, written): _key_of(str(written), channels, by_handle)
        for name in LISTS
        for written in form.get(name) or ()
    }
    ids = [key.partition(":")[2] for key in keys.values() if key]
    crawled = _crawled(connection, iteration, "channel", ids)
    earlier = _earlier_proposals(connection, iteration)
    return [
        _wish(name, str(written), key, channels, crawled, _origin(earlier, name, key or str(written)))
        for (name, written), key in keys.items()
    ]


def _wish(
    name: NameList,
    written: str,
    key: str | None,
    channels: Mapping[str, Row],
    crawled: Mapping[str, Any],
    origin: Origin | None,
) -> Wish:
    answer = crawled.get((key or "").partition(":")[2], UNASKED)
    channel: Mapping[Any, Any] | None = channels.get(key or "") or (None if answer is UNASKED else answer)
    return Wish(
        named_in=name,
        name=channel["title"] if channel else written,
        channel_key=key,
        country=channel["country"] if channel else None,
        was_seen=channel is not None,
        is_gone=answer is None,
        origin=origin,
    )


def must_have_keys(wishes: Sequence[Wish]) -> list[str]:
    """Keys of the channels that must be on the list and are there to be asked, each once."""
    return _keys(wish for wish in wishes if wish.named_in == "must_have" and not wish.is_gone)


def never_keys(wishes: Sequence[Wish]) -> list[str]:
    """Keys of the channels that must not be on the list, and of those that this crawl found gone, each once."""
    return _keys(wish for wish in wishes if wish.named_in == "never" or wish.is_gone)


def _keys(wishes: Iterable[Wish]) -> list[str]:
    return list(dict.fromkeys(wish.channel_key for wish in wishes if wish.channel_key))


def tell_wishes(
    connection: sa.Connection,
    iteration: Row,
    wishes: Sequence[Wish],
    *,
    places: Mapping[str, int],
    missed: Mapping[str, str],
) -> list[dict[str, Any]]:
    """What became of each wish, as the plan keeps it.

    Args:
        connection: open connection.
        iteration: its row.
        wishes: as `read_wishes` gives them.
        places: channel key of each chosen creator to its number in the order of approach.
        missed: channel key to the sentence why there was no room, for must-haves that could have been chosen.
    """
    told = []
    for wish in wishes:
        key = wish.channel_key or ""
        is_met = key in places if wish.named_in == "must_have" else True
        if wish.named_in == "never":
            text = _why_left_out(wish)
        elif is_met:
            text = f"asked for, number {places[key]} on the list" + _from_where(wish)
        elif key in missed:
            text = missed[key].removeprefix(f"{wish.name} ") + _from_where(wish, full_stop=True)
        else:
            text = _why_not_proposed(connection, iteration, wish) + _from_where(wish, full_stop=True)
        told.append(
            {
                "named_in": wish.named_in,
                "channel_key": wish.channel_key,
                "name": wish.name,
                "text": text,
                "is_met": is_met,
                "from_iteration_key": wish.origin.iteration_key if wish.origin else None,
            }
        )
    return told


def _why_left_out(wish: Wish) -> str:
    if wish.origin is None:
        why = "because the form says so"
    elif wish.origin.reason:
        why = f"because the last retrospective ({wish.origin.campaign}) found that this creator {wish.origin.reason}"
    else:
        why = f"as in {wish.origin.campaign}, whose form already said so"
    return f"left out, {why}." if wish.was_seen else f"left out, {why}. This search did not meet the channel."


def _from_where(wish: Wish, *, full_stop: bool = False) -> str:
    """The end of a sentence about a must-have; a sentence of its own after a full stop."""
    if wish.origin is None:
        return "" if full_stop else "."
    if wish.origin.reason:
        why = f"because the last retrospective ({wish.origin.campaign}) found that this creator {wish.origin.reason}."
    else:
        why = f"as in {wish.origin.campaign}, whose form already said so."
    return f" It was asked for {why}" if full_stop else f", {why}"


def _why_not_proposed(connection: sa.Connection, iteration: Row, wish: Wish) -> str:
    from mardev.topidis.reasons import country_name

    if wish.is_gone or not wish.was_seen:
        return NOT_ON_THE_PLATFORM
    if wish.country is None:
        return NO_COUNTRY
    if wish.country not in iteration["markets"]:
        return f"was found, but publishes in {country_name(wish.country)}, which is not a market of this campaign."
    contact = tables.contact
    address = sa.select(contact.c.email).where(contact.c.channel_key == wish.channel_key).limit(1)
    return NO_PRICE if connection.execute(address).first() else NO_ADDRESS


def _known_channels(connection: sa.Connection, iteration: Row) -> dict[str, Row]:
    """Channels of the iteration's world by key."""
    channel = tables.channel
    columns = (channel.c.channel_key, channel.c.handle, channel.c.title, channel.c.country)
    rows = connection.execute(sa.select(*columns).where(channel.c.world == iteration["world"])).mappings()
    return {row["channel_key"]: row for row in rows}


def _crawled(
    connection: sa.Connection, iteration: Row, step: str, items: Collection[str] | None = None
) -> dict[str, Any]:
    """What the crawl of this iteration was answered about `items`, None for what does not exist (any more)."""
    item = tables.crawl_item
    statement = sa.select(item.c.item_key, item.c.result).where(
        item.c.crawl_key == iteration["iteration_key"], item.c.step == step
    )
    if items is not None:
        statement = statement.where(item.c.item_key.in_(items))
    return {row.item_key: row.result for row in connection.execute(statement)}


def _key_of(written: str, channels: Mapping[str, Row], by_handle: Mapping[str, Any]) -> str | None:
    point = channel_point(written)
    if point is None or CHANNEL_ID.match(point):
        return channel_key(point) if point else None
    if point in by_handle:
        return channel_key(by_handle[point][0]) if by_handle[point] else None
    word = handle_word(point)
    return next((key for key, row in channels.items() if handle_word(row["handle"] or "") == word), None)


def _earlier_proposals(connection: sa.Connection, iteration: Row) -> Sequence[Row]:
    """Proposals made before this iteration was opened in its world, newest first."""
    proposal, earlier = tables.proposal, tables.iteration
    return (
        connection.execute(
            sa.select(proposal, earlier.c.campaign)
            .join(earlier, earlier.c.iteration_key == proposal.c.iteration_key)
            .where(
                earlier.c.world == iteration["world"],
                earlier.c.iteration_key != iteration["iteration_key"],
                proposal.c.proposed_at <= iteration["opened_at"],
            )
            .order_by(proposal.c.proposed_at.desc(), proposal.c.iteration_key)
        )
        .mappings()
        .all()
    )


def _origin(earlier: Sequence[Row], name: NameList, entry: str) -> Origin | None:
    """The newest proposal that says why; else the newest that carries the name at all."""
    naming = [
        Origin(row["iteration_key"], row["campaign"], row["creator_reasons"].get(entry, ""))
        for row in earlier
        if entry in (row["form"].get(name) or ())
    ]
    return next((origin for origin in naming if origin.reason), naming[0] if naming else None)

"""Accounts of one creator on several platforms: proposed from evidence, joined once confirmed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.platforms import platforms
from mardev.connectors.reading import addresses_in
from mardev.domain.words import Role
from mardev.errors import FixFirst
from mardev.stages.context import StageContext
from mardev.stages.lookups import require_role
from mardev.stages.plan.crawl_rows import channel_key
from mardev.stages.plan.same_creator import Profile, SameCreator, bare_handle, creators_of, same_creators
from mardev.warehouse import tables

DECIDED_BY_PROOF = "a link that leads both ways"
ANSWERS = ("confirmed", "refused")
PLANNED_ON = "youtube:"
"""How the key of a channel begins on which placements can be planned."""


def propose_same_creators(context: StageContext, channels: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, int]:
    """Compare what was crawled on several platforms and keep what may be one creator.

    A pair that is known keeps its decision; only its evidence is renewed while nobody decided.

    Args:
        context: of the step.
        channels: platform to its channels, as the crawl remembers them.

    Returns:
        How many pairs are new, and how many of them are proved.
    """
    pairs = find_pairs(channels)
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        new = [_keep(connection, pair, str(context.world), now) for pair in pairs]
    return {
        "proposed": sum(new),
        "proved": sum(is_new and pair.is_proved for is_new, pair in zip(new, pairs, strict=True)),
    }


def find_pairs(channels: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[SameCreator]:
    """Pairs that some evidence joins; see `same_creators`."""
    profiles, by_point = [], {}
    for platform, found in channels.items():
        for channel in found:
            key = channel_key(channel["external_id"], platform)
            by_point[platform, channel["external_id"].lower()] = key
            if channel["handle"]:
                by_point[platform, "@" + channel["handle"].lstrip("@").lower()] = key
            profiles.append(
                Profile(
                    key,
                    platform,
                    bare_handle(channel["handle"]),
                    channel["title"],
                    channel["description"],
                    tuple(channel.get("links", ())) or addresses_in(channel["description"]),
                    tuple(channel.get("proved_links", ())),
                )
            )
    return same_creators(profiles, _resolve, by_point)


def decide_same_creator(warehouse: sa.Engine, one: str, other: str, answer: str, person: str, now: datetime) -> None:
    """A person of marketing says whether two channels are one creator's; the next graph follows.

    Raises:
        FixFirst: nobody proposed this pair, the answer is none, or the person does not hold the marketing role.
    """
    if answer not in ANSWERS:
        raise FixFirst(f"«{answer}» is no answer. Choose from: {', '.join(ANSWERS)}.")
    table = tables.same_creator
    first, second = sorted((one, other))
    with warehouse.begin() as connection:
        require_role(connection, person, Role.MARKETING, "Whether two accounts are one creator's is said by marketing")
        changed = connection.execute(
            sa.update(table)
            .where(table.c.channel_key == first, table.c.other_channel_key == second)
            .values(state=answer, decided_by=person, decided_at=now)
        ).rowcount
    if not changed:
        raise FixFirst(f"Nobody proposed that {first} and {second} are one creator's.")


def main_channels(connection: sa.Connection, world: str, channels: Sequence[sa.RowMapping]) -> dict[str, str]:
    """Every account of the creators of `channels` to the one channel that stands for the creator.

    That is the one on the platform posts are planned on, else the one with the smallest key. A channel that no
    confirmed pair joins stands for itself.
    """
    creators = joined_creators(connection, world)
    chosen: dict[str, str] = {}
    for key in sorted((one["channel_key"] for one in channels), key=lambda key: (not key.startswith(PLANNED_ON), key)):
        chosen.setdefault(creators.get(key, key), key)
    known = {one["channel_key"]: creators.get(one["channel_key"], one["channel_key"]) for one in channels}
    return {key: chosen[creator] for key, creator in (creators | known).items() if creator in chosen}


def joined_creators(connection: sa.Connection, world: str) -> dict[str, str]:
    """Channel key to the key of its creator, for the channels that confirmed pairs join. Others are their own."""
    table = tables.same_creator
    confirmed = connection.execute(
        sa.select(table.c.channel_key, table.c.other_channel_key).where(
            table.c.world == world, table.c.state == "confirmed"
        )
    ).all()
    return creators_of((), [(row[0], row[1]) for row in confirmed])


def _keep(connection: sa.Connection, pair: SameCreator, world: str, now: datetime) -> bool:
    """Whether the pair was not known before."""
    table = tables.same_creator
    values = {
        "channel_key": pair.channel_key, "other_channel_key": pair.other_channel_key, "world": world,
        "state": "confirmed" if pair.is_proved else "proposed", "confidence": pair.confidence,
        "evidence": list(pair.evidence), "proposed_at": now,
        "decided_by": DECIDED_BY_PROOF if pair.is_proved else None, "decided_at": now if pair.is_proved else None,
    }  # fmt: skip
    renewed = {name: values[name] for name in ("state", "confidence", "evidence", "decided_by", "decided_at")}
    known = connection.scalar(
        sa.select(table.c.state).where(
            table.c.channel_key == pair.channel_key, table.c.other_channel_key == pair.other_channel_key
        )
    )
    connection.execute(
        postgresql.insert(table)
        .values(values)
        .on_conflict_do_update(
            index_elements=["channel_key", "other_channel_key"], set_=renewed, where=table.c.state == "proposed"
        )
    )
    return known is None


def _resolve(address: str) -> tuple[str, str] | None:
    for name, kind in platforms().items():
        if point := kind.point(address):
            return name, point
    return None

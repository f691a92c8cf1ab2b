"""What people change in the verticals of a graph: rename, merge, split, pin.

Every change is one transaction under the graph run's row lock and is written down with its author. What was merged or
split, and what is pinned, keeps its members together in the graphs that follow.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from mardev.domain.words import Role
from mardev.errors import FixFirst, FormRejected
from mardev.stages.verticals.parts import part_labels, parts_by_follows, parts_by_language
from mardev.warehouse import tables

LONGEST_LABEL = 80

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rename:
    """Give it another name."""

    label: str


@dataclass(frozen=True)
class Merge:
    """The other vertical goes into this one."""

    other_no: int


@dataclass(frozen=True)
class Split:
    """Divide it by what its members follow or by the language they write in."""

    by: Literal["follows", "language"]


@dataclass(frozen=True)
class Pin:
    """Keep its members together in later graphs, or no longer."""

    keep: bool


VerticalChange = Rename | Merge | Split | Pin


def change_vertical(
    engine: sa.Engine, graph_run_key: str, community_no: int, change: VerticalChange, person: str, now: datetime
) -> str:
    """Change one vertical of a graph.

    Returns:
        What was done, as people read it.

    Raises:
        FormRejected: the change does not fit the vertical; nothing was changed.
        FixFirst: there is no such graph or vertical, or the person does not hold the marketing role.
    """
    with engine.begin() as connection:
        run = _lock(connection, graph_run_key, person)
        own = _vertical(connection, graph_run_key, community_no)
        match change:
            case Rename(label):
                detail = _rename(connection, own, label)
            case Merge(other_no):
                detail = _merge(connection, own, other_no)
            case Split(by):
                detail = _split(connection, run, own, by)
            case Pin(keep):
                detail = _pin(connection, own, keep)
        connection.execute(
            sa.insert(tables.vertical_decision).values(
                graph_run_key=graph_run_key, world=run["world"], kind=_kind(change), detail=detail, person=person,
                vertical_key=own["vertical_key"], decided_at=now,
            )
        )  # fmt: skip
    return detail


def _kind(change: VerticalChange) -> str:
    if isinstance(change, Pin):
        return "pin" if change.keep else "unpin"
    return type(change).__name__.lower()


def _lock(connection: sa.Connection, graph_run_key: str, person: str) -> Row:
    member = tables.role_member
    is_marketing = connection.execute(
        sa.select(member.c.person).where(member.c.person == person, member.c.role == str(Role.MARKETING))
    ).first()
    if is_marketing is None:
        raise FixFirst("Verticals are changed by marketing; ask the head of marketing technology for the role.")
    run = tables.graph_run
    found = connection.execute(
        sa.select(run).where(run.c.graph_run_key == graph_run_key).with_for_update()
    ).mappings().one_or_none()  # fmt: skip
    if found is None:
        raise FixFirst("This graph is not there any more. Open the page again.")
    return dict(found)


def _vertical(connection: sa.Connection, graph_run_key: str, community_no: int) -> Row:
    vertical = tables.vertical
    found = connection.execute(sa.select(vertical).where(*_is(graph_run_key, community_no))).mappings().one_or_none()
    if found is None:
        raise FixFirst("This vertical is not there any more. Open the page again.")
    if found["vertical_key"] is not None:
        return dict(found)
    key = f"{graph_run_key}#{community_no}"
    connection.execute(sa.update(vertical).where(*_is(graph_run_key, community_no)).values(vertical_key=key))
    return dict(found) | {"vertical_key": key}


def _is(graph_run_key: str, community_no: int) -> list[sa.ColumnElement[bool]]:
    vertical = tables.vertical
    return [vertical.c.graph_run_key == graph_run_key, vertical.c.community_no == community_no]


def _update(connection: sa.Connection, row: Row, **values: Any) -> None:
    connection.execute(sa.update(tables.vertical).where(*_is(row["graph_run_key"], row["community_no"])).values(values))


def _rename(connection: sa.Connection, own: Row, label: str) -> str:
    plain = " ".join(label.split())
    if not plain or len(plain) > LONGEST_LABEL or not plain.isprintable():
        raise FormRejected({"name": f"a name has 1 to {LONGEST_LABEL} letters"})
    vertical = tables.vertical
    taken = connection.scalars(
        sa.select(vertical.c.label).where(
            vertical.c.graph_run_key == own["graph_run_key"], vertical.c.community_no != own["community_no"]
        )
    )
    if plain in set(taken):
        raise FormRejected({"name": f"another vertical is called {plain} already; merge the two, or choose another"})
    _update(connection, own, label=plain, label_source="person")
    return f"renamed {own['label']} to {plain}"


def _pin(connection: sa.Connection, own: Row, keep: bool) -> str:
    _update(connection, own, is_pinned=keep)
    return f"{own['label']} {'stays together' if keep else 'may change again'} in the next graphs"


def _merge(connection: sa.Connection, own: Row, other_no: int) -> str:
    if other_no == own["community_no"]:
        raise FormRejected({"other": "a vertical cannot be merged with itself"})
    run_key = own["graph_run_key"]
    other = _vertical(connection, run_key, other_no)
    rank = tables.channel_rank
    connection.execute(
        sa.update(rank)
        .where(rank.c.graph_run_key == run_key, rank.c.community_no == other_no)
        .values(community_no=own["community_no"])
    )
    connection.execute(sa.delete(tables.vertical).where(*_is(run_key, other_no)))
    _update(
        connection, own, is_pinned=True, stability=None,
        channel_count=own["channel_count"] + other["channel_count"],
        languages=Counter(own["languages"]) + Counter(other["languages"]),
        countries=Counter(own["countries"]) + Counter(other["countries"]),
        terms=list(dict.fromkeys([*own["terms"], *other["terms"]])),
    )  # fmt: skip
    _count_again(connection, run_key)
    return f"merged {other['label']} into {own['label']}"


def _split(connection: sa.Connection, run: Row, own: Row, by: str) -> str:
    rank, channel = tables.channel_rank, tables.channel
    run_key, number = own["graph_run_key"], own["community_no"]
    rows = connection.execute(
        sa.select(channel)
        .join(rank, rank.c.channel_key == channel.c.channel_key)
        .where(rank.c.graph_run_key == run_key, rank.c.community_no == number)
        .order_by(channel.c.channel_key)
    )
    members = [dict(row) for row in rows.mappings()]
    part = parts_by_language(members) if by == "language" else parts_by_follows(connection, run["world"], own, members)
    count = int(part.max()) + 1 if len(part) else 0
    if count < 2:
        raise FormRejected({"split": f"the members of {own['label']} do not fall into parts that way"})
    free = connection.scalars(sa.select(sa.func.max(rank.c.community_no)).where(rank.c.graph_run_key == run_key)).one()
    labels = part_labels(connection, own, members, part)
    for place in range(count):
        own_members = [row for row, at in zip(members, part.tolist(), strict=True) if at == place]
        values = {
            "channel_count": len(own_members), "is_pinned": True, "stability": None, "terms": list(labels[place].terms),
            "languages": Counter(row["language"] or "unknown" for row in own_members),
            "countries": Counter(row["country"] or "unknown" for row in own_members),
        }  # fmt: skip
        if place == 0:
            _update(connection, own, **values)
            continue
        at = free + place
        connection.execute(
            sa.insert(tables.vertical).values(
                graph_run_key=run_key, community_no=at, vertical_key=f"{run_key}#{at}", topic=own["topic"],
                label=labels[place].label, label_source="found", **values,
            )
        )  # fmt: skip
        connection.execute(
            sa.update(rank)
            .where(rank.c.graph_run_key == run_key, rank.c.channel_key.in_([one["channel_key"] for one in own_members]))
            .values(community_no=at)
        )
    _count_again(connection, run_key)
    ways = {"language": "language", "follows": "who follows whom"}
    return f"split {own['label']} into {count} by {ways[by]}"


def _count_again(connection: sa.Connection, graph_run_key: str) -> None:
    vertical, run = tables.vertical, tables.graph_run
    count = sa.select(sa.func.count()).where(vertical.c.graph_run_key == graph_run_key).scalar_subquery()
    connection.execute(sa.update(run).where(run.c.graph_run_key == graph_run_key).values(community_count=count))

"""Verticals from one graph to the next: they keep their names, and what people made of them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from builders.iteration_rows import fill_warehouse
from mardev.stages.plan.rank_creators import rank_creators
from mardev.stages.verticals.change_vertical import Merge, Pin, Rename, change_vertical
from mardev.warehouse import tables

FIRST, SECOND = "summer-players", "autumn-players"


@pytest.fixture
def rank(engine, clock, tmp_path, monkeypatch):
    """Ranks the creators of an iteration of a filled warehouse; returns its verticals by number."""
    monkeypatch.setenv("MARDEV_HOME", str(tmp_path))
    fill_warehouse(engine, channel_count=120, edge_count=700)
    with engine.begin() as connection:  # only what this test computes
        connection.execute(sa.update(tables.plan).values(graph_run_key="summer-players/graph"))
        connection.execute(sa.delete(tables.channel_rank))
        connection.execute(sa.delete(tables.vertical))

    def work(iteration: str) -> dict[int, sa.RowMapping]:
        rank_creators(stage_context(engine, clock, iteration=iteration))
        return verticals(engine, iteration)

    return work


def verticals(engine, iteration: str) -> dict[int, sa.RowMapping]:
    table = tables.vertical
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table).where(table.c.graph_run_key == f"{iteration}/graph")).mappings()
        return {row["community_no"]: row for row in rows}


def members(engine, iteration: str, number: int) -> set[str]:
    table = tables.channel_rank
    statement = sa.select(table.c.channel_key).where(
        table.c.graph_run_key == f"{iteration}/graph", table.c.community_no == number
    )
    with engine.connect() as connection:
        return set(connection.scalars(statement))


def kinds(engine, iteration: str) -> list[str]:
    table = tables.vertical_event
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(table.c.kind).where(table.c.graph_run_key == f"{iteration}/graph")))


def change(engine, iteration: str, number: int, what) -> None:
    with engine.connect() as connection:
        now = connection.scalar(sa.select(sa.func.max(tables.graph_run.c.as_of))) + timedelta(hours=1)
    change_vertical(engine, f"{iteration}/graph", number, what, "mia", now)


def test_the_first_graph_has_verticals_with_stability_and_nothing_before_them(rank, engine):
    found = rank(FIRST)
    assert len(found) > 1
    assert all(0 <= row["stability"] <= 1 for row in found.values())
    assert len({row["vertical_key"] for row in found.values()}) == len(found)
    assert sum(row["channel_count"] for row in found.values()) == 120
    assert kinds(engine, FIRST) == []


def test_the_same_communities_keep_key_and_name_in_the_next_graph(rank, engine):
    first, second = rank(FIRST), rank(SECOND)
    assert {row["vertical_key"] for row in second.values()} == {row["vertical_key"] for row in first.values()}
    assert {row["label"] for row in second.values()} == {row["label"] for row in first.values()}
    assert {row["label_source"] for row in second.values()} == {"kept"}
    assert set(kinds(engine, SECOND)) == {"continued"}


def test_a_name_given_by_a_person_survives_the_next_graph(rank, engine):
    rank(FIRST)
    change(engine, FIRST, 0, Rename("Our best circle"))
    named = [row for row in rank(SECOND).values() if row["label"] == "Our best circle"]
    assert [row["label_source"] for row in named] == ["person"]


def test_what_people_merged_stays_together_in_the_next_graph(rank, engine):
    first = rank(FIRST)
    change(engine, FIRST, 0, Merge(1))
    together = members(engine, FIRST, 0)
    second = rank(SECOND)
    home = next(number for number, row in second.items() if row["vertical_key"] == first[0]["vertical_key"])
    assert together <= members(engine, SECOND, home)
    assert second[home]["is_pinned"]
    assert second[home]["stability"] is None
    assert len(second) == len(first) - 1


def test_ranking_an_iteration_again_keeps_what_people_changed_in_it(rank, engine):
    rank(FIRST)
    change(engine, FIRST, 0, Rename("Our best circle"))
    change(engine, FIRST, 0, Merge(1))
    before = {row["vertical_key"]: row["label"] for row in verticals(engine, FIRST).values()}
    assert {row["vertical_key"]: row["label"] for row in rank(FIRST).values()} == before
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.vertical_decision)) == 2


def test_a_vertical_whose_members_went_away_has_died(rank, engine):
    first = rank(FIRST)
    gone = members(engine, FIRST, 0)
    with engine.begin() as connection:
        edge = tables.follow_edge
        connection.execute(
            sa.delete(edge).where(edge.c.source_channel_key.in_(gone) | edge.c.target_channel_key.in_(gone))
        )
        connection.execute(sa.update(tables.channel).where(tables.channel.c.channel_key.in_(gone)).values(world="live"))
    second = rank(SECOND)
    assert first[0]["vertical_key"] not in {row["vertical_key"] for row in second.values()}
    assert "died" in kinds(engine, SECOND)


def test_a_pinned_vertical_stays_when_its_members_stop_following_each_other(rank, engine):
    first = rank(FIRST)
    change(engine, FIRST, 0, Pin(keep=True))
    together = members(engine, FIRST, 0)
    with engine.begin() as connection:
        edge = tables.follow_edge
        connection.execute(
            sa.delete(edge).where(edge.c.source_channel_key.in_(together), edge.c.target_channel_key.in_(together))
        )
    second = rank(SECOND)
    home = next(number for number, row in second.items() if row["vertical_key"] == first[0]["vertical_key"])
    assert together <= members(engine, SECOND, home)

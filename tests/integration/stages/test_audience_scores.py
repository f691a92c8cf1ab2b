"""The audience figures of the crawled creators: scored again by every search, kept where the platform allows it."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
import sqlalchemy as sa

from builders.contexts import connections
from mardev.clock import FixedClock
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.stages.expire_data.expire_data import expire_data
from mardev.stages.expire_data.limits import Limits
from mardev.stages.expire_data.rows import expire_rows
from mardev.stages.licences import approvals
from mardev.stages.lookups import iteration_row
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.stages.plan.score_audiences import score_audiences

KEY = "honest-figures"
FORM = {
    "campaign": "Honest figures",
    "markets": ["DE", "US"],
    "topics": ["mobile games", "android"],
    "platforms": ["youtube", "bluesky"],
    "channel_limit": 120,
}
ALL = "SELECT q.*, c.platform FROM core.audience_quality AS q JOIN core.channel AS c USING (channel_key) ORDER BY 1"
COUNTED = "SELECT item_key, result FROM ops.crawl_item WHERE step = 'statistics' AND state = 'done'"


@pytest.fixture(scope="module")
def crawled(world, new_warehouse) -> str:
    engine = new_warehouse()
    open_iteration(world.context(engine, params=FORM))
    context = world.context(engine, iteration=KEY)
    publish_creators(context, gate_creators(context, collect_creators(context)))
    return str(engine.url.database)


@pytest.fixture
def context(world, new_warehouse, crawled):
    return world.context(new_warehouse(crawled), iteration=KEY)


def score(context) -> int:
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
    return score_audiences(context, iteration)


def rows(context, query: str = ALL) -> list[sa.RowMapping]:
    with context.warehouse.connect() as connection:
        return list(connection.execute(sa.text(query)).mappings())


def run(context, statement: str, **parameters) -> None:
    with context.warehouse.begin() as connection:
        connection.execute(sa.text(statement), parameters)


def scored(context) -> list[sa.RowMapping]:
    return [row for row in rows(context) if row["score"] is not None]


def live(context, reference: str | None = None):
    """The same search in the live world, with or without the platform's approval."""
    for table in ("core.channel", "core.channel_snapshot", "core.iteration"):
        run(context, f"UPDATE {table} SET world = 'live'")
    record = ConnectionRecord("mardev_youtube", World.LIVE, extra={"approval_reference": reference})
    return replace(context, world=World.LIVE, connection=connections(record))


def test_the_crawl_keeps_likes_and_comments_beside_the_views(context):
    counted = rows(context, COUNTED)
    assert counted
    assert all(set(row["result"]) == {"views", "likes", "comments"} for row in counted)
    assert sum(row["result"]["likes"] is not None for row in counted) > len(counted) / 2


def test_every_searched_channel_is_looked_at_and_most_figures_are_not_unusual(context):
    assert score(context) == len(rows(context, "SELECT * FROM core.channel"))
    found = scored(context)
    assert len(found) > 30
    assert sum(row["verdict"] == "nothing unusual" for row in found) > 0.9 * len(found)
    assert all(0 < row["confidence"] <= 1 and row["world"] == "sandbox" for row in found)


def test_a_platform_without_views_has_too_little_data(context):
    score(context)
    bluesky = [row for row in rows(context) if row["platform"] == "bluesky"]
    assert {(row["score"], row["verdict"]) for row in bluesky} == {(None, "too little data")}


def test_repeating_changes_nothing_and_costs_little(context):
    score(context)
    once, start = rows(context), perf_counter()
    score(context)
    assert perf_counter() - start < 1
    assert rows(context) == once


def test_an_older_search_does_not_take_the_place_of_a_newer_one(context):
    score(context)
    run(context, "UPDATE core.audience_quality SET scored_at = scored_at + interval '1 day', verdict = 'look closer'"
        " WHERE score IS NOT NULL")  # fmt: skip
    score(context)
    assert {row["verdict"] for row in scored(context)} == {"look closer"}


def test_even_views_that_nobody_likes_are_suspicious_with_both_reasons(context):
    score(context)
    key = scored(context)[0]["channel_key"]
    run(
        context,
        "UPDATE ops.crawl_item SET result = jsonb_build_object('views', 50000, 'likes', 3, 'comments', 0) "
        "WHERE step = 'statistics' AND item_key IN (SELECT jsonb_array_elements(result) ->> 'external_id' "
        "FROM ops.crawl_item WHERE step = 'uploads' AND item_key = split_part(:key, chr(58), 2))",
        key=key,
    )
    score(context)
    (odd,) = [row for row in rows(context) if row["channel_key"] == key]
    assert odd["verdict"] == "suspicious"
    assert {"even_views", "likes"} <= {reason["signal"] for reason in odd["reasons"]}
    assert all(set(one) == {"signal", "text", "points_lost", "is_explained"} for one in odd["reasons"])
    assert sum(row["verdict"] == "suspicious" for row in rows(context)) == 1


@pytest.mark.parametrize("says_so", [False, True])
def test_a_jump_of_the_subscribers_costs_points_unless_a_giveaway_explains_it(context, says_so):
    score(context)
    key = scored(context)[0]["channel_key"]
    run(
        context,
        "INSERT INTO core.channel_snapshot (channel_key, snapshot_at, observed_at, world, subscribers, "
        "subscribers_hidden, view_definition, ingest_run_id) "
        "SELECT channel_key, snapshot_at - make_interval(days => day), observed_at, world, "
        "(subscribers * 0.4)::bigint, false, view_definition, ingest_run_id "
        "FROM core.channel_snapshot, generate_series(2, 20, 3) AS day WHERE channel_key = :key",
        key=key,
    )
    run(
        context,
        "UPDATE ops.crawl_item SET result = jsonb_set(result, '{0}', result -> 0 || jsonb_build_object("
        "'says_giveaway', true, 'published_at', (SELECT opened_at - interval '2 days' FROM core.iteration))) "
        "WHERE step = 'uploads' AND item_key = split_part(:key, chr(58), 2) AND :says_so",
        key=key,
        says_so=says_so,
    )
    score(context)
    (row,) = [row for row in rows(context) if row["channel_key"] == key]
    (step,) = [reason for reason in row["reasons"] if reason["signal"] == "growth_step"]
    assert (step["is_explained"], step["points_lost"] == 0) == (says_so, says_so)
    assert ("a giveaway ran at that time" in step["text"]) == says_so


def test_what_an_older_crawl_remembers_is_scored_with_less_confidence(context):
    score(context)
    before = {row["channel_key"]: row["confidence"] for row in scored(context)}
    run(context, "UPDATE ops.crawl_item SET result = jsonb_build_object('views', result -> 'views') "
        "WHERE step = 'statistics' AND state = 'done'")  # fmt: skip
    score(context)
    after = {row["channel_key"]: row["confidence"] for row in scored(context)}
    assert set(after) == set(before)
    assert all(after[key] < before[key] for key in after)


def test_a_live_platform_without_approval_gets_no_scores_and_loses_those_it_had(context):
    score(context)
    without = live(context)
    run(context, "UPDATE core.audience_quality SET world = 'live'")
    score(without)
    assert {row["platform"] for row in rows(context)} == {"bluesky"}


def test_an_approval_brings_scores_that_stay_and_end_when_it_is_withdrawn(context, tmp_path):
    approved = live(context, "AMD-2026-7")
    score(approved)
    found = [row for row in scored(context) if row["platform"] == "youtube"]
    assert found
    assert all(row["expires_at"] > row["scored_at"] + timedelta(days=1000) for row in found)
    later = replace(
        approved,
        clock=FixedClock(found[0]["scored_at"] + timedelta(days=31)),
        settings=replace(approved.settings, home=tmp_path),
    )
    with later.warehouse.begin() as connection:
        expire_rows(connection, "core.audience_quality", Limits(World.LIVE, later.clock.now(), approvals(later)))
    assert scored(context) == found
    withdrawn = replace(later, connection=context.connection)
    assert expire_data(withdrawn)["ended"]["core.audience_quality"] >= len(found)
    assert scored(context) == []


def test_a_score_goes_with_its_channel(context):
    score(context)
    run(context, "DELETE FROM core.channel")
    assert rows(context, "SELECT * FROM core.audience_quality") == []

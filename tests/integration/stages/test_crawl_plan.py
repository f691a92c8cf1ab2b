"""The plan of a crawl: kept before, moved on during, held against what it came to; and no pipeline starves another."""

import multiprocessing
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from builders.served_world import fingerprints
from mardev.connectors.quota import BucketLimit, pacific_day
from mardev.errors import FormRejected, QuotaExhausted
from mardev.stages.call_quota import WarehouseQuota
from mardev.stages.call_records import SideConnection
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.forecast_quota import forecast_quota
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.warehouse import tables
from mardev.warehouse.engine import create_engine

KEY = "flown"
FORM = {"campaign": "Flown", "markets": ["DE", "US"], "topics": ["mobile games"], "channel_limit": 40}
NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
LIMITS = {("youtube", "default"): BucketLimit(1_000, pacific_day, "a test")}
KILLS = 10
KILLED = 9


@pytest.fixture(scope="module")
def opened(world, new_warehouse) -> str:
    engine = new_warehouse()
    open_iteration(world.context(engine, params=FORM))
    return str(engine.url.database)


@pytest.fixture
def context(world, new_warehouse, opened):
    return world.context(new_warehouse(opened), iteration=KEY)


def rows(context, table: sa.Table) -> list[sa.RowMapping]:
    with context.warehouse.connect() as connection:
        return list(connection.execute(sa.select(table)).mappings())


def test_a_plan_is_kept_before_the_crawl_and_held_against_what_it_came_to(context):
    told = forecast_quota(context)
    (before,) = rows(context, tables.crawl_plan)
    assert (before["state"], before["unit_forecast"], before["channels_found"]) == ("planned", told["needed"], None)
    assert "«mobile games»" in before["covers"]
    found = collect_creators(context)
    (after,) = rows(context, tables.crawl_plan)
    assert (after["state"], after["channels_found"]) == ("done", found["channels"])
    assert after["unit_forecast"] == before["unit_forecast"]
    spent = {bucket["bucket"]: bucket["spent_units"] for bucket in rows(context, tables.quota_bucket)}
    assert after["units_spent"] == spent  # what the ledger counted, to the unit
    assert sum(step["calls_made"] for step in rows(context, tables.crawl_step)) == after["calls_made"]
    assert after["seconds_taken"] > 0


def test_the_same_search_again_costs_exactly_what_was_forecast(world, context):
    collect_creators(context)
    open_iteration(world.context(context.warehouse, params=FORM | {"campaign": "Flown again"}, run_id="again"))
    again = replace(context, iteration="flown-again")
    needed = forecast_quota(again)["needed"]
    collect_creators(again)
    with context.warehouse.connect() as connection:
        plan = tables.crawl_plan
        (row,) = connection.execute(sa.select(plan).where(plan.c.crawl_key == "flown-again")).mappings()
    assert row["units_spent"] == needed
    assert "the same search" in row["rests_on"]


def test_a_crawl_that_waits_for_quota_says_until_when(world, context):
    scarce = {"extra": {"quota_limits": {"default": 40}}}
    limited = replace(context, connection=world.context(context.warehouse, youtube=scarce).connection)
    with pytest.raises(QuotaExhausted) as caught:
        collect_creators(limited)
    (plan,) = rows(context, tables.crawl_plan)
    assert (plan["state"], plan["waits_until"]) == ("waiting", caught.value.resets_at)
    steps = {step["step"]: step for step in rows(context, tables.crawl_step)}
    assert steps["search"]["item_count"] == 2
    assert 0 < steps["subscriptions"]["item_count"] < FORM["channel_limit"]


def test_a_form_over_budget_is_refused_before_an_iteration_is_opened(world, new_warehouse):
    engine = new_warehouse()
    scarce = {"extra": {"quota_limits": {"default": 100}}}
    asked = FORM | {"channel_limit": 500}
    with pytest.raises(FormRejected) as caught:
        open_iteration(world.context(engine, params=asked, youtube=scarce))
    assert "What fits: " in caught.value.problems["channel_limit"]
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.iteration)) == 0
    fits = int(caught.value.problems["channel_limit"].split("What fits: ")[1].split(" ")[0])
    assert open_iteration(world.context(engine, params=asked | {"channel_limit": fits}, youtube=scarce)) == KEY


def spend_all(url: str, consumer: str) -> int:
    """Take one unit after the other until nothing is left for this pipeline."""
    engine = create_engine(url, "writer")
    side = SideConnection(engine)
    quota = WarehouseQuota(side, LIMITS, consumer)
    taken = 0
    try:
        while True:
            quota.reserve("youtube", "default", "key", 1, NOW)
            taken += 1
    except QuotaExhausted:
        return taken
    finally:
        quota.close()
        side.close()
        engine.dispose()


def test_a_greedy_pipeline_leaves_the_others_what_they_count_on(warehouse_url):
    assert spend_all(warehouse_url, "plan") == 1_000 - 100 - 150 - 10
    assert spend_all(warehouse_url, "refresh_creators") == 100
    assert spend_all(warehouse_url, "somebody_else") == 0
    assert spend_all(warehouse_url, "watch_posts") == 150
    assert spend_all(warehouse_url, "plan") == 0


def test_pipelines_that_race_get_at_least_their_share_and_never_more_than_there_is(warehouse_url):
    racers = ["plan"] * 3 + ["refresh_creators"] * 2 + ["watch_posts", "somebody_else", "check_systems"]
    with ThreadPoolExecutor(len(racers)) as pool:
        taken = list(zip(racers, pool.map(lambda one: spend_all(warehouse_url, one), racers), strict=True))
    total = {name: sum(units for racer, units in taken if racer == name) for name in set(racers)}
    assert sum(total.values()) <= 1_000
    assert total["plan"] >= 500 - 32  # what others held in a block when it gave up
    assert total["refresh_creators"] >= 100 - 32
    assert total["watch_posts"] >= 150 - 32


def crawl_until_killed(world, url: str, dies_at: int) -> None:
    """In a process of its own: it ends without a word at call number `dies_at`."""
    from mardev.connectors.http import RequestPipeline

    send, calls = RequestPipeline.send, iter(range(10**9))

    def dying(pipeline, call):
        if next(calls) >= dies_at:
            os._exit(KILLED)
        return send(pipeline, call)

    RequestPipeline.send = dying
    collect_creators(world.context(create_engine(url, "writer"), iteration=KEY))
    os._exit(0)


def test_killed_at_ten_random_calls_the_crawl_publishes_the_identical_graph(world, new_warehouse, opened):
    undisturbed = world.context(new_warehouse(opened), iteration=KEY)
    publish_creators(undisturbed, gate_creators(undisturbed, collect_creators(undisturbed)))
    context = world.context(new_warehouse(opened), iteration=KEY)
    url = context.warehouse.url.render_as_string(hide_password=False)
    processes = multiprocessing.get_context("fork")
    for dies_at in random.Random(5).choices(range(1, 30), k=KILLS):
        context.warehouse.dispose()
        process = processes.Process(target=crawl_until_killed, args=(world, url, dies_at))
        process.start()
        process.join()
        assert process.exitcode == KILLED
    publish_creators(context, gate_creators(context, collect_creators(context)))
    assert fingerprints(context.warehouse) == fingerprints(undisturbed.warehouse)

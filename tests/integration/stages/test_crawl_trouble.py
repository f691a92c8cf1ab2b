"""Trouble while the creators are collected: a clear error, nothing lost, nothing asked or written twice."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa

from builders.mishaps import at_statement, killing
from builders.served_world import fingerprints
from mardev.errors import ContractBroken, CredentialRejected, QuotaExhausted, TransportFailed
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.crawl import ASKED_AT_ONCE
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators

KEY = "troubled"
FORM = {"campaign": "Troubled", "markets": ["DE", "US"], "topics": ["mobile games"], "channel_limit": 30}
PLANS_SHARE = 40 - 4 - 6  # of 40 units the refresh counts on a tenth, the watch on 15 %, the checks on less than one
NOBODY = "UC" + "0" * 22


@pytest.fixture(scope="module")
def opened(world, new_warehouse) -> str:
    """Database with an iteration whose creators were not collected yet, to be copied."""
    engine = new_warehouse()
    starting_points = ["@nobody-at-all", NOBODY, f"https://www.youtube.com/channel/{NOBODY}"]
    open_iteration(world.context(engine, params=FORM | {"starting_points": starting_points}))
    return str(engine.url.database)


@pytest.fixture(scope="module")
def warehouse(new_warehouse, opened) -> sa.Engine:
    return new_warehouse(opened)


@pytest.fixture
def context(world, warehouse):
    """The opened iteration, as if nothing had been asked before."""
    with warehouse.begin() as connection:
        for table in ("crawl_item", "raw_payload", "quota_bucket", "breaker"):
            connection.execute(sa.text(f"DELETE FROM ops.{table}"))
    return world.context(warehouse, iteration=KEY)


@pytest.fixture(scope="module")
def collected(world, new_warehouse, opened) -> str:
    """Database whose batches passed the gate, to be copied."""
    engine = new_warehouse(opened)
    context = world.context(engine, iteration=KEY)
    gate_creators(context, collect_creators(context))
    return str(engine.url.database)


def with_youtube(context, world, **changed):
    return replace(context, connection=world.context(context.warehouse, youtube=changed).connection)


def one(context, query: str):
    with context.warehouse.connect() as connection:
        return connection.scalar(sa.text(query))


def asked_twice(context) -> int:
    """Requests that were answered more than once, by the archive of raw answers."""
    return one(
        context,
        "SELECT count(*) FROM (SELECT FROM ops.raw_payload WHERE api = 'youtube' AND status_code = 200 "
        "GROUP BY request_digest HAVING count(*) > 1) AS twice",
    )


def test_a_starting_point_that_does_not_exist_is_reported_and_harmless(context):
    result = collect_creators(context)
    assert result["unknown_starting_points"] == ["@nobody-at-all", NOBODY]
    assert result["channels"] == FORM["channel_limit"]
    assert collect_creators(context)["unknown_starting_points"] == ["@nobody-at-all", NOBODY]


def test_a_spent_quota_says_when_it_comes_back_and_the_crawl_goes_on_then(world, context):
    limited = with_youtube(context, world, extra={"quota_limits": {"default": 40}})
    spent = []
    while True:
        try:
            collected = collect_creators(limited)
            break
        except QuotaExhausted as exhausted:
            now = world.control.time().now
            assert now < exhausted.resets_at <= now + timedelta(days=1)
            assert exhausted.resets_at == exhausted.not_before
            assert exhausted.resets_at.astimezone(UTC).hour in (7, 8)  # midnight in Los Angeles
            assert one(context, "SELECT max(spent_units) FROM ops.quota_bucket WHERE bucket = 'default'") == PLANS_SHARE
            spent.append(exhausted.resets_at)
            world.control.advance(exhausted.resets_at)
    assert len(spent) >= 2
    assert asked_twice(context) == 0
    assert collected["channels"] == FORM["channel_limit"]


def test_a_quota_that_the_platform_calls_spent_comes_back_as_well(world, context):
    with world.broken("youtube", "quota"), pytest.raises(QuotaExhausted) as caught:
        collect_creators(context)
    assert caught.value.resets_at > world.control.time().now
    world.control.advance(caught.value.resets_at)
    assert collect_creators(context)["channels"] == FORM["channel_limit"]


def test_a_wrong_key_is_named_by_its_connection_and_not_shown(world, context):
    with pytest.raises(CredentialRejected, match="mardev_youtube") as caught:
        collect_creators(with_youtube(context, world, password="WRONG-CANARY"))
    assert "WRONG-CANARY" not in str(caught.value)
    assert collect_creators(context)["channels"] == FORM["channel_limit"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("html_error", TransportFailed), ("truncated", TransportFailed), ("repeats_page", ContractBroken)],
)
def test_a_service_in_trouble_stops_the_crawl_and_it_goes_on_afterwards(world, context, monkeypatch, kind, error):
    for limit in ("MAX_PAGE_SIZE", "MAX_IDS_PER_CALL"):  # so that the short lists of a small world have pages
        monkeypatch.setattr(f"mardev.connectors.youtube.client.{limit}", 5)
    with ExitStack() as until_mended:

        def break_it(_connection: sa.Connection) -> None:
            until_mended.enter_context(world.broken("youtube", kind))

        with (
            # In the middle: when the first answers are written down.
            at_statement(context.warehouse, break_it, containing="INSERT INTO ops.crawl_item"),
            pytest.raises(error) as caught,
        ):
            collect_creators(context)
    assert "youtube" in str(caught.value) or "list" in str(caught.value)
    assert one(context, "SELECT count(*) FROM ops.crawl_item") > 0
    world.let_pass(minutes=2)  # a service that failed several times is left alone for a minute
    assert collect_creators(context)["channels"] == FORM["channel_limit"]
    assert asked_twice(context) <= ASKED_AT_ONCE  # only what was under way


def test_a_malformed_row_is_set_aside_and_counted_and_the_rest_is_published(world, new_warehouse, opened):
    context = world.context(new_warehouse(opened), iteration=KEY)
    collect_creators(context)
    with context.warehouse.begin() as connection:
        connection.execute(sa.text(
            "UPDATE ops.crawl_item SET result = result || '{\"subscribers\": \"plenty\", \"country\": \"DE\"}' "
            "WHERE (step, item_key) IN (SELECT step, item_key FROM ops.crawl_item "
            "WHERE step = 'channel' AND result ->> 'country' = 'DE' ORDER BY sequence_no LIMIT 1)"
        ))  # fmt: skip
    reports = publish_creators(context, gate_creators(context, collect_creators(context)))
    snapshots = reports["channel_snapshot"]
    assert (snapshots["staged"], snapshots["quarantined"], snapshots["inserted"]) == (30, 1, 29)
    assert one(context, "SELECT count(*) FROM core.channel_snapshot") == 29
    assert one(context, "SELECT bool_and(snapshot_at = opened_at) FROM core.channel_snapshot, core.iteration")
    with context.warehouse.connect() as connection:
        (row,) = connection.execute(sa.text("SELECT asset, rules, payload FROM dq.quarantined_row")).mappings()
    assert row["asset"] == "channel_snapshot"
    assert row["rules"]
    assert "plenty" in str(row["payload"])


def test_a_database_that_dies_while_rows_are_published_leaves_them_to_the_next_try(
    world, new_warehouse, postgres, collected
):
    undisturbed = world.context(new_warehouse(collected), iteration=KEY)
    context = world.context(new_warehouse(collected), iteration=KEY)
    with at_statement(undisturbed.warehouse, killing(postgres), number=0) as statements:
        publish_creators(undisturbed, runs_that_passed(undisturbed))
    for part in (0.1, 0.5):
        with (
            at_statement(context.warehouse, killing(postgres), number=round(len(statements) * part)),
            pytest.raises((sa.exc.DBAPIError, TransportFailed)),
        ):
            publish_creators(context, runs_that_passed(context))
    publish_creators(context, runs_that_passed(context))
    assert fingerprints(context.warehouse) == fingerprints(undisturbed.warehouse)


def runs_that_passed(context) -> list[int]:
    with context.warehouse.connect() as connection:
        runs = connection.scalars(sa.text("SELECT ingest_run_id FROM ops.ingest_run ORDER BY 1")).all()
    return list(runs)[-5:]

"""The connectors as a stage step gets them: the simulated world on one side, the warehouse on the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from builders.simulation import Simulation, running_simulation
from mardev.clock import FixedClock
from mardev.connectors.errors import NotThere
from mardev.domain.words import World
from mardev.errors import CredentialRejected, FixFirst, QuotaExhausted, TransportFailed, WorldsMixed
from mardev.stages import clients
from mardev.stages.context import StageContext
from mardev.warehouse import tables

CREATORS = 12
BUILDERS = (clients.youtube, clients.mailbox, clients.shlink, clients.analytics, clients.shop)


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with running_simulation(tmp_path_factory.mktemp("sandbox"), CREATORS) as running:
        yield running


@pytest.fixture
def context(engine: sa.Engine, clock: FixedClock, simulation: Simulation) -> StageContext:
    return stage_context(engine, clock, records=simulation.records())


def rows_of(engine: sa.Engine, table: sa.Table) -> list[sa.Row]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def test_a_step_reads_channels_and_the_warehouse_counts_and_keeps_the_answers(context, engine, simulation):
    ids = [creator.channel_id for creator in simulation.world.creators]
    with clients.youtube(context) as youtube:
        assert len(list(youtube.channels(ids))) == CREATORS
        assert (youtube.remaining_units(), youtube.limit_units()) == (7_399, 10_000)  # others count on 2,600
    (bucket,) = rows_of(engine, tables.quota_bucket)
    assert (bucket.api, bucket.bucket, bucket.spent_units, bucket.unit_limit) == ("youtube", "default", 1, 10_000)
    (payload,) = rows_of(engine, tables.raw_payload)
    assert (payload.api, payload.world, payload.status_code) == ("youtube", "sandbox", 200)
    assert payload.expires_at - payload.fetched_at == timedelta(days=30)
    for record in context.connection("mardev_youtube"), bucket, payload:
        assert "SANDBOX-KEY" not in repr(record)


def test_a_spent_quota_stops_the_next_step_too(engine, clock, simulation):
    records = [replace(one, extra={**one.extra, "quota_limits": {"default": 1}}) for one in simulation.records()]
    context = stage_context(engine, clock, records=tuple(records))
    with clients.youtube(context) as youtube:
        list(youtube.channels(["UC_any"]))
    with clients.youtube(context) as youtube, pytest.raises(QuotaExhausted):
        list(youtube.channels(["UC_any"]))


def test_every_client_reaches_its_system(context, simulation):
    today = simulation.world.now.date()
    with clients.mailbox(context) as mailbox:
        assert list(mailbox.new_messages()) == []
    with clients.shlink(context) as shlink, pytest.raises(NotThere):
        shlink.get("gone")
    with clients.analytics(context) as analytics:
        assert all(one.sessions >= 0 for one in analytics.sessions_by_content(today, today))
    with clients.shop(context) as shop:
        page = shop.app_page("DE")
        assert isinstance(list(shop.orders(simulation.world.now)), list)
    with clients.landing(context) as landing:
        assert landing.follow(page).is_open


@pytest.mark.parametrize("build", BUILDERS)
def test_a_connection_of_the_other_world_is_refused(engine, clock, simulation, build):
    context = stage_context(engine, clock, records=simulation.records(), world=World.LIVE)
    with pytest.raises(WorldsMixed):
        build(context)


@pytest.mark.parametrize("build", BUILDERS)
def test_a_connection_without_a_credential_asks_a_person(engine, clock, simulation, build):
    records = tuple(replace(one, password="") for one in simulation.records())
    with pytest.raises(CredentialRejected, match="has no password"):
        build(stage_context(engine, clock, records=records))


@pytest.mark.parametrize("build", BUILDERS)
def test_a_missing_connection_asks_a_person(engine, clock, build):
    with pytest.raises(FixFirst, match="no connection"):
        build(stage_context(engine, clock))


def test_a_service_that_is_gone_is_left_alone_by_every_step(engine, clock, simulation):
    records = tuple(replace(one, host="http://127.0.0.1:9/") for one in simulation.records())
    context = stage_context(engine, clock, records=records)
    for _ in range(2):
        with clients.shlink(context) as shlink, pytest.raises(TransportFailed):
            shlink.health()
    with clients.shlink(context) as shlink, pytest.raises(TransportFailed, match="left alone") as caught:
        shlink.health()
    assert caught.value.not_before == clock.now() + timedelta(seconds=60)
    (state,) = rows_of(engine, tables.breaker)
    assert (state.api, state.failure_count >= 5) == ("sandbox/shlink", True)

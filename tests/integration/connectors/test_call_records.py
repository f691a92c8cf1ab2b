"""Quota, breaker and archive on a real PostgreSQL."""

import os
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from mardev.connectors.quota import BucketLimit, pacific_day
from mardev.domain.words import World
from mardev.errors import QuotaExhausted, TransportFailed
from mardev.stages.call_quota import WarehouseQuota
from mardev.stages.call_records import (
    ANSWERS_HELD_BACK,
    SideConnection,
    WarehouseArchive,
    WarehouseBreaker,
)
from mardev.warehouse import tables
from mardev.warehouse.embedded import EmbeddedPostgres
from mardev.warehouse.engine import create_engine

NOON = datetime(2026, 10, 5, 8, tzinfo=UTC)
RESET = datetime(2026, 10, 6, 7, tzinfo=UTC)  # midnight, UTC-7
THOUSAND = {("youtube", "default"): BucketLimit(1_000, pacific_day, "test")}


@pytest.fixture(scope="module")
def calls_url(postgres: EmbeddedPostgres, template_database: str) -> str:
    """One database for this file: the tests touch three tables only, and empty them."""
    name = f"calls_{os.getpid()}"
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER mardev TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template_database)
            )
        )
    return postgres.url("mardev", name).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def engine(calls_url: str) -> Iterator[sa.Engine]:
    owner = create_engine(calls_url, "owner")
    with owner.begin() as connection:
        for table in (tables.quota_bucket, tables.breaker, tables.raw_payload):
            connection.execute(sa.delete(table))
    owner.dispose()
    writer = create_engine(calls_url, "writer")
    yield writer
    writer.dispose()


@pytest.fixture
def beside(engine: sa.Engine) -> Iterator[SideConnection]:
    connection = SideConnection(engine)
    yield connection
    connection.close()


def rows_of(engine: sa.Engine, table: sa.Table) -> list[sa.Row]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def test_eight_threads_racing_for_a_thousand_units_get_exactly_a_thousand(engine):
    granted = [0] * 8
    start = threading.Barrier(8)

    def race(number: int) -> None:
        connection = SideConnection(engine)
        quota = WarehouseQuota(connection, THOUSAND)
        start.wait()
        try:
            while True:
                quota.reserve("youtube", "default", "key", 1, NOON)
                granted[number] += 1
        except QuotaExhausted:
            pass
        finally:
            connection.close()

    racers = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    (bucket,) = rows_of(engine, tables.quota_bucket)
    assert sum(granted) == bucket.spent_units == 1_000


def test_who_asks_often_takes_more_at_once_and_gives_the_rest_back(beside, engine):
    quota = WarehouseQuota(beside, THOUSAND)
    for _ in range(10):
        quota.reserve("youtube", "default", "key", 1, NOON)
    assert quota.remaining("youtube", "default", "key", NOON) == 990
    assert WarehouseQuota(beside, THOUSAND).remaining("youtube", "default", "key", NOON) == 985  # 1 + 2 + 4 + 8 taken
    quota.close()
    assert WarehouseQuota(beside, THOUSAND).remaining("youtube", "default", "key", NOON) == 990


def test_the_last_units_are_handed_out_one_by_one(beside):
    limits = {("youtube", "default"): BucketLimit(12, pacific_day, "test")}
    quota = WarehouseQuota(beside, limits)
    for _ in range(12):
        quota.reserve("youtube", "default", "key", 1, NOON)
    with pytest.raises(QuotaExhausted):
        quota.reserve("youtube", "default", "key", 1, NOON)


def test_a_spent_quota_says_when_it_comes_back(beside):
    quota = WarehouseQuota(beside, THOUSAND)
    quota.reserve("youtube", "default", "key", 999, NOON)
    with pytest.raises(QuotaExhausted) as caught:
        quota.reserve("youtube", "default", "key", 2, NOON)
    assert caught.value.not_before == RESET
    assert quota.remaining("youtube", "default", "key", NOON) == 1


def test_more_than_a_whole_day_is_refused_at_once(beside, engine):
    with pytest.raises(QuotaExhausted):
        WarehouseQuota(beside, THOUSAND).reserve("youtube", "default", "key", 1_001, NOON)
    assert rows_of(engine, tables.quota_bucket) == []


def test_the_next_day_starts_full(beside):
    quota = WarehouseQuota(beside, THOUSAND)
    quota.reserve("youtube", "default", "key", 1_000, NOON)
    quota.reserve("youtube", "default", "key", 1, RESET)
    assert quota.remaining("youtube", "default", "key", RESET) == 999


def test_another_process_sees_what_was_spent(beside, calls_url):
    WarehouseQuota(beside, THOUSAND).reserve("youtube", "default", "key", 400, NOON)
    other_engine = create_engine(calls_url, "writer")
    other = SideConnection(other_engine)
    assert WarehouseQuota(other, THOUSAND).remaining("youtube", "default", "key", NOON) == 600
    other.close()
    other_engine.dispose()


def test_two_credentials_have_accounts_of_their_own(beside):
    quota = WarehouseQuota(beside, THOUSAND)
    quota.reserve("youtube", "default", "one", 1_000, NOON)
    assert quota.remaining("youtube", "default", "two", NOON) == 1_000


def test_what_was_not_spent_comes_back(beside):
    quota = WarehouseQuota(beside, THOUSAND)
    reservation = quota.reserve("youtube", "default", "key", 10, NOON)
    quota.settle(reservation, 10)
    assert quota.remaining("youtube", "default", "key", NOON) == 990
    quota.settle(reservation, 0)
    assert quota.remaining("youtube", "default", "key", NOON) == 1_000


def test_the_services_word_empties_the_bucket(beside):
    quota = WarehouseQuota(beside, THOUSAND)
    assert quota.exhaust("youtube", "default", "key", NOON) == RESET
    with pytest.raises(QuotaExhausted):
        quota.reserve("youtube", "default", "key", 1, NOON)
    assert quota.remaining("youtube", "default", "key", NOON) == 0


def test_a_granted_extension_counts_at_once(beside):
    WarehouseQuota(beside, THOUSAND).reserve("youtube", "default", "key", 1_000, NOON)
    more = WarehouseQuota(beside, {("youtube", "default"): BucketLimit(2_000, pacific_day, "test")})
    more.reserve("youtube", "default", "key", 1_000, NOON)
    assert more.limit("youtube", "default") == 2_000
    assert more.remaining("youtube", "default", "key", NOON) == 0


def test_a_bucket_without_a_limit_is_not_counted(beside, engine):
    quota = WarehouseQuota(beside, {})
    quota.settle(quota.reserve("shlink", "default", "key", 1, NOON), 0)
    assert quota.remaining("shlink", "default", "key", NOON) is None
    assert quota.limit("shlink", "default") is None
    assert quota.exhaust("shlink", "default", "key", NOON) == NOON + timedelta(days=1)
    assert rows_of(engine, tables.quota_bucket) == []


def test_what_was_spent_stays_when_the_step_rolls_back(beside, engine):
    quota = WarehouseQuota(beside, THOUSAND)
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(sa.select(sa.func.now()))
        quota.reserve("youtube", "default", "key", 5, NOON)
        transaction.rollback()
    assert quota.remaining("youtube", "default", "key", NOON) == 995


def breaker_on(beside: SideConnection, world: World = World.SANDBOX) -> WarehouseBreaker:
    return WarehouseBreaker(beside, world, failures_to_open=3, cool_down=timedelta(minutes=1))


def fail(breaker: WarehouseBreaker, times: int) -> None:
    for _ in range(times):
        breaker.failed("youtube", NOON, "503")


def test_failures_in_a_row_open_the_breaker_for_every_process(beside):
    fail(breaker_on(beside), 3)
    with pytest.raises(TransportFailed) as caught:
        breaker_on(beside).check("youtube", NOON)
    assert caught.value.not_before == NOON + timedelta(minutes=1)


def test_fewer_failures_do_not(beside):
    breaker = breaker_on(beside)
    fail(breaker, 2)
    breaker.check("youtube", NOON)


def test_a_success_in_between_starts_the_count_again(beside, engine):
    breaker = breaker_on(beside)
    fail(breaker, 2)
    breaker.succeeded("youtube", NOON)
    fail(breaker, 2)
    breaker.check("youtube", NOON)
    (state,) = rows_of(engine, tables.breaker)
    assert (state.failure_count, state.opened_at) == (2, None)


def test_after_the_cool_down_one_process_tries_and_the_others_wait(beside):
    fail(breaker_on(beside), 3)
    later = NOON + timedelta(minutes=1)
    first, second = breaker_on(beside), breaker_on(beside)
    first.check("youtube", later)
    with pytest.raises(TransportFailed) as caught:
        second.check("youtube", later)
    assert caught.value.not_before == later + timedelta(minutes=1)
    first.succeeded("youtube", later)
    breaker_on(beside).check("youtube", later)


def test_a_failed_try_waits_again_and_remembers_since_when_it_is_down(beside, engine):
    breaker = breaker_on(beside)
    fail(breaker, 3)
    later = NOON + timedelta(minutes=2)
    breaker.check("youtube", later)
    breaker.failed("youtube", later, "still 503")
    (state,) = rows_of(engine, tables.breaker)
    assert (state.opened_at, state.retry_at) == (NOON, later + timedelta(minutes=1))
    assert (state.failure_count, state.last_error) == (4, "still 503")


def test_an_outage_of_one_world_is_none_of_the_other(beside):
    fail(breaker_on(beside), 3)
    breaker_on(beside, World.LIVE).check("youtube", NOON)


def test_a_breaker_may_open_at_the_first_failure(beside):
    breaker = WarehouseBreaker(beside, World.SANDBOX, failures_to_open=1)
    breaker.failed("youtube", NOON, "503")
    with pytest.raises(TransportFailed):
        breaker.check("youtube", NOON)


def test_success_without_a_failure_writes_nothing(beside, engine):
    breaker = breaker_on(beside)
    breaker.check("youtube", NOON)
    breaker.succeeded("youtube", NOON)
    assert rows_of(engine, tables.breaker) == []


def keep(archive: WarehouseArchive, digest: str) -> None:
    archive.keep("youtube", digest, NOON, NOON + timedelta(days=30), 200, b'{"a": 1}' * 100)


def test_answers_are_kept_compressed_once_flushed(beside, engine):
    archive = WarehouseArchive(beside, World.SANDBOX)
    keep(archive, "d1")
    assert rows_of(engine, tables.raw_payload) == []
    archive.flush()
    archive.flush()
    (row,) = rows_of(engine, tables.raw_payload)
    assert zlib.decompress(bytes(row.body)) == b'{"a": 1}' * 100
    assert len(row.body) < 100
    assert (row.world, row.expires_at) == ("sandbox", NOON + timedelta(days=30))


def test_a_full_archive_writes_by_itself(beside, engine):
    archive = WarehouseArchive(beside, World.SANDBOX)
    for number in range(ANSWERS_HELD_BACK):
        keep(archive, str(number))
    assert len(rows_of(engine, tables.raw_payload)) == ANSWERS_HELD_BACK


def test_the_same_answer_is_kept_once(beside, engine):
    for _ in range(2):
        archive = WarehouseArchive(beside, World.SANDBOX)
        keep(archive, "d1")
        archive.flush()
    assert len(rows_of(engine, tables.raw_payload)) == 1


def test_a_warehouse_that_is_gone_is_tried_again_later(postgres):
    nowhere = create_engine(postgres.url("mardev", "no_such_database").replace("postgresql:", "postgresql+psycopg:", 1))
    with pytest.raises(TransportFailed, match="warehouse does not answer"):
        SideConnection(nowhere).run(sa.select(1))


def test_a_connection_that_broke_is_opened_again(beside, postgres, calls_url):
    beside.run(sa.select(1))
    admin = create_engine(calls_url, "owner")
    with admin.connect() as connection:
        others = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
        connection.execute(others)
    admin.dispose()
    with pytest.raises(TransportFailed):
        beside.run(sa.select(1))
    assert beside.run(sa.select(1))[0][0] == 1

"""A record that a connector cannot read is kept for people, counted, and holds nothing else up."""

import httpx
import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from builders.pipelines import record_of
from mardev.connectors.http import open_http
from mardev.connectors.shop.records import ORDER_COLUMNS
from mardev.errors import GateBlocked
from mardev.stages.conversions import stage_orders
from mardev.stages.publishing import PublishReport, gate_and_publish

GOOD = {
    "order_id": "A1",
    "ordered_at": "2026-10-05T07:00:00Z",
    "kind": "install",
    "market": "DE",
    "currency": "",
    "is_test": "false",
}


@pytest.fixture
def orders(engine, clock, monkeypatch):
    """Publishes the orders of a shop that answers these rows."""

    def publish(*rows: dict[str, str]) -> list[PublishReport]:
        lines = [",".join(ORDER_COLUMNS), *(",".join(row.get(name, "") for name in ORDER_COLUMNS) for row in rows)]
        answer = httpx.MockTransport(lambda _request: httpx.Response(200, text="\r\n".join(lines)))
        monkeypatch.setattr("mardev.stages.clients.open_http", lambda: open_http(answer))
        context = stage_context(engine, clock, records=(record_of("mardev_shop"),))
        return gate_and_publish(context, [stage_orders(context, clock.now())])

    return publish


def one(engine: sa.Engine, query: str):
    with engine.connect() as connection:
        return tuple(connection.execute(sa.text(query)).one())


def test_the_record_is_quarantined_with_its_reason_and_the_rest_is_published(engine, orders):
    orders(GOOD, GOOD | {"order_id": "A2", "ordered_at": "yesterday"}, GOOD | {"order_id": "A3"})
    assert one(engine, "SELECT array_agg(conversion_key ORDER BY 1) FROM core.conversion") == (["shop:A1", "shop:A3"],)
    asset, rules, payload = one(engine, "SELECT asset, rules, payload FROM dq.quarantined_row")
    assert asset == "conversion"
    assert "values_are_readable" in rules
    assert "line 3: ordered_at is not an instant" in payload["reason"]
    assert '"A2"' in payload["record"]


def test_the_run_ledger_counts_it(engine, orders):
    orders(GOOD, GOOD | {"order_id": "A2", "kind": "wish"})
    counts = "SELECT staged_count, quarantined_count, inserted_count FROM ops.ingest_run"
    assert one(engine, counts) == (2, 1, 1)


def test_what_no_database_can_hold_is_kept_without_it(engine, orders):
    orders(GOOD, GOOD | {"order_id": "A\x002", "ordered_at": "never"})
    assert one(engine, "SELECT count(*) FROM dq.quarantined_row") == (1,)


def test_many_unreadable_records_are_no_exception_but_a_changed_source(engine, orders):
    broken = [GOOD | {"order_id": f"B{number}", "market": "?"} for number in range(10)]
    with pytest.raises(GateBlocked, match="values_are_readable"):
        orders(GOOD, *broken)
    assert one(engine, "SELECT count(*) FROM core.conversion") == (0,)

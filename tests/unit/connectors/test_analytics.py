"""Analytics: one report, read exactly."""

import json
from datetime import date

import pytest

from builders.pipelines import NOON, Wire, collected, google_pipeline_on, google_refusal, json_answer, record_of
from mardev.connectors.analytics import Analytics, SessionRecord
from mardev.connectors.analytics import limits as analytics_limits
from mardev.connectors.analytics.records import DIMENSIONS, METRICS
from mardev.connectors.in_memory import InMemoryQuota
from mardev.errors import ContractBroken, FixFirst

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 3)


def row(day="20261001", *utm, sessions="12", key_events="3"):
    values = (day, *(utm or ("youtube", "paid_social", "autumn", "autumn-1")))
    return {
        "dimensionValues": [{"value": value} for value in values],
        "metricValues": [{"value": sessions}, {"value": key_events}],
    }


def report(*rows, count=None, **changes):
    body = {
        "dimensionHeaders": [{"name": name} for name in DIMENSIONS],
        "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in METRICS],
        "rowCount": len(rows) if count is None else count,
        "kind": "analyticsData#runReport",
        **({"rows": list(rows)} if rows else {}),
        **changes,
    }
    return json_answer({name: value for name, value in body.items() if value is not None})


def analytics_on(*answers, **options) -> tuple[Analytics, Wire]:
    wire = Wire(*answers)
    pipeline = google_pipeline_on(wire, "analytics", quota=InMemoryQuota(analytics_limits.bucket_limits()))
    record = record_of("mardev_analytics", extra={"property_id": "properties/123"})
    return Analytics(pipeline, record, lambda: NOON, **options), wire


def sessions_of(*answers, **options):
    return list(analytics_on(*answers, **options)[0].sessions_by_content(FIRST, LAST))


def test_sessions_are_read_with_exact_types():
    analytics, wire = analytics_on(report(row()))
    (record,) = analytics.sessions_by_content(FIRST, LAST)
    assert record == SessionRecord(FIRST, "youtube", "paid_social", "autumn", "autumn-1", 12, 3)
    (request,) = wire.requests
    assert request.url.path == "/v1beta/properties/123:runReport"
    body = json.loads(request.content)
    assert body["dateRanges"] == [{"startDate": "2026-10-01", "endDate": "2026-10-03"}]
    assert [one["name"] for one in body["dimensions"]] == list(DIMENSIONS)


def test_what_was_not_set_is_none():
    (record,) = sessions_of(report(row("20261001", "(not set)", "(none)", "", "(not set)", key_events="3.0")))
    assert (record.utm_source, record.utm_medium, record.utm_campaign, record.utm_content) == (None,) * 4
    assert record.key_events == 3


def test_a_report_without_rows_is_empty():
    assert sessions_of(report()) == []


def test_a_long_report_is_read_in_pages():
    analytics, wire = analytics_on(report(row(), count=2), report(row("20261002"), count=2))
    assert [record.day_on.day for record in analytics.sessions_by_content(FIRST, LAST)] == [1, 2]
    assert [json.loads(request.content)["offset"] for request in wire.requests] == ["0", "1"]


def test_a_report_may_be_asked_for_again_after_trouble():
    analytics, wire = analytics_on(google_refusal(503, "backendError"), report(row()))
    assert len(list(analytics.sessions_by_content(FIRST, LAST))) == 1
    assert len(wire.requests) == 2


@pytest.mark.parametrize(
    "bad",
    [
        {**row(), "dimensionValues": None},
        {**row(), "metricValues": [{"value": "1"}]},
        {**row(), "dimensionValues": [{"value": 1}] * 5},
        row("2026-10-01"),
        row("20261341"),
        row(sessions="many"),
        row(sessions="-1"),
        row(sessions="1.5"),
    ],
)
def test_malformed_rows_are_handed_over(bad):
    found, on_malformed = collected()
    assert len(sessions_of(report(bad, row()), on_malformed=on_malformed)) == 1
    assert len(found) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"dimensionHeaders": None},
        {"metricHeaders": [{"name": "sessions"}, {"name": "conversions"}]},
        {"rows": {}},
        {"rowCount": "some"},
    ],
)
def test_a_report_of_another_shape_breaks_the_contract(changes):
    with pytest.raises(ContractBroken):
        sessions_of(report(row(), **changes))


def test_a_report_that_is_no_object_breaks_the_contract():
    with pytest.raises(ContractBroken):
        sessions_of(json_answer([]))


def test_the_property_must_be_named_by_its_number():
    with pytest.raises(FixFirst, match="property_id"):
        Analytics(google_pipeline_on(Wire(report()), "analytics"), record_of("mardev_analytics"), lambda: NOON)


def test_leaving_the_client_closes_it():
    with analytics_on(report())[0] as analytics:
        assert list(analytics.sessions_by_content(FIRST, LAST)) == []

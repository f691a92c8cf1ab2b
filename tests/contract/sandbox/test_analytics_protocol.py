"""GA4's runReport of the sandbox, used by the unmodified google-api-python-client over real HTTP."""

import pytest
from googleapiclient.errors import HttpError

DIMENSIONS = ["date", "sessionSource", "sessionMedium", "sessionCampaignName", "sessionManualAdContent"]
METRICS = ["sessions", "totalUsers", "keyEvents", "totalRevenue"]
WEEK = [{"startDate": "2026-10-01", "endDate": "2026-10-05"}]


@pytest.fixture
def run_report(served):
    properties = served.with_bearer("analyticsdata.v1beta", "analytics").properties()

    def run(dimensions=DIMENSIONS, metrics=METRICS, ranges=WEEK, **rest):
        body = {
            "dimensions": [{"name": name} for name in dimensions],
            "metrics": [{"name": name} for name in metrics],
            "dateRanges": ranges,
            **rest,
        }
        return properties.runReport(property="properties/123456", body=body).execute()

    return run


def values(row, kind):
    return [one["value"] for one in row[f"{kind}Values"]]


def test_a_report_has_a_row_for_each_day_and_source(run_report):
    report = run_report()
    assert report["rowCount"] == 5 * 3  # two placements and the direct visits on each of five days
    last = report["rows"][-1]
    assert values(last, "dimension") == ["20261005", "youtube", "paid_social", "it-1", "placement-2"]
    assert values(last, "metric") == ["8", "7", "2", "4.99"]


def test_visits_without_a_source_are_direct(run_report):
    assert values(run_report()["rows"][0], "dimension") == ["20261001", "(direct)", "(none)", "(not set)", "(not set)"]


def test_rows_are_summed_over_what_was_not_asked_for(run_report):
    report = run_report(dimensions=["sessionSource"], metrics=["sessions", "totalRevenue"])
    assert [values(row, "metric") for row in report["rows"]] == [["5", "0"], ["80", "49.9"]]


def test_limit_and_offset_cut_the_rows_not_the_count(run_report):
    report = run_report(limit=4, offset="13")
    assert (len(report["rows"]), report["rowCount"]) == (2, 15)


def test_rows_can_be_ordered_by_a_metric(run_report):
    report = run_report(dimensions=["sessionSource"], orderBys=[{"metric": {"metricName": "sessions"}, "desc": True}])
    assert values(report["rows"][0], "dimension") == ["youtube"]


def test_rows_can_be_filtered_by_a_dimension(run_report):
    wanted = {"filter": {"fieldName": "sessionManualAdContent", "inListFilter": {"values": ["placement-1"]}}}
    assert run_report(dimensionFilter=wanted)["rowCount"] == 5
    assert run_report(dimensionFilter={"notExpression": wanted})["rowCount"] == 10


def test_days_can_be_named_from_the_worlds_today(run_report):
    report = run_report(dimensions=["date"], ranges=[{"startDate": "1daysAgo", "endDate": "today"}])
    assert [values(row, "dimension") for row in report["rows"]] == [["20261004"], ["20261005"]]


def test_the_property_quota_is_told_when_asked_for(run_report):
    assert "propertyQuota" not in run_report()
    quota = run_report(returnPropertyQuota=True)["propertyQuota"]
    assert quota["tokensPerDay"] == {"consumed": 1, "remaining": 200_000 - 2}


@pytest.mark.parametrize(
    "change",
    [
        {"dimensions": ["shoeSize"]},
        {"metrics": ["shoeSize"]},
        {"ranges": [{"startDate": "soon", "endDate": "today"}]},
        {"ranges": [{"startDate": "today", "endDate": "yesterday"}]},
        {"ranges": []},
        {"colour": "red"},
        {"limit": -1},
        {"dimensions": [], "metrics": []},
    ],
)
def test_wrong_reports_are_an_invalid_argument(run_report, change):
    with pytest.raises(HttpError) as caught:
        run_report(**change)
    assert caught.value.status_code == 400
    assert b'"INVALID_ARGUMENT"' in caught.value.content


def test_a_report_without_a_token_is_unauthenticated(served):
    answer = served.http.post("/analytics/v1beta/properties/1:runReport", json={})
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_an_outage_of_analytics_is_unavailable(served, run_report):
    served.world.start_incident("analytics")
    with pytest.raises(HttpError) as caught:
        run_report()
    assert caught.value.status_code == 503

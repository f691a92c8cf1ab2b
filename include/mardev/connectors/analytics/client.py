"""Client for the Google Analytics Data API, version 1 beta."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from mardev.connectors.analytics.limits import ROWS_PER_PAGE, cost_of, operation_of
from mardev.connectors.analytics.records import DIMENSIONS, METRICS, SessionRecord, read_session
from mardev.connectors.client import PipelineClient
from mardev.connectors.google import PipelineTransport, build_service
from mardev.connectors.http import RequestPipeline
from mardev.connectors.reading import OnMalformed, counter, log_malformed, read_each
from mardev.domain.connection import ConnectionRecord
from mardev.errors import ContractBroken, FixFirst, RecordMalformed


class Analytics(PipelineClient):
    """Reports of one property: `property_id` in the connection's extra field.

    Every method raises QuotaExhausted, CredentialRejected, TransportFailed and ContractBroken as `YouTube` does.
    """

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        super().__init__(pipeline)
        property_id = str(record.extra.get("property_id") or "").removeprefix("properties/")
        if not property_id.isdigit():
            raise FixFirst(f"Connection {record.name}: extra field `property_id` must be the number of the property.")
        self._property = f"properties/{property_id}"
        self._now = now
        self._on_malformed = on_malformed
        self._service = build_service(
            "analyticsdata", "v1beta", record.host, PipelineTransport(pipeline, cost_of, operation_of)
        )

    def sessions_by_content(self, first_day: date, last_day: date) -> Iterator[SessionRecord]:
        """Yield sessions and key events for each day and set of UTM parameters, both days included.

        Reports settle slowly: read the last `limits.SETTLING_DAYS` days again each time and write them over.
        """
        read = 0
        while True:
            body = {
                "dateRanges": [{"startDate": first_day.isoformat(), "endDate": last_day.isoformat()}],
                "dimensions": [{"name": name} for name in DIMENSIONS],
                "metrics": [{"name": name} for name in METRICS],
                "orderBys": [{"dimension": {"dimensionName": name}} for name in DIMENSIONS],
                "limit": str(ROWS_PER_PAGE),
                "offset": str(read),
            }
            report = self._service.properties.runReport(property=self._property, body=body).execute(num_retries=0)
            rows, total = _rows(report)
            yield from read_each(rows, read_session, self._on_malformed, "properties.runReport")
            read += len(rows)
            if read >= total or not rows:
                return


def _rows(report: Any) -> tuple[list[Any], int]:
    if not isinstance(report, dict):
        raise ContractBroken(f"properties.runReport answered with a JSON {type(report).__name__}, not an object.")
    _expect_headers(report, "dimensionHeaders", DIMENSIONS)
    _expect_headers(report, "metricHeaders", METRICS)
    rows = report.get("rows", [])  # left out, not empty, when there are none
    if not isinstance(rows, list):
        raise ContractBroken("properties.runReport: rows is not a list.")
    try:
        return rows, counter(report, "rowCount") or 0
    except RecordMalformed as error:
        raise ContractBroken(f"properties.runReport: {error}.") from None


def _expect_headers(report: dict[str, Any], field: str, names: tuple[str, ...]) -> None:
    headers = report.get(field)
    told = tuple(one.get("name") for one in headers if isinstance(one, dict)) if isinstance(headers, list) else ()
    if told != names:
        raise ContractBroken(f"properties.runReport: {field} are not the ones that were asked for.")

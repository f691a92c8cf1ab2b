"""A report over the world's sessions: filter, group, order, cut."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.model import CURRENCY, SessionRow
from sandbox.protocols.google.refusals import invalid_argument

MAX_ROWS = 250_000
DEFAULT_ROWS = 10_000
SCHEMA_HINT = (
    "For a list of valid dimensions and metrics, see "
    "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema "
)
DIMENSIONS: Mapping[str, Callable[[SessionRow], str]] = {
    "date": lambda row: row.date.replace("-", ""),
    "sessionSource": lambda row: row.utm_source or "(direct)",
    "sessionMedium": lambda row: row.utm_medium or "(none)",
    "sessionCampaignName": lambda row: row.utm_campaign or "(not set)",
    "sessionManualAdContent": lambda row: row.utm_content or "(not set)",
}
METRICS: Mapping[str, tuple[str, Callable[[SessionRow], Decimal]]] = {
    "sessions": ("TYPE_INTEGER", lambda row: Decimal(row.sessions)),
    # The world counts sessions, not people: one session in eight is somebody who came before.
    "totalUsers": ("TYPE_INTEGER", lambda row: Decimal(row.sessions - row.sessions // 8)),
    "keyEvents": ("TYPE_FLOAT", lambda row: Decimal(row.key_events)),
    "totalRevenue": ("TYPE_CURRENCY", lambda row: row.revenue),
}
Group = tuple[tuple[str, ...], list[Decimal]]


def date_range(request: Mapping[str, Any], today: date) -> tuple[date, date]:
    """First and last day of the report, both included.

    Raises:
        GoogleRefusal: no range, more than one, or days that cannot be read.
    """
    ranges = request.get("dateRanges", [])
    if len(ranges) != 1:
        raise invalid_argument("The sandbox serves reports with exactly one date range.")
    first, last = (_day(ranges[0].get(name, ""), today) for name in ("startDate", "endDate"))
    if last < first:
        raise invalid_argument(f"Invalid startDate ({first}) and endDate ({last}): the start is after the end.")
    return first, last


def report(request: Mapping[str, Any], rows: Iterable[SessionRow]) -> dict[str, Any]:
    """The answer without its property quota.

    Args:
        request: a `RunReportRequest`.
        rows: the sessions of its date range.

    Raises:
        GoogleRefusal: a dimension, metric, filter or order that this API does not know.
    """
    dimensions = [_known(one["name"], DIMENSIONS, "dimension") for one in request.get("dimensions", [])]
    metrics = [_known(one["name"], METRICS, "metric") for one in request.get("metrics", [])]
    if not dimensions and not metrics:
        raise invalid_argument("The request must have at least one dimension or metric.")
    keep = _filter(request["dimensionFilter"]) if "dimensionFilter" in request else None
    if "metricFilter" in request:
        raise invalid_argument("The sandbox does not serve metric filters.")
    groups = _grouped((row for row in rows if keep is None or keep(row)), dimensions, metrics)
    ordered = _ordered(groups, request.get("orderBys", []), dimensions, metrics)
    offset = int(request.get("offset", 0))
    limit = min(int(request.get("limit", DEFAULT_ROWS)) or DEFAULT_ROWS, MAX_ROWS)
    return {
        "dimensionHeaders": [{"name": name} for name in dimensions],
        "metricHeaders": [{"name": name, "type": METRICS[name][0]} for name in metrics],
        "rows": [_row(group) for group in ordered[offset : offset + limit]],
        "rowCount": len(ordered),
        "metadata": {"currencyCode": CURRENCY, "timeZone": "Etc/UTC"},
        "kind": "analyticsData#runReport",
    }


def _day(text: str, today: date) -> date:
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text]
    if text.endswith("daysAgo") and text.removesuffix("daysAgo").isdigit():
        return today - timedelta(days=min(int(text.removesuffix("daysAgo")), 5000))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid_argument(
            "Invalid date value. Dates must be of the form YYYY-MM-DD, NdaysAgo, yesterday or today."
        ) from None


def _known(name: str, known: Mapping[str, Any], what: str) -> str:
    if name not in known:
        raise invalid_argument(f"Field {name[:80]} is not a valid {what}. {SCHEMA_HINT}")
    return name


def _grouped(rows: Iterable[SessionRow], dimensions: Sequence[str], metrics: Sequence[str]) -> list[Group]:
    groups: dict[tuple[str, ...], list[Decimal]] = {}
    for row in rows:
        key = tuple(DIMENSIONS[name](row) for name in dimensions)
        totals = groups.setdefault(key, [Decimal(0)] * len(metrics))
        for index, name in enumerate(metrics):
            totals[index] += METRICS[name][1](row)
    return sorted(groups.items())


def _ordered(
    groups: list[Group], orders: Sequence[Mapping[str, Any]], dimensions: Sequence[str], metrics: Sequence[str]
) -> list[Group]:
    for order in reversed(orders):
        descending = bool(order.get("desc"))
        if "metric" in order:
            index = _position(order["metric"].get("metricName", ""), metrics)
            groups = sorted(groups, key=lambda group: group[1][index], reverse=descending)
        elif "dimension" in order:
            index = _position(order["dimension"].get("dimensionName", ""), dimensions)
            groups = sorted(groups, key=lambda group: group[0][index], reverse=descending)
        else:
            raise invalid_argument("The sandbox orders by a dimension or by a metric.")
    return groups


def _position(name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise invalid_argument(f"Field {name[:80]} in orderBys is not one of the request's fields.")
    return names.index(name)


def _row(group: Group) -> dict[str, Any]:
    return {
        "dimensionValues": [{"value": value} for value in group[0]],
        "metricValues": [{"value": _shown(value)} for value in group[1]],
    }


def _shown(value: Decimal) -> str:
    """No trailing zeros, no exponent."""
    return str(int(value)) if value == value.to_integral_value() else f"{value.normalize():f}"


def _filter(expression: Mapping[str, Any]) -> Callable[[SessionRow], bool]:
    """A filter expression as a test of a row."""
    if "filter" in expression:
        return _leaf(expression["filter"])
    if "notExpression" in expression:
        inner = _filter(expression["notExpression"])
        return lambda row: not inner(row)
    for name, combine in (("andGroup", all), ("orGroup", any)):
        if name in expression:
            tests = [_filter(child) for child in expression[name].get("expressions", [])]
            return lambda row: combine(test(row) for test in tests)
    raise invalid_argument("An empty filter expression.")


def _leaf(leaf: Mapping[str, Any]) -> Callable[[SessionRow], bool]:
    value_of = DIMENSIONS[_known(leaf.get("fieldName", ""), DIMENSIONS, "dimension")]
    if "inListFilter" in leaf:
        wanted = {value.casefold() for value in leaf["inListFilter"].get("values", [])}
        return lambda row: value_of(row).casefold() in wanted
    if "stringFilter" not in leaf:
        raise invalid_argument("The sandbox filters dimensions by text and by list.")
    text = leaf["stringFilter"].get("value", "").casefold()
    tests: Mapping[str, Callable[[str], bool]] = {
        "EXACT": lambda value: value == text,
        "BEGINS_WITH": lambda value: value.startswith(text),
        "ENDS_WITH": lambda value: value.endswith(text),
        "CONTAINS": lambda value: text in value,
    }
    test = tests.get(leaf["stringFilter"].get("matchType", "EXACT"))
    if test is None:
        raise invalid_argument("The sandbox does not serve this match type.")
    return lambda row: test(value_of(row).casefold())

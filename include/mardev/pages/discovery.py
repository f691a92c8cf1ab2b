"""Discovery: what a search for creators will cost and cover, how far it is, and what it could not see."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mardev.connectors.platforms import platforms
from mardev.pages.access import CurrentPerson, ReadConnection, services_of
from mardev.pages.iteration_head import only_world
from mardev.pages.view import render
from mardev.warehouse.read import query

CRAWLS_SHOWN = 12
router = APIRouter()


@router.get("/discovery", response_class=HTMLResponse)
def discovery(request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    crawls = query(connection, "discovery_crawls", row_limit=CRAWLS_SHOWN)
    steps: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in query(connection, "discovery_steps", crawl_keys=[crawl["crawl_key"] for crawl in crawls]):
        steps[row["crawl_key"], row["platform"]].append(row)
    return render(
        request,
        "discovery.html",
        person=person,
        world=only_world(connection),
        crawls=[{**crawl, "steps": steps[crawl["crawl_key"], crawl["platform"]]} for crawl in crawls],
        bills={(crawl["crawl_key"], crawl["platform"]): bill_of(crawl) for crawl in crawls},
        quota=query(connection, "discovery_quota", now=services_of(request).clock().now()),
        coverage=coverage_by_platform(query(connection, "discovery_coverage")),
        platforms=[kind.capabilities for kind in platforms().values()],
    )


def bill_of(crawl: sa.RowMapping) -> list[tuple[str, int, int | None]]:
    """Units of each bucket: forecast, and what was spent (None before anything was)."""
    forecast, spent = crawl["unit_forecast"], crawl["units_spent"]
    buckets = dict.fromkeys([*forecast, *(spent or {})])
    return [(bucket, forecast.get(bucket, 0), None if spent is None else spent.get(bucket, 0)) for bucket in buckets]


def coverage_by_platform(rows: Sequence[sa.RowMapping]) -> list[dict[str, Any]]:
    """Each platform with its countries and their sums; `share` is the part of the lists that was read, None of none."""
    found: dict[str, list[sa.RowMapping]] = defaultdict(list)
    for row in rows:
        found[row["platform"]].append(row)
    return [
        {"platform": platform, "countries": countries, "all": _sums(countries)} for platform, countries in found.items()
    ]


def _sums(rows: Sequence[sa.RowMapping]) -> dict[str, int]:
    counts = ("channel_count", "read_count", "hidden_count", "not_asked_count")
    return {name: sum(row[name] for row in rows) for name in counts}

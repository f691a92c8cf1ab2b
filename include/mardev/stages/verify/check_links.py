"""Technology step of `verify`: each link is followed and converts once, as a test, before anybody sees it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.connectors.shop import LandingPages, Shop
from mardev.domain.words import ConversionKind, Lane, Stage, Verdict
from mardev.errors import MarDevError, RetryLater
from mardev.stages.clients import landing, shop
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, placements_of
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in
from mardev.tracking.utm import read_tags
from mardev.warehouse import tables


def check_links(context: StageContext) -> dict[str, Any]:
    """Follow and convert every link; the shop must then know the test order of each placement."""
    with context.warehouse.connect() as connection:
        placements = placements_of(connection, context.iteration_key, "booked", "briefed", "drafted", "verified")
        links = {row["placement_key"]: row for row in connection.execute(sa.select(tables.tracking_link)).mappings()}
    since = context.clock.now()
    keys = [placement["placement_key"] for placement in placements]
    with landing(context) as pages:
        problems = {key: _try(pages, links[key]) if key in links else "It has no tracking link" for key in keys}
    with shop(context) as client:
        for key in _without_test_order(client, [key for key in keys if not problems[key]], since):
            problems[key] = "A test conversion was made and the shop does not report it"
    return _record(context, problems)


def _try(pages: LandingPages, link: Row) -> str:
    """What is wrong on the way from the link to a conversion, empty when nothing is."""
    try:
        followed = pages.follow(link["short_url"])
        if not followed.is_open:
            return f"The page behind the link answers {followed.status_code}"
        tags = read_tags(followed.final_url)
        if tags is None or tags.content != link["utm_content"]:
            return "The link does not lead to the page of this placement"
        pages.convert_for_test(
            followed.final_url, ConversionKind.INSTALL, code=link["promo_code"], parameters=tags.parameters
        )
    except MarDevError as error:
        return f"The way from the link to a conversion is broken. {error}"
    return ""


def _without_test_order(client: Shop, keys: list[str], since: datetime) -> list[str]:
    if not keys:
        return []
    try:
        seen = {order.utm_content for order in client.orders(since) if order.is_test}
    except RetryLater:
        return keys
    return [key for key in keys if key not in seen]


def _record(context: StageContext, problems: dict[str, str]) -> dict[str, Any]:
    now = context.clock.now()
    verdicts = [
        PlacementVerdict(key, Verdict.HELD, problem, "IT") if problem else PlacementVerdict(key, Verdict.READY)
        for key, problem in sorted(problems.items())
    ]
    link = tables.tracking_link
    with context.warehouse.begin() as connection:
        for key, problem in problems.items():
            connection.execute(
                sa.update(link)
                .where(link.c.placement_key == key)
                .values(checked_at=now, check_passed=not problem, check_detail=problem)
            )
        give_check_in(connection, context.iteration_key, Stage.VERIFY, Lane.TECHNOLOGY, now, verdicts)
    return {"checked": len(problems), "failed": sum(bool(problem) for problem in problems.values())}

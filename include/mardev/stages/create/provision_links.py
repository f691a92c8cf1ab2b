"""Technology step of `create`: a tracking link and a promo code for each placement, known to the shop."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.shop import PromoCode
from mardev.stages.clients import shlink, shop
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, iteration_row, placements_of
from mardev.tracking.codes import link_slug, promo_code
from mardev.tracking.utm import tagged_url, tags_for
from mardev.warehouse import tables

PLATFORM = "youtube"
DISCOUNT_PERCENT = 10
CODE_OUTLIVES_FLIGHT = timedelta(days=30)


def provision_links(context: StageContext) -> dict[str, Any]:
    """Create what is missing; a link that exists is found again by its name, never made twice."""
    with context.warehouse.connect() as connection:
        placements = placements_of(connection, context.iteration_key)
        flight_to = iteration_row(connection, context.iteration_key)["flight_to"]
        existing = _links(connection)
    taken_codes = {link["promo_code"] for link in existing.values()}
    made = 0
    for placement in placements:
        if placement["placement_key"] not in existing:
            taken_codes.add(_provision(context, placement, taken_codes))
            made += 1
    with context.warehouse.connect() as connection:
        links = _links(connection)
    codes = [
        PromoCode(
            code=links[placement["placement_key"]]["promo_code"],
            utm_content=placement["placement_key"],
            valid_from=placement["created_at"],
            valid_to=flight_to + CODE_OUTLIVES_FLIGHT,
            discount_percent=DISCOUNT_PERCENT,
        )
        for placement in placements
    ]
    with shop(context) as client:
        client.upload_codes(codes)
    return {"placements": len(placements), "made": made}


def _provision(context: StageContext, placement: Row, taken_codes: set[str]) -> str:
    key = placement["placement_key"]
    tags = tags_for(platform=PLATFORM, iteration_key=context.iteration_key, placement_key=key)
    with shop(context) as client:
        destination = tagged_url(client.app_page(placement["country"]), tags)
    with shlink(context) as client:
        short = client.create_short_url(
            destination, custom_slug=link_slug(key), title=key, tags=[context.iteration_key]
        )
    code = promo_code(key, creator_name=placement["channel_title"], taken=taken_codes)
    with context.warehouse.begin() as connection:
        connection.execute(
            postgresql.insert(tables.tracking_link)
            .values(
                placement_key=key,
                world=str(context.world),
                short_code=short.short_code,
                short_url=short.short_url,
                destination_url=destination,
                utm_source=tags.source,
                utm_medium=tags.medium,
                utm_campaign=tags.campaign,
                utm_content=tags.content,
                promo_code=code,
            )
            .on_conflict_do_nothing(index_elements=["placement_key"])
        )
    return code


def _links(connection: sa.Connection) -> dict[str, Row]:
    rows = connection.execute(sa.select(tables.tracking_link)).mappings()
    return {row["placement_key"]: row for row in rows}

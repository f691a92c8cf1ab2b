"""Who could carry the message: channels of the right verticals, with an address, a price and an expected outcome."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

import sqlalchemy as sa

from mardev.domain.words import ConversionKind, IntegrationType, World
from mardev.economics.forecast import OutcomeForecast, forecast_outcome
from mardev.economics.price import fair_price
from mardev.policy.features import STATISTICS, ScoreFeature, features_allowed, require_features
from mardev.stages.lookups import Row
from mardev.stages.plan.collect_creators import SEARCHED
from mardev.stages.plan.crawl_rows import channel_key
from mardev.warehouse import tables
from mardev.warehouse.read import query

if TYPE_CHECKING:
    from mardev.topidis.selection import Candidate

VIEWS_PER_SUBSCRIBER = 0.08
"""Stands in where a channel's views a post are unknown; sources differ between 0.05 and 0.15."""
RELEVANT_SHARE = 0.35
"""A vertical counts when it answers the campaign's words at least this often, compared with the best one."""


@dataclass(frozen=True)
class Proposal:
    """A candidate with the integration that suits it best.

    `outcome` is None where the platform's terms allow no forecast made of its statistics.
    """

    candidate: "Candidate"
    integration_type: IntegrationType
    outcome: OutcomeForecast | None
    view_definition: str | None = None


def proposals(
    connection: sa.Connection,
    iteration: Row,
    graph_run_key: str,
    must_have: Collection[str] = (),
    *,
    approvals: Mapping[str, str] = MappingProxyType({}),
    features: Collection[ScoreFeature] | None = None,
) -> list[Proposal]:
    """Everybody who could be asked, in order of influence; `must_have` channels whatever they speak of and in.

    Args:
        connection: on the warehouse.
        iteration: the iteration's row.
        graph_run_key: whose ranks and verticals count.
        must_have: channels that are proposed whatever they speak of and in.
        approvals: platform to the reference of its approval.
        features: what candidates are weighed by; everything that the terms of all their platforms allow unless given.

    Raises:
        ScoreNotAllowed: `features` has statistics of a platform that asks for an approval, and none is set.
    """
    rows = query(connection, "candidate_channels", graph_run_key=graph_run_key)
    world, sources = World(iteration["world"]), {row["channel_key"].partition(":")[0] for row in rows}
    if features is None:
        features = features_allowed(sources, world=world, approvals=approvals)
    require_features(features, sources, world=world, approvals=approvals)
    propose = _best_integration if STATISTICS.intersection(features) else _by_graph_only
    relevant = _relevant_communities(rows, _found_by_search(connection, iteration))
    return [
        proposal
        for row in rows
        if row["channel_key"] in must_have
        or (row["community_no"] in relevant and row["language"] in iteration["languages"])
        for proposal in propose(iteration, row)
    ]


def _found_by_search(connection: sa.Connection, iteration: Row) -> set[str]:
    item = tables.crawl_item
    found = connection.execute(
        sa.select(item.c.result).where(item.c.crawl_key == iteration["iteration_key"], item.c.step == SEARCHED)
    ).scalar()
    return {channel_key(external_id) for external_id in found or ()}


def _relevant_communities(rows: Sequence[Row], found: set[str]) -> set[int]:
    """Verticals whose members answer the campaign's words; all of them when the words found nothing."""
    sizes: dict[int, int] = {}
    hits: dict[int, int] = {}
    for row in rows:
        sizes[row["community_no"]] = sizes.get(row["community_no"], 0) + 1
        hits[row["community_no"]] = hits.get(row["community_no"], 0) + (row["channel_key"] in found)
    shares = {community: hits[community] / size for community, size in sizes.items()}
    best = max(shares.values(), default=0.0)
    if best == 0:
        return set(sizes)
    return {community for community, share in shares.items() if share >= best * RELEVANT_SHARE}


def _best_integration(iteration: Row, row: Row) -> Iterator[Proposal]:
    """The integration type with the most expected conversions for its price; nothing when even that is too dear."""
    views = _views_per_post(row)
    options = [_proposal(iteration, row, IntegrationType(kind), views) for kind in iteration["integration_types"]]
    affordable = [option for option in options if option.candidate.price <= iteration["budget_amount"]]
    if affordable and views > 0:
        yield max(affordable, key=_conversions_for_the_price)


def _conversions_for_the_price(option: Proposal) -> float:
    return option.outcome.conversions.expected / float(option.candidate.price) if option.outcome else 0.0


def _proposal(iteration: Row, row: Row, integration_type: IntegrationType, views: float) -> Proposal:
    from mardev.topidis.selection import Candidate

    price = fair_price(
        average_views=views,
        subscribers=row["subscribers"],
        integration_type=integration_type,
        market=row["country"],
        currency=iteration["budget_currency"],
    )
    outcome = forecast_outcome(
        average_views=views,
        integration_type=integration_type,
        conversion_kind=ConversionKind(iteration["conversion_kind"]),
        days=(iteration["flight_to"] - iteration["flight_from"]).days / 2,
    )
    candidate = Candidate(
        channel_key=row["channel_key"],
        title=row["title"],
        market=row["country"],
        audience=outcome.views.expected,
        price=price.fair.amount,
        influence=row["influence"],
        vertical=row["vertical"],
        endorser_count=row["endorser_count"],
        vertical_size=row["vertical_size"],
    )
    return Proposal(candidate, integration_type, outcome, row["view_definition"])


def _by_graph_only(iteration: Row, row: Row) -> Iterator[Proposal]:
    """A candidate weighed by who endorses it; nothing of it is computed from what the platform counts.

    Its price is an even share of the budget, for people to correct before they sign.
    """
    from mardev.topidis.selection import Candidate

    seats = max(int(iteration["form"]["head_count"]), 1)
    candidate = Candidate(
        channel_key=row["channel_key"],
        title=row["title"],
        market=row["country"],
        audience=float(row["endorser_count"] + 1),
        price=(Decimal(iteration["budget_amount"]) / seats).quantize(Decimal(1), rounding=ROUND_DOWN),
        influence=row["influence"],
        vertical=row["vertical"],
        endorser_count=row["endorser_count"],
        vertical_size=row["vertical_size"],
    )
    yield Proposal(candidate, IntegrationType(iteration["integration_types"][0]), None)


def _views_per_post(row: Row) -> float:
    recent, subscribers = row["views_per_post"], row["subscribers"]
    if isinstance(recent, float):
        return recent
    return float(subscribers) * VIEWS_PER_SUBSCRIBER if isinstance(subscribers, int) else 0.0

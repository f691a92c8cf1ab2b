"""Everything hidden, for those who score what was found out."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.clock import stamp
from sandbox.parts import Parts
from sandbox.people.deals import Deal


def tell(parts: Parts, now: datetime) -> dict[str, Any]:
    """The truth at `now` as JSON types."""
    creators = parts.population.creators
    return {
        "now": stamp(now),
        "seed": parts.seed,
        "script": parts.people.script.name,
        "communities": {creator.channel_id: creator.traits.community for creator in creators},
        "hubs": [creator.channel_id for creator in creators if creator.traits.is_hub],
        "bridges": [creator.channel_id for creator in creators if creator.traits.is_bridge],
        "creators": {creator.channel_id: _plain(asdict(creator.traits)) for creator in creators},
        "edges": [
            [creator.channel_id, creators[int(target)].channel_id, stamp(parts.graph.since(follows, position))]
            for creator in creators
            for follows in [parts.graph.follows(creator.number)]
            for position, target in enumerate(follows.targets)
        ],
        "deals": [_deal(parts, deal, now) for deal in parts.people.deals],
        "incidents": [_plain(asdict(incident)) for incident in parts.incidents.all],
        **parts.networks.truth(),
    }


def _deal(parts: Parts, deal: Deal, now: datetime) -> dict[str, Any]:
    publication = deal.publication
    told: dict[str, Any] = {
        "reference": deal.reference,
        "campaign": deal.campaign,
        "channel_id": parts.population.creators[deal.creator].channel_id,
        "state": deal.state,
        "decisions": [_plain(asdict(decision)) for decision in deal.decisions],
        "offered_eur": _plain(deal.offered_eur),
        "agreed_eur": _plain(deal.agreed_eur),
        "acceptance_rank": deal.acceptance_rank,
        "planted_fault": deal.fault,
        "drafts": deal.drafts,
        "publish_at": _plain(deal.publish_at),
        "corrections_asked": deal.corrections_asked,
        "corrections_made": deal.corrections_made,
    }
    if publication is not None:
        told["video_id"] = publication.video_id
        told["published_at"] = stamp(publication.published_at)
        told["views"] = parts.people.house.views(publication, now)
        told["click_rate"], told["install_rate"] = publication.click_rate, publication.install_rate
        told["revisions"] = [
            {"since": stamp(revision.since), "slug": revision.slug, "is_disclosed": revision.text.is_disclosed}
            for revision in publication.revisions
        ]
        told.update(parts.trade.truth_of(publication, now))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, datetime):
        return stamp(value)
    return str(value) if isinstance(value, Decimal) else value

"""What a crawl of an iteration looks for, read from its form."""

from typing import Any

from mardev.stages.lookups import Row
from mardev.stages.plan.crawl import CHANNEL_ID, UPLOADS_READ, CrawlScope, starting_point

DEFAULT_CHANNEL_LIMIT = 1_500
RECENT_UPLOADS = 8
"""Uploads of the last 60 days per channel, for the forecast; from the simulated economy's posting rate."""


def scope_of(iteration: Row) -> CrawlScope:
    """The crawl's scope. Creators who must be on the list come first, so that no limit cuts them off."""
    form: dict[str, Any] = iteration["form"]
    return CrawlScope(
        topics=iteration["topics"],
        markets=iteration["markets"],
        languages=iteration["languages"],
        starting_points=list(
            dict.fromkeys(
                starting_point(written)
                for name in ("must_have", "starting_points", "competitors")
                for written in form.get(name, ())
            )
        ),
        channel_limit=int(form.get("channel_limit") or DEFAULT_CHANNEL_LIMIT),
    )


def forecast(scope: CrawlScope) -> dict[str, int]:
    """Quota units per bucket that a crawl of this scope costs at most."""
    from mardev.connectors.youtube.limits import forecast_units

    keywords = [point for point in scope.starting_points if not (point.startswith("@") or CHANNEL_ID.match(point))]
    return forecast_units(
        channels=scope.channel_limit,
        handles=sum(point.startswith("@") for point in scope.starting_points),
        uploads_per_channel=UPLOADS_READ,
        statistics=scope.channel_limit * RECENT_UPLOADS,
        subscriptions=scope.channel_limit,
        sections=scope.channel_limit,
        searches=(len(scope.topics) + len(keywords)) * len(scope.markets),
    )

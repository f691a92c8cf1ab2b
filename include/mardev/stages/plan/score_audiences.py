"""How far the figures of the crawled channels look like those of real people, for the creators' cards.

The formula is `mardev.topidis.authenticity`, published in `docs/interfaces/audience_quality.md`. Comments are not read,
so neither repeated comments nor coordinated groups are looked at here; the confidence says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.platform import PlatformKind
from mardev.domain.words import tier_of
from mardev.policy.sources import DataKind
from mardev.stages.context import StageContext
from mardev.stages.licences import ends_at, scores_allowed
from mardev.stages.lookups import Row
from mardev.stages.plan.crawl_records import crawl_key_of
from mardev.stages.plan.crawl_rows import STILL_GROWING, counted_as
from mardev.stages.plan.scope import platforms_of
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.topidis.audience_signals import AudienceFigures
    from mardev.topidis.authenticity import AudienceQuality
    from mardev.topidis.growth_steps import PostFigures

LOOKED_BACK = timedelta(days=365)
BOILERPLATE_SHARE = 0.5
"""Words that stand below so many of a channel's posts say nothing about one of them."""

Readings = Mapping[str, Sequence[tuple[datetime, int | None]]]


def score_audiences(context: StageContext, iteration: Row) -> int:
    """Score the channels that the iteration's crawls read, each platform by itself; a later score takes the place.

    Where the platform allows no scores, none is made, and what is there of its channels goes.

    Returns:
        How many channels were looked at, those with too little data included.
    """
    return sum(_score_platform(context, iteration, kind) for kind in platforms_of(iteration["form"]))


def _score_platform(context: StageContext, iteration: Row, kind: PlatformKind) -> int:
    table = tables.audience_quality
    with context.warehouse.begin() as connection:
        if not scores_allowed(context, kind.name):
            theirs = sa.select(tables.channel.c.channel_key).where(tables.channel.c.platform == kind.name)
            connection.execute(
                sa.delete(table).where(table.c.world == iteration["world"], table.c.channel_key.in_(theirs))
            )
            return 0
        channels = _figures(connection, iteration, kind)
        if not channels:
            return 0
        from mardev.topidis.authenticity import audience_quality

        at = iteration["opened_at"]
        told_once = {
            "world": iteration["world"],
            "scored_at": at,
            "expires_at": ends_at(context, kind.name, at, DataKind.STATISTICS),
        }
        rows = [_row(quality) | told_once for quality in audience_quality(channels)]
        insert = postgresql.insert(table)
        newer = {name: insert.excluded[name] for name in rows[0] if name != "channel_key"}
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel_key"], set_=newer, where=table.c.scored_at <= insert.excluded.scored_at
            ),
            rows,
        )
    return len(rows)


def _row(quality: "AudienceQuality") -> dict[str, Any]:
    return {
        "channel_key": quality.channel_key,
        "score": quality.score,
        "confidence": quality.confidence,
        "verdict": str(quality.verdict),
        "reasons": [
            {
                "signal": str(reason.signal),
                "text": reason.text,
                "points_lost": round(reason.points_lost, 1),
                "is_explained": reason.is_explained,
            }
            for reason in quality.reasons
        ],
    }


def _figures(connection: sa.Connection, iteration: Row, kind: PlatformKind) -> list["AudienceFigures"]:
    """What the crawl of one platform read of each published channel, in order of their keys."""
    from mardev.topidis.audience_signals import AudienceFigures

    at = iteration["opened_at"]
    crawl_key = crawl_key_of(iteration["iteration_key"], kind.name)
    channel, item = tables.channel, tables.crawl_item
    answered = (item.c.crawl_key == crawl_key, item.c.state == "done")
    found = connection.execute(
        sa.select(channel.c.channel_key, channel.c.country, item.c.result)
        .join(item, item.c.item_key == channel.c.external_id)
        .where(*answered, item.c.step == "uploads")
        .where(channel.c.platform == kind.name, channel.c.world == iteration["world"])
        .order_by(channel.c.channel_key)
    ).all()  # fmt: skip
    told = connection.execute(sa.select(item.c.item_key, item.c.result).where(*answered, item.c.step == "statistics"))
    statistics = {post_id: counted for post_id, counted in told}
    readings = _readings(connection, [row.channel_key for row in found], at)
    channels = []
    for key, country, posts in found:
        newest = readings[key][-1][1] if readings.get(key) else None
        channels.append(
            AudienceFigures(
                channel_key=key,
                subscribers=newest,
                band="" if newest is None else str(tier_of(newest)),
                country=country or "",
                posts=list(_posts(posts, statistics, at)),
                history=[(read_at, count) for read_at, count in readings.get(key, ()) if count is not None],
            )
        )
    return channels


def _readings(connection: sa.Connection, channel_keys: Sequence[str], at: datetime) -> Readings:
    """Subscribers of each channel over the last year, in order of time; None where hidden."""
    snapshot = tables.channel_snapshot
    rows = connection.execute(
        sa.select(snapshot.c.channel_key, snapshot.c.snapshot_at, snapshot.c.subscribers)
        .where(
            snapshot.c.channel_key.in_(channel_keys),
            snapshot.c.snapshot_at.between(at - LOOKED_BACK, at),
        )
        .order_by(snapshot.c.channel_key, snapshot.c.snapshot_at)
    )
    readings: dict[str, list[tuple[datetime, int | None]]] = defaultdict(list)
    for key, read_at, subscribers in rows:
        readings[key].append((read_at, subscribers))
    return readings


def _posts(
    posts: Sequence[Mapping[str, Any]], statistics: Mapping[str, Mapping[str, Any]], at: datetime
) -> Iterator["PostFigures"]:
    """The posts of the last twelve months; what was published in the last days has its counters still to come."""
    from mardev.topidis.growth_steps import PostFigures, says_giveaway, says_promoted

    believed = {
        name: sum(bool(post.get(name)) for post in posts) < BOILERPLATE_SHARE * len(posts)
        for name in ("says_giveaway", "says_promoted")
    }
    for post in posts:
        published_at = datetime.fromisoformat(post["published_at"])
        if published_at < at - LOOKED_BACK:
            continue
        is_settled = published_at <= at - STILL_GROWING
        views, likes, comments = (
            counted_as(post, statistics, name) if is_settled else None for name in ("views", "likes", "comments")
        )
        yield PostFigures(
            published_at,
            views,
            likes,
            comments,
            is_giveaway=says_giveaway(post["title"]) or (believed["says_giveaway"] and "says_giveaway" in post),
            is_promoted=says_promoted(post["title"]) or (believed["says_promoted"] and "says_promoted" in post),
        )

"""What a crawl of an iteration looks for, read from its form."""

from collections.abc import Mapping
from typing import Any

from mardev.connectors.platform import PlatformKind
from mardev.connectors.platforms import DEFAULT_PLATFORMS, platform_kind, platforms
from mardev.stages.lookups import Row
from mardev.stages.plan.crawl import CrawlScope

DEFAULT_CHANNEL_LIMIT = 1_500
DEFAULT_CRAWL_DAYS = 1
NAMING_FIELDS = ("must_have", "starting_points", "competitors")


def platforms_of(form: Any) -> list[PlatformKind]:
    """The platforms that a form asks to look at, in the order it names them; YouTube when it names none."""
    return [platform_kind(name) for name in form.get("platforms") or DEFAULT_PLATFORMS]


def scope_of(iteration: Mapping[str, Any] | Row, platform: PlatformKind | None = None) -> CrawlScope:
    """The crawl's scope. Creators who must be on the list come first, so that no limit cuts them off."""
    form: dict[str, Any] = iteration["form"]
    return CrawlScope(
        topics=iteration["topics"],
        markets=iteration["markets"],
        languages=iteration["languages"],
        starting_points=points_of(form, platform or platform_kind(DEFAULT_PLATFORMS[0])),
        channel_limit=int(form.get("channel_limit") or DEFAULT_CHANNEL_LIMIT),
    )


def points_of(form: Any, platform: PlatformKind) -> list[str]:
    """Starting points of one platform: its accounts, and words; accounts of other platforms are left to those."""
    found: dict[str, None] = {}
    for name in NAMING_FIELDS:
        for written in form.get(name) or ():
            point = platform.point(written)
            if point is None and any(other.point(written) for other in platforms().values()):
                continue
            found[point or written.strip()] = None
    return list(found)

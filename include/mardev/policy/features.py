"""What a ranking or a plan is made of, and whether the sources allow it (pure)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from mardev.domain.words import World
from mardev.policy.retention import may_score, require_scoring


class ScoreFeature(StrEnum):
    """Something a score may rest on."""

    GRAPH = "graph"
    """Who endorses whom among the channels we found: our own crawl, read as a network."""
    VIEWS = "views"
    """Views a post, and everything forecast from them."""
    SUBSCRIBERS = "subscribers"
    """The size a platform shows."""


STATISTICS = frozenset({ScoreFeature.VIEWS, ScoreFeature.SUBSCRIBERS})
"""Features that are a platform's statistics: a score of them is a derived metric."""
GRAPH_ONLY = frozenset({ScoreFeature.GRAPH})
EVERYTHING = frozenset(ScoreFeature)


def features_allowed(
    sources: Collection[str], *, world: World, approvals: Mapping[str, str]
) -> frozenset[ScoreFeature]:  # fmt: skip
    """What creators of these sources may be compared by, together: graph only, as soon as one of them asks for it.

    Examples:
        >>> sorted(features_allowed(["youtube"], world=World.LIVE, approvals={}))
        [<ScoreFeature.GRAPH: 'graph'>]
        >>> features_allowed(["youtube"], world=World.LIVE, approvals={"youtube": "AMD-7"}) == EVERYTHING
        True
    """
    allowed = all(may_score(one, world=world, approval_reference=approvals.get(one)) for one in sources)
    return EVERYTHING if allowed else GRAPH_ONLY


def require_features(
    features: Collection[ScoreFeature], sources: Collection[str], *, world: World, approvals: Mapping[str, str]
) -> None:
    """Stop before a score is made of what a source does not give for it.

    Raises:
        ScoreNotAllowed: a feature is a statistic of a source that asks for an approval, and none is set.
        FixFirst: there is no policy for a source.
    """
    if STATISTICS.intersection(features):
        for source in sorted(set(sources)):
            require_scoring(source, world=world, approval_reference=approvals.get(source))

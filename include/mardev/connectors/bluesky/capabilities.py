"""What Bluesky can give."""

from mardev.connectors.bluesky.limits import API, MAX_PROFILES_PER_CALL, PAGES_PER_FOLLOW_LIST
from mardev.connectors.platform import Capabilities, Edges, EndorsementList, StepCost
from mardev.domain.words import EdgeKind

FOLLOWS = EndorsementList("follows", EdgeKind.FOLLOWS, "list of follows")

CAPABILITIES = Capabilities(
    platform=API,
    title="Bluesky",
    edges=Edges.FULL,
    edge_kinds=(EdgeKind.FOLLOWS, EdgeKind.MENTIONS),
    has_views=False,
    can_search=True,
    hidden="Nothing: who follows whom is public. How often a post was seen is told to nobody.",
    limits="3,000 questions in five minutes.",
)

COSTS = (
    StepCost("search"),
    StepCost("handle"),
    StepCost("channel", items_per_call=MAX_PROFILES_PER_CALL),
    StepCost("follows", calls_per_item=PAGES_PER_FOLLOW_LIST),
    StepCost("uploads"),
)

"""What a Mastodon server can give."""

from mardev.connectors.mastodon.limits import API, MAX_IDS_PER_CALL, PAGES_PER_FOLLOW_LIST
from mardev.connectors.platform import Capabilities, Edges, EndorsementList, StepCost
from mardev.domain.words import EdgeKind

FOLLOWS = EndorsementList("follows", EdgeKind.FOLLOWS, "list of follows")

CAPABILITIES = Capabilities(
    platform=API,
    title="Mastodon",
    edges=Edges.PARTIAL,
    edge_kinds=(EdgeKind.FOLLOWS, EdgeKind.MENTIONS),
    has_views=False,
    can_search=True,
    hidden=(
        "Owners may hide whom they follow. Of accounts of other servers only what concerns the server we ask is known. "
        "How often a post was seen is told to nobody."
    ),
    limits="300 questions in five minutes.",
)

COSTS = (
    StepCost("search"),
    StepCost("handle"),
    StepCost("channel", items_per_call=MAX_IDS_PER_CALL),
    StepCost("follows", calls_per_item=PAGES_PER_FOLLOW_LIST),
    StepCost("uploads"),
)

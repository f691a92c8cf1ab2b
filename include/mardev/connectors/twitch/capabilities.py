"""What Twitch can give."""

from mardev.connectors.platform import Capabilities, Edges, StepCost
from mardev.connectors.twitch.limits import API, CALLS_PER_ACCOUNT
from mardev.domain.words import EdgeKind

CAPABILITIES = Capabilities(
    platform=API,
    title="Twitch",
    edges=Edges.NONE,
    edge_kinds=(EdgeKind.MENTIONS,),
    has_views=True,
    can_search=True,
    hidden="Who follows whom is told to the broadcaster alone; we see how many follow, and whom a channel names.",
    limits="800 questions a minute.",
)

COSTS = (
    StepCost("search"),
    StepCost("handle", calls_per_item=3.0),
    StepCost("channel", calls_per_item=CALLS_PER_ACCOUNT),
    StepCost("uploads"),
)

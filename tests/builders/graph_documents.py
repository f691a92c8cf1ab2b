"""A small graph document with everything that a file of ours may hold, and with what strangers call themselves."""

from datetime import date

from mardev.topidis.graph_document import Attribute, Edge, GraphDocument, Node

HOSTILE = '<Ann> & "co"; =1+1, שלום 日本'
NODE_ATTRIBUTES = (
    Attribute("rank", "integer"), Attribute("subscribers", "long"), Attribute("influence", "double"),
    Attribute("hidden_lists", "string"), Attribute("subscribers_hidden", "boolean"),
)  # fmt: skip
EDGE_ATTRIBUTES = (
    Attribute("first_seen", "string"), Attribute("last_seen", "string"), Attribute("evidence", "string"),
    Attribute("collected_by_run", "long"),
)  # fmt: skip
SEEN = ("2026-07-01T08:00:00+00:00", "2026-10-05T08:00:00+00:00")


def small_document() -> GraphDocument:
    """Three creators, one of them bare; two kinds of evidence between the first two."""
    return GraphDocument(
        nodes=[
            Node("youtube:A", HOSTILE, [1, 9_000_000_000, 0.1 + 0.2, "subscribes", False], (0.5, -12.25), 30.0),
            Node("youtube:B", "=2+5", [2, None, 1e-17, None, True], (-1 / 3, 1000.0), 2.0),
            Node("bluesky:ann.example", "tab\tand\nline\r10", [3, 0, 0.0, "follows, features", False], (0.0, 0.0), 2.5),
        ],
        edges=[
            Edge("youtube:A", "youtube:B", 2.5, "subscribes", [*SEEN, "public subscription list", 7]),
            Edge("youtube:A", "youtube:B", 1.0, "mentions", [*SEEN, "description of <v1> & co", 8]),
            Edge("bluesky:ann.example", "youtube:A", 1 / 3, "follows", [*SEEN, None, None]),
        ],
        node_attributes=NODE_ATTRIBUTES,
        edge_attributes=EDGE_ATTRIBUTES,
        as_of=date(2026, 10, 5),
    )  # fmt: skip

"""Channels, how to reach them, what they count, and who endorses whom."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, TEXTS, metadata

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("handle", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("country", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("topics", TEXTS, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("picture_url", sa.Text),
    sa.Column("uploads_playlist", sa.Text),
    sa.Column("created_at", INSTANT),
    sa.Column("first_seen_at", INSTANT, nullable=False),
    sa.Column("refreshed_at", INSTANT, nullable=False),
    sa.Column("expires_at", INSTANT),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    sa.Column("expired_at", INSTANT),
    sa.Column("languages", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("post_titles", TEXTS, nullable=False, server_default=sa.text("'{}'")),
    sa.UniqueConstraint("platform", "external_id"),
    sa.Index("channel_expiry", "expires_at"),
    sa.Index("channel_handle", "platform", sa.text("lower(ltrim(handle, '@'::text))")),
    schema="core",
)

contact = sa.Table(
    "contact",
    metadata,
    sa.Column(
        "channel_key",
        sa.Text,
        sa.ForeignKey("core.channel.channel_key", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.Column("found_at", INSTANT, nullable=False),
    schema="core",
)

channel_snapshot = sa.Table(
    "channel_snapshot",
    metadata,
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("snapshot_at", INSTANT, primary_key=True),
    sa.Column("observed_at", INSTANT, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("subscribers", sa.BigInteger),
    sa.Column("subscribers_hidden", sa.Boolean, nullable=False),
    sa.Column("total_views", sa.BigInteger),
    sa.Column("post_count", sa.BigInteger),
    sa.Column("average_daily_views", sa.Double),
    sa.Column("views_per_post", sa.Double),
    sa.Column("view_definition", sa.Text, nullable=False),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    sa.Column("posts_per_week", sa.Double),
    sa.Column("last_post_at", INSTANT),
    schema="core",
)

audience_quality = sa.Table(
    "audience_quality",
    metadata,
    sa.Column(
        "channel_key",
        sa.Text,
        sa.ForeignKey("core.channel.channel_key", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("scored_at", INSTANT, nullable=False),
    sa.Column("score", sa.REAL),
    sa.Column("confidence", sa.REAL, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reasons", DOCUMENT, nullable=False, server_default="[]"),
    sa.Column("expires_at", INSTANT),
    schema="core",
)

follow_edge = sa.Table(
    "follow_edge",
    metadata,
    sa.Column("source_channel_key", sa.Text, primary_key=True),
    sa.Column("target_channel_key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("weight", sa.Double, nullable=False, server_default=sa.text("1")),
    sa.Column("first_seen_at", INSTANT, nullable=False),
    sa.Column("last_seen_at", INSTANT, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    sa.Index("follow_edge_target", "target_channel_key"),
    schema="core",
)

follow_list = sa.Table(
    "follow_list",
    metadata,
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("observed_at", INSTANT, nullable=False),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    schema="core",
)

same_creator = sa.Table(
    "same_creator",
    metadata,
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("other_channel_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'proposed'")),
    sa.Column("confidence", sa.Double, nullable=False),
    sa.Column("evidence", TEXTS, nullable=False),
    sa.Column("proposed_at", INSTANT, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", INSTANT),
    sa.Index("same_creator_other", "other_channel_key"),
    schema="core",
)

graph_run = sa.Table(
    "graph_run",
    metadata,
    sa.Column("graph_run_key", sa.Text, primary_key=True),
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key")),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("as_of", INSTANT, nullable=False),
    sa.Column("node_count", sa.Integer, nullable=False),
    sa.Column("edge_count", sa.BigInteger, nullable=False),
    sa.Column("hidden_list_count", sa.Integer, nullable=False),
    sa.Column("community_count", sa.Integer, nullable=False),
    sa.Column("modularity", sa.Double, nullable=False),
    sa.Column("parameters", DOCUMENT, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("rank_quality", DOCUMENT, nullable=False, server_default="{}"),
    schema="core",
)

vertical = sa.Table(
    "vertical",
    metadata,
    sa.Column(
        "graph_run_key", sa.Text, sa.ForeignKey("core.graph_run.graph_run_key", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("community_no", sa.Integer, primary_key=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("terms", TEXTS, nullable=False),
    sa.Column("channel_count", sa.Integer, nullable=False),
    sa.Column("languages", DOCUMENT, nullable=False),
    sa.Column("countries", DOCUMENT, nullable=False),
    sa.Column("vertical_key", sa.Text),
    sa.Column("topic", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("stability", sa.Double),
    sa.Column("label_source", sa.Text, nullable=False, server_default=sa.text("'found'")),
    sa.Column("is_pinned", sa.Boolean, nullable=False, server_default=sa.text("false")),
    sa.Index("vertical_lineage", "vertical_key"),
    schema="core",
)

vertical_event = sa.Table(
    "vertical_event",
    metadata,
    sa.Column(
        "graph_run_key", sa.Text, sa.ForeignKey("core.graph_run.graph_run_key", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("event_no", sa.Integer, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("vertical_key", sa.Text),
    sa.Column("earlier_key", sa.Text),
    sa.Column("earlier_label", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("overlap", sa.Double, nullable=False),
    schema="core",
)

vertical_decision = sa.Table(
    "vertical_decision",
    metadata,
    sa.Column("decision_no", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column(
        "graph_run_key", sa.Text, sa.ForeignKey("core.graph_run.graph_run_key", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("vertical_key", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("decided_at", INSTANT, nullable=False),
    sa.Index("vertical_decision_run", "graph_run_key"),
    schema="core",
)

channel_rank = sa.Table(
    "channel_rank",
    metadata,
    sa.Column(
        "graph_run_key", sa.Text, sa.ForeignKey("core.graph_run.graph_run_key", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("rank_no", sa.Integer, nullable=False),
    sa.Column("influence", sa.Double, nullable=False),
    sa.Column("follower_count_in_graph", sa.Integer, nullable=False),
    sa.Column("community_no", sa.Integer, nullable=False),
    sa.Column("x", sa.REAL, nullable=False),
    sa.Column("y", sa.REAL, nullable=False),
    sa.Column("rank_best", sa.Integer),
    sa.Column("rank_worst", sa.Integer),
    sa.Column("score", sa.REAL),
    sa.Column("score_parts", DOCUMENT, nullable=False, server_default="{}"),
    sa.Column("group_ranks", DOCUMENT, nullable=False, server_default="{}"),
    schema="core",
)

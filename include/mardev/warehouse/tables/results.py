"""What went live, what it brought, what it cost."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import INSTANT, MONEY, metadata

post = sa.Table(
    "post",
    metadata,
    sa.Column("post_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("channel_key", sa.Text, sa.ForeignKey("core.channel.channel_key", onupdate="CASCADE"), nullable=False),
    sa.Column("placement_key", sa.Text, sa.ForeignKey("core.placement.placement_key")),
    sa.Column("matched_by", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("published_at", INSTANT, nullable=False),
    sa.Column("refreshed_at", INSTANT, nullable=False),
    sa.Column("expires_at", INSTANT),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    sa.Column("expired_at", INSTANT),
    sa.UniqueConstraint("platform", "external_id"),
    sa.Index("post_channel", "channel_key", sa.text("published_at DESC")),
    sa.Index("post_placement", "placement_key", postgresql_where=sa.text("placement_key IS NOT NULL")),
    schema="core",
)

post_check = sa.Table(
    "post_check",
    metadata,
    sa.Column("post_key", sa.Text, sa.ForeignKey("core.post.post_key", onupdate="CASCADE"), primary_key=True),
    sa.Column("check_no", sa.Integer, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("due_at", INSTANT, nullable=False),
    sa.Column("checked_at", INSTANT),
    sa.Column("is_available", sa.Boolean),
    sa.Column("link_is_right", sa.Boolean),
    sa.Column("is_disclosed", sa.Boolean),
    sa.Column("detail", sa.Text, nullable=False, server_default=sa.text("''")),
    schema="core",
)

post_metric_snapshot = sa.Table(
    "post_metric_snapshot",
    metadata,
    sa.Column("post_key", sa.Text, primary_key=True),
    sa.Column("snapshot_at", INSTANT, primary_key=True),
    sa.Column("observed_at", INSTANT, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("views", sa.BigInteger),
    sa.Column("likes", sa.BigInteger),
    sa.Column("comments", sa.BigInteger),
    sa.Column("view_definition", sa.Text, nullable=False),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    schema="core",
    postgresql_partition_by="RANGE (snapshot_at)",
)

hit = sa.Table(
    "hit",
    metadata,
    sa.Column("hit_key", sa.Text, primary_key=True),
    sa.Column("hit_at", INSTANT, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("short_code", sa.Text, nullable=False),
    sa.Column("placement_key", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("is_click", sa.Boolean, nullable=False),
    sa.Column("exclusion", sa.Text),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    schema="core",
    postgresql_partition_by="RANGE (hit_at)",
)

conversion = sa.Table(
    "conversion",
    metadata,
    sa.Column("conversion_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("converted_at", INSTANT, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("market", sa.Text, nullable=False),
    sa.Column("promo_code", sa.Text),
    sa.Column("utm_content", sa.Text),
    sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.text("false")),
    sa.Column("revenue_amount", MONEY),
    sa.Column("revenue_currency", sa.Text),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    sa.Index("conversion_at", "converted_at"),
    schema="core",
)

credit = sa.Table(
    "credit",
    metadata,
    sa.Column(
        "conversion_key", sa.Text, sa.ForeignKey("core.conversion.conversion_key", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("placement_key", sa.Text, sa.ForeignKey("core.placement.placement_key"), nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("given_by", sa.Text, nullable=False),
    sa.Column("credited_at", INSTANT, nullable=False),
    sa.Index("credit_placement", "placement_key"),
    schema="core",
)

cost = sa.Table(
    "cost",
    metadata,
    sa.Column("cost_key", sa.Text, primary_key=True),
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), nullable=False),
    sa.Column("placement_key", sa.Text, sa.ForeignKey("core.placement.placement_key")),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount", MONEY, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("incurred_at", INSTANT, nullable=False),
    schema="core",
)

session_report = sa.Table(
    "session_report",
    metadata,
    sa.Column("world", sa.Text, primary_key=True),
    sa.Column("day_on", sa.Date, primary_key=True),
    sa.Column("utm_source", sa.Text, primary_key=True),
    sa.Column("utm_campaign", sa.Text, primary_key=True),
    sa.Column("utm_content", sa.Text, primary_key=True),
    sa.Column("sessions", sa.BigInteger, nullable=False),
    sa.Column("key_events", sa.BigInteger, nullable=False),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    schema="core",
)

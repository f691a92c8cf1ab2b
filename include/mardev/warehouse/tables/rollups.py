"""Rollups, written in the transaction that publishes what they sum up."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import INSTANT, metadata

post_latest = sa.Table(
    "post_latest",
    metadata,
    sa.Column("post_key", sa.Text, primary_key=True),
    sa.Column("snapshot_at", INSTANT, nullable=False),
    sa.Column("views", sa.BigInteger),
    sa.Column("likes", sa.BigInteger),
    sa.Column("comments", sa.BigInteger),
    sa.Column("view_definition", sa.Text, nullable=False),
    schema="mart",
)

post_day = sa.Table(
    "post_day",
    metadata,
    sa.Column("post_key", sa.Text, primary_key=True),
    sa.Column("day_on", sa.Date, primary_key=True),
    sa.Column("views_at_end", sa.BigInteger),
    sa.Column("likes_at_end", sa.BigInteger),
    sa.Column("comments_at_end", sa.BigInteger),
    sa.Column("snapshot_count", sa.Integer, nullable=False),
    sa.Column("last_snapshot_at", INSTANT, nullable=False),
    sa.Column("view_definition", sa.Text),
    sa.Index("post_day_on", "day_on"),
    schema="mart",
)

channel_latest = sa.Table(
    "channel_latest",
    metadata,
    sa.Column("channel_key", sa.Text, primary_key=True),
    sa.Column("snapshot_at", INSTANT, nullable=False),
    sa.Column("subscribers", sa.BigInteger),
    sa.Column("subscribers_hidden", sa.Boolean, nullable=False),
    sa.Column("total_views", sa.BigInteger),
    sa.Column("post_count", sa.BigInteger),
    sa.Column("average_daily_views", sa.Double),
    sa.Column("views_per_post", sa.Double),
    sa.Column("views_observed_at", INSTANT),
    sa.Column("view_definition", sa.Text),
    sa.Column("posts_per_week", sa.Double),
    sa.Column("last_post_at", INSTANT),
    schema="mart",
)

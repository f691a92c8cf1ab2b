"""The plan of an iteration and what it asks of the systems."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, MONEY, metadata

plan = sa.Table(
    "plan",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("graph_run_key", sa.Text, sa.ForeignKey("core.graph_run.graph_run_key"), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("head_count", sa.Integer, nullable=False),
    sa.Column("tolerance_share", sa.Numeric, nullable=False),
    sa.Column("audience_size", sa.BigInteger, nullable=False),
    sa.Column("expected_reach", sa.Double, nullable=False),
    sa.Column("quota_forecast", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("proposed_at", INSTANT, nullable=False),
    sa.Column("signed_at", INSTANT),
    sa.Column("wishes", DOCUMENT, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("score_basis", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    schema="core",
)

plan_row = sa.Table(
    "plan_row",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("channel_key", sa.Text, sa.ForeignKey("core.channel.channel_key", onupdate="CASCADE"), primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("choice", sa.Text, nullable=False),
    sa.Column("approach_order", sa.Integer, nullable=False),
    sa.Column("integration_type", sa.Text, nullable=False),
    sa.Column("price_amount", MONEY, nullable=False),
    sa.Column("price_currency", sa.Text, nullable=False),
    sa.Column("expected_views", sa.Double),
    sa.Column("expected_clicks", sa.Double),
    sa.Column("expected_conversions", sa.Double),
    sa.Column("added_reach", sa.Double, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_by", sa.Text),
    sa.Column("view_definition", sa.Text),
    schema="core",
)

requirement = sa.Table(
    "requirement",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("requirement_key", sa.Text, primary_key=True),
    sa.Column("system_key", sa.Text, sa.ForeignKey("core.system.system_key"), nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("approach", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("due_at", INSTANT, nullable=False),
    sa.Column("readiness", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    schema="core",
)

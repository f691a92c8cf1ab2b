"""Martech systems, their health and their incidents."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import INSTANT, TEXTS, metadata

system = sa.Table(
    "system",
    metadata,
    sa.Column("system_key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("activities", TEXTS, nullable=False),
    schema="core",
)

system_check = sa.Table(
    "system_check",
    metadata,
    sa.Column("system_key", sa.Text, sa.ForeignKey("core.system.system_key"), primary_key=True),
    sa.Column("market", sa.Text, primary_key=True, server_default=sa.text("''")),
    sa.Column("checked_at", INSTANT, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("is_healthy", sa.Boolean, nullable=False),
    sa.Column("latency_ms", sa.Double),
    sa.Column("detail", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("ingest_run_id", sa.BigInteger, nullable=False),
    schema="core",
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("incident_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key")),
    sa.Column("system_key", sa.Text, sa.ForeignKey("core.system.system_key")),
    sa.Column("market", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("next_step", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("page_path", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("opened_at", INSTANT, nullable=False),
    sa.Column("closed_at", INSTANT),
    sa.Index("incident_open", "system_key", "market", postgresql_where=sa.text("closed_at IS NULL")),
    schema="core",
)

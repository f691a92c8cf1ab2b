"""What the retrospective found, what was learned, what comes next."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, metadata

finding = sa.Table(
    "finding",
    metadata,
    sa.Column("finding_key", sa.Text, primary_key=True),
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("kpi_key", sa.Text),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("weight", sa.Double, nullable=False, server_default=sa.text("0")),
    sa.Column("evidence", DOCUMENT, nullable=False),
    sa.Column("found_at", INSTANT, nullable=False),
    schema="core",
)

lesson = sa.Table(
    "lesson",
    metadata,
    sa.Column("lesson_key", sa.Text, primary_key=True),
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), nullable=False),
    sa.Column("finding_key", sa.Text, sa.ForeignKey("core.finding.finding_key")),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("learned_at", INSTANT, nullable=False),
    sa.Column("expires_at", INSTANT, nullable=False),
    schema="core",
)

proposal = sa.Table(
    "proposal",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("form", DOCUMENT, nullable=False),
    sa.Column("reasons", DOCUMENT, nullable=False),
    sa.Column("proposed_at", INSTANT, nullable=False),
    sa.Column("creator_reasons", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    schema="core",
)

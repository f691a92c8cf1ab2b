"""What the data-quality gates found."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, TEXTS, metadata

validation_run = sa.Table(
    "validation_run",
    metadata,
    sa.Column("validation_run_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("ingest_run_id", sa.BigInteger, sa.ForeignKey("ops.ingest_run.ingest_run_id"), nullable=False),
    sa.Column("asset", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("max_severity_failed", sa.Text),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("validated_at", INSTANT, nullable=False, server_default=sa.text("now()")),
    schema="dq",
)

expectation_result = sa.Table(
    "expectation_result",
    metadata,
    sa.Column(
        "validation_run_id",
        sa.BigInteger,
        sa.ForeignKey("dq.validation_run.validation_run_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("sequence_no", sa.Integer, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("expectation", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("unexpected_count", sa.BigInteger),
    sa.Column("unexpected_percent", sa.Double),
    sa.Column("observed", DOCUMENT),
    schema="dq",
)

quarantined_row = sa.Table(
    "quarantined_row",
    metadata,
    sa.Column("quarantined_row_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("ingest_run_id", sa.BigInteger, sa.ForeignKey("ops.ingest_run.ingest_run_id"), nullable=False),
    sa.Column("asset", sa.Text, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("row_no", sa.BigInteger, nullable=False),
    sa.Column("rules", TEXTS, nullable=False),
    sa.Column("payload", DOCUMENT, nullable=False),
    sa.Column("quarantined_at", INSTANT, nullable=False, server_default=sa.text("now()")),
    sa.Column("resolution", sa.Text),
    sa.Column("resolved_by", sa.Text),
    sa.Column("resolved_at", INSTANT),
    sa.Index("quarantined_row_open", "asset", "quarantined_at", postgresql_where=sa.text("resolved_at IS NULL")),
    schema="dq",
)

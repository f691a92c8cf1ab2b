"""What expired, what was erased, and whom we never ask again."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, TEXTS, metadata

expiry = sa.Table(
    "expiry",
    metadata,
    sa.Column("world", sa.Text, primary_key=True),
    sa.Column("expired_at", INSTANT, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("action", sa.Text, primary_key=True),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    schema="ops",
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("erasure_key", sa.Text, primary_key=True),
    sa.Column("asked_for", sa.Text, nullable=False),
    sa.Column("erased_by", sa.Text, nullable=False),
    sa.Column("erased_at", INSTANT, nullable=False),
    sa.Column("counts", DOCUMENT, nullable=False),
    sa.Column("left_to_do", TEXTS, nullable=False),
    schema="ops",
)

suppression = sa.Table(
    "suppression",
    metadata,
    sa.Column("subject_hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("suppressed_at", INSTANT, nullable=False),
    schema="ops",
)

suppression_salt = sa.Table(
    "suppression_salt",
    metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.text("true")),
    sa.Column("salt", sa.Text, nullable=False),
    schema="ops",
)

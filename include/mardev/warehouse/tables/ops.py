"""Runs, claims, quotas, and what the outside answered."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, metadata

ingest_run = sa.Table(
    "ingest_run",
    metadata,
    sa.Column("ingest_run_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("asset", sa.Text, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("iteration_key", sa.Text),
    sa.Column("run_label", sa.Text, nullable=False),
    sa.Column("snapshot_at", INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'running'")),
    sa.Column("staged_count", sa.BigInteger),
    sa.Column("flagged_count", sa.BigInteger),
    sa.Column("quarantined_count", sa.BigInteger),
    sa.Column("inserted_count", sa.BigInteger),
    sa.Column("updated_count", sa.BigInteger),
    sa.Column("started_at", INSTANT, nullable=False, server_default=sa.text("now()")),
    sa.Column("ended_at", INSTANT),
    sa.Index("ingest_run_label", "run_label", "asset"),
    schema="ops",
)

stage_claim = sa.Table(
    "stage_claim",
    metadata,
    sa.Column("iteration_key", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("claimed_at", INSTANT, nullable=False),
    sa.Column("handed_over_at", INSTANT),
    schema="ops",
)

quota_bucket = sa.Table(
    "quota_bucket",
    metadata,
    sa.Column("api", sa.Text, primary_key=True),
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("credential", sa.Text, primary_key=True),
    sa.Column("window_start", INSTANT, primary_key=True),
    sa.Column("window_end", INSTANT, nullable=False),
    sa.Column("unit_limit", sa.BigInteger, nullable=False),
    sa.Column("spent_units", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("spent_by", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    schema="ops",
)

breaker = sa.Table(
    "breaker",
    metadata,
    sa.Column("api", sa.Text, primary_key=True),
    sa.Column("failure_count", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("opened_at", INSTANT),
    sa.Column("retry_at", INSTANT),
    sa.Column("last_error", sa.Text),
    schema="ops",
)

raw_payload = sa.Table(
    "raw_payload",
    metadata,
    sa.Column("api", sa.Text, primary_key=True),
    sa.Column("request_digest", sa.Text, primary_key=True),
    sa.Column("fetched_at", INSTANT, primary_key=True),
    sa.Column("expires_at", INSTANT, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("status_code", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("raw_payload_expiry", "expires_at"),
    schema="ops",
)

crawl_item = sa.Table(
    "crawl_item",
    metadata,
    sa.Column("crawl_key", sa.Text, primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("item_key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'open'")),
    sa.Column("result", DOCUMENT),
    sa.Column("sequence_no", sa.BigInteger, sa.Identity(always=True), nullable=False),
    sa.Column("updated_at", INSTANT, nullable=False, server_default=sa.text("now()")),
    schema="ops",
)

crawl_plan = sa.Table(
    "crawl_plan",
    metadata,
    sa.Column("crawl_key", sa.Text, primary_key=True),
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("iteration_key", sa.Text, nullable=False),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("scope_digest", sa.Text, nullable=False),
    sa.Column("channel_limit", sa.Integer, nullable=False),
    sa.Column("rests_on", sa.Text, nullable=False),
    sa.Column("covers", sa.Text, nullable=False),
    sa.Column("call_forecast", sa.BigInteger, nullable=False),
    sa.Column("unit_forecast", DOCUMENT, nullable=False),
    sa.Column("second_forecast", sa.Double, nullable=False),
    sa.Column("done_by", INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'planned'")),
    sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("waits_until", INSTANT),
    sa.Column("channels_found", sa.Integer),
    sa.Column("calls_made", sa.BigInteger),
    sa.Column("units_spent", DOCUMENT),
    sa.Column("seconds_taken", sa.Double, nullable=False, server_default=sa.text("0")),
    sa.Column("planned_at", INSTANT, nullable=False),
    sa.Column("ended_at", INSTANT),
    sa.Index("crawl_plan_experience", "world", "platform", "ended_at"),
    schema="ops",
)

crawl_step = sa.Table(
    "crawl_step",
    metadata,
    sa.Column("crawl_key", sa.Text, primary_key=True),
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("step_no", sa.Integer, nullable=False),
    sa.Column("bucket", sa.Text, nullable=False),
    sa.Column("item_forecast", sa.BigInteger, nullable=False),
    sa.Column("call_forecast", sa.BigInteger, nullable=False),
    sa.Column("item_count", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("calls_made", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("units_spent", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("moved_at", INSTANT),
    schema="ops",
)

sync_cursor = sa.Table(
    "sync_cursor",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, primary_key=True),
    sa.Column("position", sa.Text, nullable=False),
    sa.Column("moved_at", INSTANT, nullable=False),
    schema="ops",
)

import_file = sa.Table(
    "import_file",
    metadata,
    sa.Column("import_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("byte_count", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("preview", DOCUMENT, nullable=False),
    sa.Column("report", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("uploaded_by", sa.Text, nullable=False),
    sa.Column("uploaded_at", INSTANT, nullable=False),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("confirmed_at", INSTANT),
    sa.Column("ended_at", INSTANT),
    sa.Index("import_file_waiting", "confirmed_at", postgresql_where=sa.text("state = 'confirmed'")),
    schema="ops",
)

import_piece = sa.Table(
    "import_piece",
    metadata,
    sa.Column("import_key", sa.Text, sa.ForeignKey("ops.import_file.import_key", ondelete="CASCADE"), primary_key=True),
    sa.Column("piece_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    schema="ops",
)

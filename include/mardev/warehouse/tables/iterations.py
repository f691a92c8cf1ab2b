"""Iterations, what they aim at, and who decides what."""

import sqlalchemy as sa

from mardev.warehouse.tables.base import DOCUMENT, INSTANT, MONEY, TEXTS, metadata

role_member = sa.Table(
    "role_member",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("airflow_user_id", sa.Text, nullable=False),
    schema="core",
)

iteration = sa.Table(
    "iteration",
    metadata,
    sa.Column("iteration_key", sa.Text, primary_key=True),
    sa.Column("world", sa.Text, nullable=False),
    sa.Column("campaign", sa.Text, nullable=False),
    sa.Column("objective", sa.Text, nullable=False),
    sa.Column("conversion_kind", sa.Text, nullable=False),
    sa.Column("difference", sa.Text, nullable=False),
    sa.Column("form", DOCUMENT, nullable=False),
    sa.Column("markets", TEXTS, nullable=False),
    sa.Column("languages", TEXTS, nullable=False),
    sa.Column("topics", TEXTS, nullable=False),
    sa.Column("integration_types", TEXTS, nullable=False),
    sa.Column("budget_amount", MONEY, nullable=False),
    sa.Column("budget_currency", sa.Text, nullable=False),
    sa.Column("flight_from", INSTANT, nullable=False),
    sa.Column("flight_to", INSTANT, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("led_by", sa.Text, nullable=False, server_default=sa.text("'marketing'")),
    sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("1")),
    sa.Column("follows_iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key")),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'plan'")),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("opened_by_run", sa.Text, nullable=False),
    sa.Column("opened_at", INSTANT, nullable=False),
    sa.Column("closed_at", INSTANT),
    sa.UniqueConstraint("opened_by_run"),
    schema="core",
)

kpi_target = sa.Table(
    "kpi_target",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("kpi_key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("is_health_indicator", sa.Boolean, nullable=False, server_default=sa.text("false")),
    sa.Column("baseline_value", sa.Numeric),
    sa.Column("baseline_from", INSTANT),
    sa.Column("baseline_to", INSTANT),
    sa.Column("target_value", sa.Numeric),
    sa.Column("result_value", sa.Numeric),
    sa.Column("measured_at", INSTANT),
    sa.Column("source", sa.Text, nullable=False),
    schema="core",
)

decision_request = sa.Table(
    "decision_request",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("decision_key", sa.Text, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("accountable_role", sa.Text, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("consulted", sa.Text, nullable=False),
    sa.Column("informed", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("page_path", sa.Text, nullable=False),
    sa.Column("options", TEXTS, nullable=False),
    sa.Column("dag_id", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("asked_at", INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'open'")),
    sa.Column("taken_up_at", INSTANT),
    schema="core",
)

approval = sa.Table(
    "approval",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("decision_key", sa.Text, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("fields", DOCUMENT, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("answered_at", INSTANT, nullable=False),
    schema="core",
)

check_in = sa.Table(
    "check_in",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("lane", sa.Text, primary_key=True),
    sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("checked_in_at", INSTANT, nullable=False),
    schema="core",
)

check_in_override = sa.Table(
    "check_in_override",
    metadata,
    sa.Column("iteration_key", sa.Text, sa.ForeignKey("core.iteration.iteration_key"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("lane", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    schema="core",
)

check_in_placement = sa.Table(
    "check_in_placement",
    metadata,
    sa.Column("iteration_key", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("lane", sa.Text, primary_key=True),
    sa.Column("placement_key", sa.Text, sa.ForeignKey("core.placement.placement_key"), primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("waits_for", sa.Text, nullable=False, server_default=sa.text("''")),
    schema="core",
)

"""The tables of the warehouse as Python writes them; `sql/migrations` is the schema, a test compares both."""

from mardev.warehouse.tables.base import metadata
from mardev.warehouse.tables.creators import (
    channel,
    channel_rank,
    channel_snapshot,
    contact,
    follow_edge,
    follow_list,
    graph_run,
    vertical,
)
from mardev.warehouse.tables.deals import brief, deal, draft, message, placement, tracking_link
from mardev.warehouse.tables.gates import expectation_result, quarantined_row, validation_run
from mardev.warehouse.tables.iterations import (
    approval,
    check_in,
    check_in_override,
    check_in_placement,
    decision_request,
    iteration,
    kpi_target,
    role_member,
)
from mardev.warehouse.tables.learning import finding, lesson, proposal
from mardev.warehouse.tables.licences import erasure, expiry, suppression, suppression_salt
from mardev.warehouse.tables.ops import (
    breaker,
    crawl_item,
    ingest_run,
    quota_bucket,
    raw_payload,
    stage_claim,
    sync_cursor,
)
from mardev.warehouse.tables.planning import plan, plan_row, requirement
from mardev.warehouse.tables.results import (
    conversion,
    cost,
    credit,
    hit,
    post,
    post_check,
    post_metric_snapshot,
    session_report,
)
from mardev.warehouse.tables.rollups import channel_latest, post_day, post_latest
from mardev.warehouse.tables.systems import incident, system, system_check

__all__ = [
    "approval",
    "breaker",
    "brief",
    "channel",
    "channel_latest",
    "channel_rank",
    "channel_snapshot",
    "check_in",
    "check_in_override",
    "check_in_placement",
    "contact",
    "conversion",
    "cost",
    "crawl_item",
    "credit",
    "deal",
    "decision_request",
    "draft",
    "erasure",
    "expectation_result",
    "expiry",
    "finding",
    "follow_edge",
    "follow_list",
    "graph_run",
    "hit",
    "incident",
    "ingest_run",
    "iteration",
    "kpi_target",
    "lesson",
    "message",
    "metadata",
    "placement",
    "plan",
    "plan_row",
    "post",
    "post_check",
    "post_day",
    "post_latest",
    "post_metric_snapshot",
    "proposal",
    "quarantined_row",
    "quota_bucket",
    "raw_payload",
    "requirement",
    "role_member",
    "session_report",
    "stage_claim",
    "suppression",
    "suppression_salt",
    "sync_cursor",
    "system",
    "system_check",
    "tracking_link",
    "validation_run",
    "vertical",
]

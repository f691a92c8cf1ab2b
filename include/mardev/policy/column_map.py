"""The map itself: one entry a table, one word a column. How to read it stands in `columns`."""

from collections.abc import Mapping

from mardev.policy.columns import ColumnRule, Ending, Expiry, TableLicence
from mardev.policy.sources import DataKind

CONTENT, STATISTICS = DataKind.CONTENT, DataKind.STATISTICS
FROM_A_FILE = "file "

CREATORS = (
    TableLicence(
        "core.channel",
        own="channel_key world platform external_id first_seen_at refreshed_at expires_at ingest_run_id expired_at",
        content="handle title description country language topics picture_url uploads_playlist created_at languages "
        "post_titles",
        expiry=Expiry("expires_at", CONTENT, "platform", Ending.DELETE_OR_BLANK, is_end=True),
    ),
    TableLicence(
        # An address found in a channel's description ends with that description.
        "core.contact",
        own="channel_key kind world legal_basis found_at",
        content="email language source",
        expiry=Expiry(
            "expires_at",
            CONTENT,
            "channel_key",
            is_end=True,
            clock_of=("core.channel", "channel_key"),
            brought=("source", FROM_A_FILE),
        ),
    ),
    TableLicence(
        "core.channel_snapshot",
        own="channel_key snapshot_at observed_at world view_definition ingest_run_id",
        statistics="subscribers subscribers_hidden total_views post_count last_post_at",
        derived="average_daily_views views_per_post posts_per_week",
        expiry=Expiry("observed_at", STATISTICS, "channel_key", brought=("view_definition", "as_supplied_in_file")),
    ),
    TableLicence(
        "core.audience_quality",
        own="channel_key world scored_at expires_at",
        derived="score confidence verdict reasons",
        expiry=Expiry("scored_at", STATISTICS, "channel_key"),
    ),
    TableLicence(
        "core.follow_edge",
        own="world ingest_run_id",
        content="source_channel_key target_channel_key kind weight first_seen_at last_seen_at evidence",
        expiry=Expiry("last_seen_at", CONTENT, "source_channel_key", brought=("evidence", FROM_A_FILE)),
    ),
    TableLicence(
        "core.follow_list",
        own="channel_key kind world ingest_run_id",
        content="state observed_at",
        expiry=Expiry("observed_at", CONTENT, "channel_key"),
    ),
    TableLicence(
        "core.graph_run",
        own="graph_run_key iteration_key world as_of node_count edge_count hidden_list_count community_count "
        "modularity parameters seed rank_quality",
    ),
    TableLicence(
        "core.channel_rank",
        own="graph_run_key channel_key",
        derived="rank_no influence follower_count_in_graph community_no x y rank_best rank_worst score score_parts "
        "group_ranks",
        expiry=Expiry("as_of", STATISTICS, "channel_key", clock_of=("core.graph_run", "graph_run_key")),
    ),
    TableLicence(
        "core.vertical",
        own="graph_run_key community_no vertical_key label_source is_pinned",
        derived="label terms channel_count languages countries topic stability",
        expiry=Expiry("as_of", STATISTICS, None, clock_of=("core.graph_run", "graph_run_key")),
    ),
    TableLicence(
        "core.vertical_event",
        own="graph_run_key event_no world kind vertical_key earlier_key",
        derived="earlier_label overlap",
        expiry=Expiry("as_of", STATISTICS, None, clock_of=("core.graph_run", "graph_run_key")),
    ),
    TableLicence(
        "core.vertical_decision",
        own="decision_no graph_run_key world kind vertical_key detail person decided_at",
    ),
    TableLicence(
        # What a person decided stays, what it was proposed for ends.
        "core.same_creator",
        own="channel_key other_channel_key world state proposed_at decided_by decided_at",
        content="confidence evidence",
        expiry=Expiry("proposed_at", CONTENT, "channel_key", Ending.DELETE_OR_BLANK),
    ),
    TableLicence(
        "mart.channel_latest",
        own="channel_key snapshot_at view_definition views_observed_at",
        statistics="subscribers subscribers_hidden total_views post_count last_post_at",
        derived="average_daily_views views_per_post posts_per_week",
        expiry=Expiry("snapshot_at", STATISTICS, "channel_key"),
    ),
)

POSTS = (
    TableLicence(
        "core.post",
        own="post_key world platform external_id channel_key placement_key matched_by url published_at refreshed_at "
        "expires_at ingest_run_id expired_at",
        content="title description",
        expiry=Expiry("expires_at", CONTENT, "platform", Ending.DELETE_OR_BLANK, is_end=True),
    ),
    TableLicence(
        "core.post_check",
        own="post_key check_no world due_at",
        own_system="checked_at is_available link_is_right is_disclosed detail",
    ),
    TableLicence(
        "core.post_metric_snapshot",
        own="post_key snapshot_at observed_at world view_definition ingest_run_id",
        statistics="views likes comments",
        expiry=Expiry("observed_at", STATISTICS, "post_key"),
    ),
    TableLicence(
        "mart.post_latest",
        own="post_key snapshot_at view_definition",
        statistics="views likes comments",
        expiry=Expiry("snapshot_at", STATISTICS, "post_key"),
    ),
    TableLicence(
        "mart.post_day",
        own="post_key day_on view_definition",
        statistics="views_at_end likes_at_end comments_at_end snapshot_count last_snapshot_at",
        expiry=Expiry("last_snapshot_at", STATISTICS, "post_key"),
    ),
)

ITERATIONS = (
    TableLicence(
        "core.iteration",
        own="iteration_key world campaign objective conversion_kind difference form markets languages topics "
        "integration_types budget_amount budget_currency flight_from flight_to owner led_by revision "
        "follows_iteration_key state opened_by opened_by_run opened_at closed_at",
    ),
    TableLicence(
        # Results of KPIs that rest on a platform's counters (`COUNTER_KPIS`) end; targets are ours.
        "core.kpi_target",
        own="iteration_key kpi_key name unit direction is_health_indicator baseline_value baseline_from baseline_to "
        "target_value measured_at source",
        derived="result_value",
        expiry=Expiry("measured_at", STATISTICS, None, Ending.BLANK),
    ),
    TableLicence(
        # A name in the wishes that the platform told ends with its channel; the key and the answer stay.
        "core.plan",
        own="iteration_key world graph_run_key message head_count tolerance_share audience_size expected_reach "
        "quota_forecast proposed_at signed_at wishes score_basis",
    ),
    TableLicence(
        # The forecast that people signed: a promise, made only where the platform allows it.
        "core.plan_row",
        own="iteration_key channel_key world choice approach_order integration_type price_amount price_currency "
        "expected_views expected_clicks expected_conversions added_reach reason changed_by view_definition",
    ),
    TableLicence(
        "core.decision_request",
        own="iteration_key decision_key attempt role accountable_role responsible consulted informed subject page_path "
        "options dag_id run_id task_id asked_at state taken_up_at",
    ),
    TableLicence(
        "core.approval", own="iteration_key decision_key attempt role person answer reason fields answered_at"
    ),
    TableLicence("core.check_in", own="iteration_key stage lane note checked_in_at"),
    TableLicence("core.check_in_override", own="iteration_key stage lane person reason made_at"),
    TableLicence(
        "core.check_in_placement", own="iteration_key stage lane placement_key verdict reason waits_for"
    ),
    TableLicence("core.role_member", own="person role full_name email airflow_user_id"),
    TableLicence(
        "core.requirement", own="iteration_key requirement_key system_key need approach owner due_at readiness detail"
    ),
    TableLicence(
        "core.finding", own="finding_key iteration_key world kpi_key side category statement weight evidence found_at"
    ),
    TableLicence(
        "core.lesson", own="lesson_key iteration_key finding_key lane statement owner learned_at expires_at"
    ),
    TableLicence("core.proposal", own="iteration_key form reasons proposed_at creator_reasons"),
)  # fmt: skip

DEALS = (
    TableLicence(
        "core.deal",
        own="deal_key iteration_key channel_key world approach_order state offered_amount agreed_amount currency "
        "offered_at answer_due_at creator_name",
        correspondence="countered_amount answered_at terms reason",
    ),
    TableLicence(
        "core.placement",
        own="placement_key iteration_key deal_key channel_key world integration_type window_from window_to "
        "booked_amount booked_currency state draft_due_at created_at",
    ),
    TableLicence(
        "core.message",
        own="message_key world iteration_key channel_key deal_key placement_key direction kind reading state due_at "
        "claimed_at sent_at note",
        correspondence="address language subject body calendar message_id in_reply_to",
    ),
    TableLicence("core.brief", own="placement_key version world language body template written_at"),
    TableLicence(
        "core.draft", own="placement_key version world verdict findings", correspondence="body received_at"
    ),
    TableLicence(
        "core.tracking_link",
        own="placement_key world destination_url utm_source utm_medium utm_campaign utm_content promo_code",
        own_system="short_code short_url enabled_at checked_at check_passed check_detail",
    ),
)  # fmt: skip

RESULTS = (
    TableLicence(
        "core.hit",
        own="world placement_key ingest_run_id",
        own_system="hit_key hit_at short_code country is_click exclusion",
    ),
    TableLicence(
        "core.conversion",
        own="world ingest_run_id",
        own_system="conversion_key converted_at kind market promo_code utm_content is_test revenue_amount "
        "revenue_currency",
    ),
    TableLicence("core.credit", own="conversion_key placement_key world given_by credited_at"),
    TableLicence(
        "core.cost", own="cost_key iteration_key placement_key world kind amount currency incurred_at"
    ),
    TableLicence(
        "core.session_report",
        own="world ingest_run_id",
        own_system="day_on utm_source utm_campaign utm_content sessions key_events",
    ),
    TableLicence("core.system", own="system_key name owner purpose activities"),
    TableLicence(
        "core.system_check",
        own="system_key market world ingest_run_id",
        own_system="checked_at is_healthy latency_ms detail",
    ),
    TableLicence(
        "core.incident",
        own="incident_key world iteration_key system_key market lane source title detail next_step page_path opened_at "
        "closed_at",
    ),
)  # fmt: skip

BEHIND_THE_SCENES = (
    TableLicence(
        "dq.validation_run",
        own="validation_run_id ingest_run_id asset decision max_severity_failed row_count validated_at",
    ),
    TableLicence(
        "dq.expectation_result",
        own="validation_run_id sequence_no rule expectation severity passed unexpected_count unexpected_percent",
        content="observed",
        expiry=Expiry("snapshot_at", CONTENT, None, Ending.BLANK, clock_of=("ops.ingest_run", "ingest_run_id")),
    ),
    TableLicence(
        "dq.quarantined_row",
        own="quarantined_row_id ingest_run_id asset world row_no rules quarantined_at resolution resolved_by "
        "resolved_at",
        content="payload",
        expiry=Expiry("snapshot_at", CONTENT, None, Ending.BLANK, clock_of=("ops.ingest_run", "ingest_run_id")),
    ),
    TableLicence(
        "ops.raw_payload",
        own="api request_digest fetched_at expires_at world status_code",
        content="body",
        expiry=Expiry("expires_at", CONTENT, "api", is_end=True),
    ),
    TableLicence(
        "ops.crawl_item",
        own="crawl_key step sequence_no updated_at",
        content="item_key state result",
        expiry=Expiry("updated_at", CONTENT, None),
    ),
    TableLicence(
        "ops.ingest_run",
        own="ingest_run_id asset world iteration_key run_label snapshot_at state staged_count flagged_count "
        "quarantined_count inserted_count updated_count started_at ended_at",
    ),
    TableLicence(
        "ops.crawl_plan",
        own="crawl_key platform iteration_key world scope_digest channel_limit rests_on covers call_forecast "
        "unit_forecast second_forecast done_by state note waits_until channels_found calls_made units_spent "
        "seconds_taken planned_at ended_at",
    ),
    TableLicence(
        "ops.crawl_step",
        own="crawl_key platform step step_no bucket item_forecast call_forecast item_count calls_made units_spent "
        "moved_at",
    ),
    TableLicence(
        # What people brought is theirs to answer for; the file goes when it is published or discarded.
        "ops.import_file",
        own="import_key world file_name kind byte_count state preview report uploaded_by uploaded_at confirmed_by "
        "confirmed_at ended_at",
    ),
    TableLicence("ops.import_piece", own="import_key piece_no body"),
    TableLicence("ops.stage_claim", own="iteration_key stage run_id claimed_at handed_over_at"),
    TableLicence(
        "ops.quota_bucket", own="api bucket credential window_start window_end unit_limit spent_units spent_by"
    ),
    TableLicence("ops.breaker", own="api failure_count opened_at retry_at last_error"),
    TableLicence("ops.sync_cursor", own="source world position moved_at"),
    TableLicence("ops.expiry", own="world expired_at place action row_count"),
    TableLicence("ops.erasure", own="erasure_key asked_for erased_by erased_at counts left_to_do"),
    TableLicence("ops.suppression", own="subject_hash kind reason suppressed_at"),
    TableLicence("ops.suppression_salt", own="only_row salt"),
    TableLicence("ops.schema_version", own="version_num"),
)  # fmt: skip

LICENCES: Mapping[str, TableLicence] = {
    licence.table: licence for licence in (*CREATORS, *POSTS, *ITERATIONS, *DEALS, *RESULTS, *BEHIND_THE_SCENES)
}
"""``schema.table`` to its licence, every table of the warehouse."""

COUNTER_KPIS = frozenset({"views", "unique_reach", "cpm", "engagements", "engagement_rate"})
"""KPIs whose result is computed from a platform's counters; the others rest on our own clicks, sales and money."""

PLATFORM_ASSETS = frozenset(
    {"channel", "contact", "channel_snapshot", "follow_edge", "follow_list", "post", "post_metric_snapshot"}
)
"""Tables behind a gate whose batches hold data of a platform; their stages and quarantined rows end like them."""


def column_rule(table: str, column: str) -> ColumnRule:
    """The rule of one column.

    Raises:
        KeyError: nobody classified it.

    Examples:
        >>> column_rule("core.channel_snapshot", "average_daily_views").column_class
        <ColumnClass.DERIVED: 'derived'>
        >>> column_rule("core.cost", "amount").kind is None
        True
    """
    return LICENCES[table].columns[column]

-- The warehouse of an influencer program: what was observed, what was decided, what it cost, what it brought.
-- Keys are natural and textual, so a retry writes the same row and a row keeps its name in every system:
--   channel_key, post_key = '<platform>:<id on the platform>'; iteration_key = campaign slug;
--   deal_key = '<iteration_key>/<channel id>'; placement_key = '<iteration_key>-<number>' (also utm_content).
-- Every row carries its world. Instants are timestamptz in UTC of the iteration's own clock (`*_at`); money is numeric with its currency.

CREATE SCHEMA stg;
CREATE SCHEMA core;
CREATE SCHEMA dq;
CREATE SCHEMA mart;
CREATE SCHEMA IF NOT EXISTS ops;

CREATE DOMAIN core.world AS text CHECK (VALUE IN ('sandbox', 'live'));
CREATE DOMAIN core.stage AS text CHECK (VALUE IN ('plan', 'create', 'verify', 'publish', 'monitor', 'retrospect'));
CREATE DOMAIN core.lane AS text CHECK (VALUE IN ('marketing', 'technology'));
CREATE DOMAIN core.role AS text CHECK (VALUE IN ('marketing', 'technology', 'head'));
CREATE DOMAIN core.currency AS text CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN core.country AS text CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE DOMAIN core.locale AS text CHECK (VALUE ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$');
CREATE DOMAIN core.money AS numeric(18, 4);

-- ---------- ops: runs, claims, quotas, health of the outside ----------
CREATE TABLE ops.ingest_run (
    ingest_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asset text NOT NULL,
    world core.world NOT NULL,
    iteration_key text,
    run_label text NOT NULL,
    snapshot_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'staged', 'gated', 'blocked', 'published', 'failed')),
    staged_count bigint,
    flagged_count bigint,
    quarantined_count bigint,
    inserted_count bigint,
    updated_count bigint,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX ingest_run_label ON ops.ingest_run (run_label, asset);

CREATE TABLE ops.stage_claim (
    iteration_key text NOT NULL,
    stage core.stage NOT NULL,
    run_id text NOT NULL,
    claimed_at timestamptz NOT NULL,
    handed_over_at timestamptz,
    PRIMARY KEY (iteration_key, stage)
);

CREATE TABLE ops.quota_bucket (
    api text NOT NULL,
    bucket text NOT NULL,
    credential text NOT NULL,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    unit_limit bigint NOT NULL CHECK (unit_limit >= 0),
    spent_units bigint NOT NULL DEFAULT 0 CHECK (spent_units >= 0),
    PRIMARY KEY (api, bucket, credential, window_start),
    CHECK (spent_units <= unit_limit),
    CHECK (window_end > window_start)
);

CREATE TABLE ops.breaker (
    api text PRIMARY KEY,
    failure_count int NOT NULL DEFAULT 0,
    opened_at timestamptz,
    retry_at timestamptz,
    last_error text
);

CREATE TABLE ops.raw_payload (
    api text NOT NULL,
    request_digest text NOT NULL,
    fetched_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    world core.world NOT NULL,
    status_code int NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (api, request_digest, fetched_at)
);
CREATE INDEX raw_payload_expiry ON ops.raw_payload (expires_at);

CREATE TABLE ops.crawl_item (
    crawl_key text NOT NULL,
    step text NOT NULL,
    item_key text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'absent', 'hidden')),
    result jsonb,
    sequence_no bigint GENERATED ALWAYS AS IDENTITY, -- a crawl that goes on finds everything in the order it was answered
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (crawl_key, step, item_key)
);

CREATE TABLE ops.sync_cursor (
    source text NOT NULL,
    world core.world NOT NULL,
    position text NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (source, world)
);

-- ---------- core: iterations and who decides ----------
CREATE TABLE core.role_member (
    person text NOT NULL,
    role core.role NOT NULL,
    full_name text NOT NULL,
    email text NOT NULL,
    airflow_user_id text NOT NULL,
    PRIMARY KEY (person, role)
);

CREATE TABLE core.iteration (
    iteration_key text PRIMARY KEY CHECK (iteration_key ~ '^[a-z0-9][a-z0-9-]{1,60}$'),
    world core.world NOT NULL,
    campaign text NOT NULL,
    objective text NOT NULL CHECK (objective IN ('positioning', 'awareness', 'engagement', 'growth', 'acquisition')),
    conversion_kind text NOT NULL CHECK (conversion_kind IN ('install', 'sign_up', 'purchase', 'other')),
    difference text NOT NULL,
    form jsonb NOT NULL,
    markets text[] NOT NULL,
    languages text[] NOT NULL,
    topics text[] NOT NULL,
    integration_types text[] NOT NULL,
    budget_amount core.money NOT NULL CHECK (budget_amount > 0),
    budget_currency core.currency NOT NULL,
    flight_from timestamptz NOT NULL,
    flight_to timestamptz NOT NULL,
    owner text NOT NULL,
    led_by core.lane NOT NULL DEFAULT 'marketing',
    revision int NOT NULL DEFAULT 1,
    follows_iteration_key text REFERENCES core.iteration,
    state text NOT NULL DEFAULT 'plan' CHECK (state IN ('plan', 'create', 'verify', 'publish', 'monitor', 'retrospect', 'closed', 'rejected')),
    opened_by text NOT NULL,
    opened_by_run text NOT NULL UNIQUE,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    CHECK (flight_to > flight_from)
);

CREATE TABLE core.kpi_target (
    iteration_key text NOT NULL REFERENCES core.iteration,
    kpi_key text NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    is_health_indicator boolean NOT NULL DEFAULT false,
    baseline_value numeric,
    baseline_from timestamptz,
    baseline_to timestamptz,
    target_value numeric,
    result_value numeric,
    measured_at timestamptz,
    source text NOT NULL,
    PRIMARY KEY (iteration_key, kpi_key)
);

CREATE TABLE core.decision_request (
    iteration_key text NOT NULL REFERENCES core.iteration,
    decision_key text NOT NULL,
    attempt int NOT NULL,
    role core.role NOT NULL,
    accountable_role core.role NOT NULL,
    responsible text NOT NULL,
    consulted text NOT NULL,
    informed text NOT NULL,
    subject text NOT NULL,
    page_path text NOT NULL,
    options text[] NOT NULL,
    dag_id text NOT NULL,
    run_id text NOT NULL,
    task_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'withdrawn', 'not_needed')),
    taken_up_at timestamptz, -- when the run acted on the answer; clearing the decision later asks again
    PRIMARY KEY (iteration_key, decision_key, attempt)
);

CREATE TABLE core.approval (
    iteration_key text NOT NULL REFERENCES core.iteration,
    decision_key text NOT NULL,
    attempt int NOT NULL,
    role core.role NOT NULL,
    person text NOT NULL,
    answer text NOT NULL,
    reason text NOT NULL DEFAULT '',
    fields jsonb NOT NULL DEFAULT '{}',
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (iteration_key, decision_key, attempt)
);

CREATE TABLE core.check_in (
    iteration_key text NOT NULL REFERENCES core.iteration,
    stage core.stage NOT NULL,
    lane core.lane NOT NULL,
    note text NOT NULL DEFAULT '',
    checked_in_at timestamptz NOT NULL,
    PRIMARY KEY (iteration_key, stage, lane)
);

CREATE TABLE core.check_in_override (
    iteration_key text NOT NULL REFERENCES core.iteration,
    stage core.stage NOT NULL,
    lane core.lane NOT NULL,
    person text NOT NULL,
    reason text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (iteration_key, stage, lane)
);

-- ---------- core: creators and who endorses whom ----------
CREATE TABLE core.channel (
    channel_key text PRIMARY KEY,
    world core.world NOT NULL,
    platform text NOT NULL,
    external_id text NOT NULL,
    handle text,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    country core.country,
    language core.locale,
    topics text[] NOT NULL DEFAULT '{}',
    picture_url text,
    uploads_playlist text,
    created_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at timestamptz,
    ingest_run_id bigint NOT NULL,
    UNIQUE (platform, external_id)
);
CREATE INDEX channel_expiry ON core.channel (expires_at);

CREATE TABLE core.contact (
    channel_key text NOT NULL REFERENCES core.channel ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('creator', 'manager', 'agency')),
    world core.world NOT NULL,
    email text NOT NULL,
    language core.locale,
    source text NOT NULL,
    legal_basis text NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (channel_key, kind)
);

CREATE TABLE core.channel_snapshot (
    channel_key text NOT NULL,
    snapshot_at timestamptz NOT NULL,
    observed_at timestamptz NOT NULL,
    world core.world NOT NULL,
    subscribers bigint CHECK (subscribers >= 0),
    subscribers_hidden boolean NOT NULL,
    total_views bigint CHECK (total_views >= 0),
    post_count bigint CHECK (post_count >= 0),
    average_daily_views double precision CHECK (average_daily_views >= 0),
    views_per_post double precision CHECK (views_per_post >= 0),
    view_definition text NOT NULL,
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (channel_key, snapshot_at),
    CHECK (NOT (subscribers_hidden AND subscribers IS NOT NULL))
);

CREATE TABLE core.follow_edge (
    source_channel_key text NOT NULL,
    target_channel_key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('subscribes', 'follows', 'features', 'mentions', 'collaborates', 'shared_link')),
    world core.world NOT NULL,
    weight double precision NOT NULL DEFAULT 1 CHECK (weight > 0),
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    evidence text NOT NULL,
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (source_channel_key, target_channel_key, kind),
    CHECK (source_channel_key <> target_channel_key),
    CHECK (last_seen_at >= first_seen_at)
);
CREATE INDEX follow_edge_target ON core.follow_edge (target_channel_key);

CREATE TABLE core.follow_list (
    channel_key text NOT NULL,
    kind text NOT NULL,
    world core.world NOT NULL,
    state text NOT NULL CHECK (state IN ('read', 'hidden', 'absent')),
    observed_at timestamptz NOT NULL,
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (channel_key, kind)
);

CREATE TABLE core.graph_run (
    graph_run_key text PRIMARY KEY,
    iteration_key text REFERENCES core.iteration,
    world core.world NOT NULL,
    as_of timestamptz NOT NULL,
    node_count int NOT NULL,
    edge_count bigint NOT NULL,
    hidden_list_count int NOT NULL,
    community_count int NOT NULL,
    modularity double precision NOT NULL,
    parameters jsonb NOT NULL,
    seed bigint NOT NULL
);

CREATE TABLE core.vertical (
    graph_run_key text NOT NULL REFERENCES core.graph_run ON DELETE CASCADE,
    community_no int NOT NULL,
    label text NOT NULL,
    terms text[] NOT NULL,
    channel_count int NOT NULL,
    languages jsonb NOT NULL,
    countries jsonb NOT NULL,
    PRIMARY KEY (graph_run_key, community_no)
);

CREATE TABLE core.channel_rank (
    graph_run_key text NOT NULL REFERENCES core.graph_run ON DELETE CASCADE,
    channel_key text NOT NULL,
    rank_no int NOT NULL,
    influence double precision NOT NULL,
    follower_count_in_graph int NOT NULL,
    community_no int NOT NULL,
    x real NOT NULL,
    y real NOT NULL,
    PRIMARY KEY (graph_run_key, channel_key)
);

-- ---------- core: the plan ----------
CREATE TABLE core.plan (
    iteration_key text PRIMARY KEY REFERENCES core.iteration,
    world core.world NOT NULL,
    graph_run_key text NOT NULL REFERENCES core.graph_run,
    message text NOT NULL,
    head_count int NOT NULL,
    tolerance_share numeric NOT NULL CHECK (tolerance_share BETWEEN 0 AND 1),
    audience_size bigint NOT NULL,
    expected_reach double precision NOT NULL,
    quota_forecast jsonb NOT NULL DEFAULT '{}',
    proposed_at timestamptz NOT NULL,
    signed_at timestamptz
);

CREATE TABLE core.plan_row (
    iteration_key text NOT NULL REFERENCES core.iteration,
    channel_key text NOT NULL REFERENCES core.channel,
    world core.world NOT NULL,
    choice text NOT NULL CHECK (choice IN ('chosen', 'reserve', 'dropped')),
    approach_order int NOT NULL,
    integration_type text NOT NULL,
    price_amount core.money NOT NULL CHECK (price_amount >= 0),
    price_currency core.currency NOT NULL,
    expected_views double precision NOT NULL,
    expected_clicks double precision NOT NULL,
    expected_conversions double precision NOT NULL,
    added_reach double precision NOT NULL,
    reason text NOT NULL,
    changed_by text,
    PRIMARY KEY (iteration_key, channel_key)
);

CREATE TABLE core.system (
    system_key text PRIMARY KEY,
    name text NOT NULL,
    owner text NOT NULL,
    purpose text NOT NULL,
    activities text[] NOT NULL
);

CREATE TABLE core.requirement (
    iteration_key text NOT NULL REFERENCES core.iteration,
    requirement_key text NOT NULL,
    system_key text NOT NULL REFERENCES core.system,
    need text NOT NULL,
    approach text NOT NULL CHECK (approach IN ('reuse', 'configure', 'integrate', 'build')),
    owner text NOT NULL,
    due_at timestamptz NOT NULL,
    readiness text NOT NULL CHECK (readiness IN ('ready', 'in_time', 'gap')),
    detail text NOT NULL,
    PRIMARY KEY (iteration_key, requirement_key)
);

-- ---------- core: offers, deals, placements, messages ----------
CREATE TABLE core.deal (
    deal_key text PRIMARY KEY,
    iteration_key text NOT NULL REFERENCES core.iteration,
    channel_key text NOT NULL REFERENCES core.channel,
    world core.world NOT NULL,
    approach_order int NOT NULL,
    state text NOT NULL CHECK (state IN ('offered', 'countered', 'accepted', 'declined', 'silent', 'withdrawn')),
    offered_amount core.money NOT NULL,
    countered_amount core.money,
    agreed_amount core.money,
    currency core.currency NOT NULL,
    offered_at timestamptz NOT NULL,
    answer_due_at timestamptz NOT NULL,
    answered_at timestamptz,
    terms jsonb NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    UNIQUE (iteration_key, channel_key),
    CHECK ((state = 'accepted') = (agreed_amount IS NOT NULL))
);

CREATE TABLE core.placement (
    placement_key text PRIMARY KEY,
    iteration_key text NOT NULL REFERENCES core.iteration,
    deal_key text NOT NULL REFERENCES core.deal,
    channel_key text NOT NULL REFERENCES core.channel,
    world core.world NOT NULL,
    integration_type text NOT NULL,
    window_from timestamptz NOT NULL,
    window_to timestamptz NOT NULL,
    booked_amount core.money NOT NULL CHECK (booked_amount >= 0),
    booked_currency core.currency NOT NULL,
    state text NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'briefed', 'drafted', 'verified', 'armed', 'live', 'held', 'dropped')),
    draft_due_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (window_to > window_from)
);
CREATE INDEX placement_iteration ON core.placement (iteration_key);

CREATE TABLE core.check_in_placement (
    iteration_key text NOT NULL,
    stage core.stage NOT NULL,
    lane core.lane NOT NULL,
    placement_key text NOT NULL REFERENCES core.placement,
    verdict text NOT NULL CHECK (verdict IN ('ready', 'held', 'dropped')),
    reason text NOT NULL DEFAULT '',
    waits_for text NOT NULL DEFAULT '',
    PRIMARY KEY (iteration_key, stage, lane, placement_key)
);

CREATE TABLE core.message (
    message_key text PRIMARY KEY,
    world core.world NOT NULL,
    iteration_key text,
    channel_key text,
    deal_key text,
    placement_key text,
    direction text NOT NULL CHECK (direction IN ('out', 'in')),
    kind text NOT NULL CHECK (kind IN ('offer', 'brief', 'revision', 'go_live', 'correction', 'decision_request', 'answer', 'draft', 'bounce', 'other')),
    address text NOT NULL,
    language core.locale,
    subject text NOT NULL,
    body text NOT NULL,
    calendar text,
    message_id text UNIQUE,
    in_reply_to text,
    reading jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'failed', 'held', 'received')),
    due_at timestamptz NOT NULL,
    claimed_at timestamptz,
    sent_at timestamptz,
    note text NOT NULL DEFAULT ''
);
CREATE INDEX message_outbox ON core.message (due_at) WHERE direction = 'out' AND state = 'queued';
CREATE INDEX message_conversation ON core.message (iteration_key, channel_key, due_at);

CREATE TABLE core.brief (
    placement_key text NOT NULL REFERENCES core.placement,
    version int NOT NULL CHECK (version > 0),
    world core.world NOT NULL,
    language core.locale NOT NULL,
    body text NOT NULL,
    template text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (placement_key, version)
);

CREATE TABLE core.draft (
    placement_key text NOT NULL REFERENCES core.placement,
    version int NOT NULL CHECK (version > 0),
    world core.world NOT NULL,
    body text NOT NULL,
    received_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('ready', 'held', 'dropped')),
    findings jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (placement_key, version)
);

CREATE TABLE core.tracking_link (
    placement_key text PRIMARY KEY REFERENCES core.placement,
    world core.world NOT NULL,
    short_code text NOT NULL,
    short_url text NOT NULL,
    destination_url text NOT NULL,
    utm_source text NOT NULL,
    utm_medium text NOT NULL,
    utm_campaign text NOT NULL,
    utm_content text NOT NULL,
    promo_code text NOT NULL,
    enabled_at timestamptz,
    checked_at timestamptz,
    check_passed boolean,
    check_detail text NOT NULL DEFAULT '',
    UNIQUE (world, short_code),
    UNIQUE (world, promo_code)
);

-- ---------- core: what went live and what it brought ----------
CREATE TABLE core.post (
    post_key text PRIMARY KEY,
    world core.world NOT NULL,
    platform text NOT NULL,
    external_id text NOT NULL,
    channel_key text NOT NULL REFERENCES core.channel,
    placement_key text REFERENCES core.placement,
    matched_by text CHECK (matched_by IN ('link', 'code', 'person')),
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    url text NOT NULL,
    published_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at timestamptz,
    ingest_run_id bigint NOT NULL,
    UNIQUE (platform, external_id)
);
CREATE INDEX post_placement ON core.post (placement_key) WHERE placement_key IS NOT NULL;
CREATE INDEX post_channel ON core.post (channel_key, published_at DESC);

CREATE TABLE core.post_check (
    post_key text NOT NULL REFERENCES core.post,
    check_no int NOT NULL,
    world core.world NOT NULL,
    due_at timestamptz NOT NULL,
    checked_at timestamptz,
    is_available boolean,
    link_is_right boolean,
    is_disclosed boolean,
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (post_key, check_no)
);

CREATE TABLE core.post_metric_snapshot (
    post_key text NOT NULL,
    snapshot_at timestamptz NOT NULL,
    observed_at timestamptz NOT NULL,
    world core.world NOT NULL,
    views bigint CHECK (views >= 0),
    likes bigint CHECK (likes >= 0),
    comments bigint CHECK (comments >= 0),
    view_definition text NOT NULL,
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (post_key, snapshot_at)
) PARTITION BY RANGE (snapshot_at);

CREATE TABLE core.hit (
    hit_key text NOT NULL,
    hit_at timestamptz NOT NULL,
    world core.world NOT NULL,
    short_code text NOT NULL,
    placement_key text,
    country core.country,
    is_click boolean NOT NULL,
    exclusion text,
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (hit_key, hit_at),
    CHECK (is_click = (exclusion IS NULL))
) PARTITION BY RANGE (hit_at);

CREATE TABLE core.conversion (
    conversion_key text PRIMARY KEY,
    world core.world NOT NULL,
    converted_at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('install', 'sign_up', 'purchase', 'other')),
    market core.country NOT NULL,
    promo_code text,
    utm_content text,
    is_test boolean NOT NULL DEFAULT false,
    revenue_amount core.money,
    revenue_currency core.currency,
    ingest_run_id bigint NOT NULL,
    CHECK ((revenue_amount IS NULL) = (revenue_currency IS NULL))
);
CREATE INDEX conversion_at ON core.conversion (converted_at);

CREATE TABLE core.credit (
    conversion_key text PRIMARY KEY REFERENCES core.conversion ON DELETE CASCADE,
    placement_key text NOT NULL REFERENCES core.placement,
    world core.world NOT NULL,
    given_by text NOT NULL CHECK (given_by IN ('code', 'link')),
    credited_at timestamptz NOT NULL
);
CREATE INDEX credit_placement ON core.credit (placement_key);

CREATE TABLE core.cost (
    cost_key text PRIMARY KEY,
    iteration_key text NOT NULL REFERENCES core.iteration,
    placement_key text REFERENCES core.placement,
    world core.world NOT NULL,
    kind text NOT NULL CHECK (kind IN ('placement', 'production', 'agency', 'tool', 'tax', 'other')),
    amount core.money NOT NULL,
    currency core.currency NOT NULL,
    incurred_at timestamptz NOT NULL
);

CREATE TABLE core.session_report (
    world core.world NOT NULL,
    day_on date NOT NULL,
    utm_source text NOT NULL,
    utm_campaign text NOT NULL,
    utm_content text NOT NULL,
    sessions bigint NOT NULL CHECK (sessions >= 0),
    key_events bigint NOT NULL CHECK (key_events >= 0),
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (world, day_on, utm_source, utm_campaign, utm_content)
);

-- ---------- core: systems ----------
CREATE TABLE core.system_check (
    system_key text NOT NULL REFERENCES core.system,
    market text NOT NULL DEFAULT '',
    checked_at timestamptz NOT NULL,
    world core.world NOT NULL,
    is_healthy boolean NOT NULL,
    latency_ms double precision,
    detail text NOT NULL DEFAULT '',
    ingest_run_id bigint NOT NULL,
    PRIMARY KEY (system_key, market, checked_at)
);

CREATE TABLE core.incident (
    incident_key text PRIMARY KEY,
    world core.world NOT NULL,
    iteration_key text REFERENCES core.iteration,
    system_key text REFERENCES core.system,
    market text NOT NULL DEFAULT '',
    lane core.lane NOT NULL,
    source text NOT NULL CHECK (source IN ('system_check', 'task_failure', 'post_check', 'gate')),
    title text NOT NULL,
    detail text NOT NULL DEFAULT '',
    next_step text NOT NULL DEFAULT '',
    page_path text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX incident_open ON core.incident (system_key, market) WHERE closed_at IS NULL;

-- ---------- core: retrospective ----------
CREATE TABLE core.finding (
    finding_key text PRIMARY KEY,
    iteration_key text NOT NULL REFERENCES core.iteration,
    world core.world NOT NULL,
    kpi_key text,
    side text NOT NULL CHECK (side IN ('marketing', 'technology', 'both', 'undetermined')),
    category text NOT NULL CHECK (category IN ('people', 'process', 'technology', 'data', 'content', 'channel', 'environment', 'measurement')),
    statement text NOT NULL,
    weight double precision NOT NULL DEFAULT 0,
    evidence jsonb NOT NULL,
    found_at timestamptz NOT NULL
);

CREATE TABLE core.lesson (
    lesson_key text PRIMARY KEY,
    iteration_key text NOT NULL REFERENCES core.iteration,
    finding_key text REFERENCES core.finding,
    lane core.lane NOT NULL,
    statement text NOT NULL,
    owner text NOT NULL,
    learned_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE core.proposal (
    iteration_key text PRIMARY KEY REFERENCES core.iteration,
    form jsonb NOT NULL,
    reasons jsonb NOT NULL,
    proposed_at timestamptz NOT NULL
);

-- ---------- dq: gates ----------
CREATE TABLE dq.validation_run (
    validation_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ingest_run_id bigint NOT NULL REFERENCES ops.ingest_run,
    asset text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('publish', 'publish_with_warnings', 'block')),
    max_severity_failed text CHECK (max_severity_failed IN ('info', 'warning', 'critical')),
    row_count bigint NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dq.expectation_result (
    validation_run_id bigint NOT NULL REFERENCES dq.validation_run ON DELETE CASCADE,
    sequence_no int NOT NULL,
    rule text NOT NULL,
    expectation text NOT NULL,
    severity text NOT NULL,
    passed boolean NOT NULL,
    unexpected_count bigint,
    unexpected_percent double precision,
    observed jsonb,
    PRIMARY KEY (validation_run_id, sequence_no)
);

CREATE TABLE dq.quarantined_row (
    quarantined_row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ingest_run_id bigint NOT NULL REFERENCES ops.ingest_run,
    asset text NOT NULL,
    world core.world NOT NULL,
    row_no bigint NOT NULL,
    rules text[] NOT NULL,
    payload jsonb NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    resolution text CHECK (resolution IN ('released', 'discarded', 'superseded')),
    resolved_by text,
    resolved_at timestamptz
);
CREATE INDEX quarantined_row_open ON dq.quarantined_row (asset, quarantined_at) WHERE resolved_at IS NULL;

-- ---------- mart: rollups, written in the publish transaction ----------
CREATE TABLE mart.post_latest (
    post_key text PRIMARY KEY,
    snapshot_at timestamptz NOT NULL,
    views bigint,
    likes bigint,
    comments bigint,
    view_definition text NOT NULL
);

CREATE TABLE mart.post_day (
    post_key text NOT NULL,
    day_on date NOT NULL,
    views_at_end bigint,
    likes_at_end bigint,
    comments_at_end bigint,
    snapshot_count int NOT NULL,
    last_snapshot_at timestamptz NOT NULL,
    PRIMARY KEY (post_key, day_on)
);
CREATE INDEX post_day_on ON mart.post_day (day_on);

CREATE TABLE mart.channel_latest (
    channel_key text PRIMARY KEY,
    snapshot_at timestamptz NOT NULL,
    subscribers bigint,
    subscribers_hidden boolean NOT NULL,
    total_views bigint,
    post_count bigint,
    average_daily_views double precision,
    views_per_post double precision
);

-- Partitions by month, made on demand by whoever publishes into the month.
CREATE FUNCTION ops.ensure_month_partitions(parent regclass, from_month date, months int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month date;
    parent_schema text;
    parent_name text;
    partition_name text;
    made int := 0;
BEGIN
    SELECT namespace.nspname, class.relname INTO parent_schema, parent_name
    FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE class.oid = parent;
    PERFORM pg_advisory_xact_lock(hashtext('partition:' || parent::text));
    FOR i IN 0..months - 1 LOOP
        month := (date_trunc('month', from_month) + make_interval(months => i))::date;
        partition_name := parent_name || '_' || to_char(month, 'YYYYMM');
        IF to_regclass(format('%I.%I', parent_schema, partition_name)) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                parent_schema, partition_name, parent,
                month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00'
            );
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

-- ---------- group roles: the login role of the connection takes one of them on ----------
DO $$
DECLARE
    group_role text;
BEGIN
    FOREACH group_role IN ARRAY ARRAY['mardev_writer', 'mardev_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = group_role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', group_role);
        END IF;
        EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE', group_role);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA stg, core, dq, mart, ops TO mardev_writer;
GRANT CREATE ON SCHEMA stg TO mardev_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core, dq, mart, ops TO mardev_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA core, dq, ops TO mardev_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA core, dq, mart, ops GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mardev_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA core, dq, ops GRANT USAGE ON SEQUENCES TO mardev_writer;

GRANT USAGE ON SCHEMA core, dq, mart, ops TO mardev_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA core, dq, mart, ops TO mardev_reader;
-- Addresses of people and untouched platform answers are not for pages.
REVOKE SELECT ON core.contact, ops.raw_payload FROM mardev_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA core, dq, mart, ops GRANT SELECT ON TABLES TO mardev_reader;

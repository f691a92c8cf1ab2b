-- Several platforms, what a crawl will cost and did cost, fair shares of a quota, accounts of one creator.

-- How often a channel publishes and when it last did; null where its posts were not read.
ALTER TABLE core.channel_snapshot ADD COLUMN posts_per_week double precision CHECK (posts_per_week >= 0);
ALTER TABLE core.channel_snapshot ADD COLUMN last_post_at timestamptz;
ALTER TABLE mart.channel_latest ADD COLUMN posts_per_week double precision;
ALTER TABLE mart.channel_latest ADD COLUMN last_post_at timestamptz;

-- Who spent how much of a bucket, so that no pipeline takes what another needs. Pipeline to units.
ALTER TABLE ops.quota_bucket ADD COLUMN spent_by jsonb NOT NULL DEFAULT '{}';

-- What a crawl was expected to cost and to find, before its first call, and what became of it.
CREATE TABLE ops.crawl_plan (
    crawl_key text NOT NULL,
    platform text NOT NULL,
    iteration_key text NOT NULL,
    world core.world NOT NULL,
    scope_digest text NOT NULL, -- two crawls of one scope ask the same questions
    channel_limit int NOT NULL,
    rests_on text NOT NULL, -- what the forecast was made from, for people
    covers text NOT NULL, -- what it will look at, for people
    call_forecast bigint NOT NULL,
    unit_forecast jsonb NOT NULL, -- bucket to units
    second_forecast double precision NOT NULL,
    done_by timestamptz NOT NULL, -- when the quota lets it end
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'under_way', 'waiting', 'stopped', 'done')),
    note text NOT NULL DEFAULT '',
    waits_until timestamptz,
    channels_found int,
    calls_made bigint,
    units_spent jsonb,
    seconds_taken double precision NOT NULL DEFAULT 0,
    planned_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (crawl_key, platform)
);
CREATE INDEX crawl_plan_experience ON ops.crawl_plan (world, platform, ended_at);

CREATE TABLE ops.crawl_step (
    crawl_key text NOT NULL,
    platform text NOT NULL,
    step text NOT NULL,
    step_no int NOT NULL,
    bucket text NOT NULL,
    item_forecast bigint NOT NULL,
    call_forecast bigint NOT NULL,
    item_count bigint NOT NULL DEFAULT 0,
    calls_made bigint NOT NULL DEFAULT 0,
    units_spent bigint NOT NULL DEFAULT 0,
    moved_at timestamptz,
    PRIMARY KEY (crawl_key, platform, step)
);

-- Channels of two platforms that may belong to one creator. Only what a person confirmed, or the platforms prove
-- both ways, joins them.
CREATE TABLE core.same_creator (
    channel_key text NOT NULL,
    other_channel_key text NOT NULL,
    world core.world NOT NULL,
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'refused')),
    confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    evidence text[] NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    PRIMARY KEY (channel_key, other_channel_key),
    CHECK (channel_key < other_channel_key),
    CHECK ((state = 'proposed') = (decided_at IS NULL))
);
CREATE INDEX same_creator_other ON core.same_creator (other_channel_key);

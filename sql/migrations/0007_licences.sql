-- Licences as code: what has expired, what was erased, whom we never ask again, and by which definition a view was counted.

-- A row that our own record needs stays when the platform's words in it must go; this says since when they are gone.
ALTER TABLE core.channel ADD COLUMN expired_at timestamptz;
ALTER TABLE core.post ADD COLUMN expired_at timestamptz;

-- The name a creator had when we made the offer is part of our own record of the deal.
ALTER TABLE core.deal ADD COLUMN creator_name text;
UPDATE core.deal SET creator_name = channel.title
FROM core.channel AS channel
WHERE deal.channel_key = channel.channel_key;

-- An erasure gives a channel, a post and a deal a key that says nothing; what refers to them follows.
ALTER TABLE core.contact DROP CONSTRAINT contact_channel_key_fkey;
ALTER TABLE core.contact
ADD CONSTRAINT contact_channel_key_fkey FOREIGN KEY (channel_key) REFERENCES core.channel ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE core.plan_row DROP CONSTRAINT plan_row_channel_key_fkey;
ALTER TABLE core.plan_row
ADD CONSTRAINT plan_row_channel_key_fkey FOREIGN KEY (channel_key) REFERENCES core.channel ON UPDATE CASCADE;
ALTER TABLE core.deal DROP CONSTRAINT deal_channel_key_fkey;
ALTER TABLE core.deal
ADD CONSTRAINT deal_channel_key_fkey FOREIGN KEY (channel_key) REFERENCES core.channel ON UPDATE CASCADE;
ALTER TABLE core.placement DROP CONSTRAINT placement_channel_key_fkey;
ALTER TABLE core.placement
ADD CONSTRAINT placement_channel_key_fkey FOREIGN KEY (channel_key) REFERENCES core.channel ON UPDATE CASCADE;
ALTER TABLE core.placement DROP CONSTRAINT placement_deal_key_fkey;
ALTER TABLE core.placement
ADD CONSTRAINT placement_deal_key_fkey FOREIGN KEY (deal_key) REFERENCES core.deal ON UPDATE CASCADE;
ALTER TABLE core.post DROP CONSTRAINT post_channel_key_fkey;
ALTER TABLE core.post
ADD CONSTRAINT post_channel_key_fkey FOREIGN KEY (channel_key) REFERENCES core.channel ON UPDATE CASCADE;
ALTER TABLE core.post_check DROP CONSTRAINT post_check_post_key_fkey;
ALTER TABLE core.post_check
ADD CONSTRAINT post_check_post_key_fkey FOREIGN KEY (post_key) REFERENCES core.post ON UPDATE CASCADE;

-- Averages of views are older than the counters beside them when a refresh read the counters alone.
ALTER TABLE mart.channel_latest ADD COLUMN views_observed_at timestamptz;
ALTER TABLE mart.channel_latest ADD COLUMN view_definition text;
UPDATE mart.channel_latest SET
    views_observed_at = newest.snapshot_at,
    view_definition = newest.view_definition
FROM (
    SELECT DISTINCT ON (snapshot.channel_key)
        snapshot.channel_key,
        snapshot.snapshot_at,
        snapshot.view_definition
    FROM core.channel_snapshot AS snapshot
    WHERE snapshot.average_daily_views IS NOT NULL OR snapshot.views_per_post IS NOT NULL
    ORDER BY snapshot.channel_key ASC, snapshot.snapshot_at DESC
) AS newest
WHERE channel_latest.channel_key = newest.channel_key;

ALTER TABLE mart.post_day ADD COLUMN view_definition text;
UPDATE mart.post_day SET view_definition = snapshot.view_definition
FROM core.post_metric_snapshot AS snapshot
WHERE post_day.post_key = snapshot.post_key AND post_day.last_snapshot_at = snapshot.snapshot_at;

-- A forecast is a view figure as well: it is made from counters of one definition. Without an approval of the platform
-- there is no forecast, and the column is empty.
ALTER TABLE core.plan_row ADD COLUMN view_definition text;
ALTER TABLE core.plan_row ALTER COLUMN expected_views DROP NOT NULL;
ALTER TABLE core.plan_row ALTER COLUMN expected_clicks DROP NOT NULL;
ALTER TABLE core.plan_row ALTER COLUMN expected_conversions DROP NOT NULL;
-- What the plan's scores were made of: {"features": [...], "sources": {...}, "approvals": {"youtube": "..."}}.
ALTER TABLE core.plan ADD COLUMN score_basis jsonb NOT NULL DEFAULT '{}';

-- What expired, table by table: proof that the terms of a source were kept.
CREATE TABLE ops.expiry (
    world core.world NOT NULL,
    expired_at timestamptz NOT NULL,
    place text NOT NULL,
    action text NOT NULL CHECK (action IN ('deleted', 'blanked')),
    row_count bigint NOT NULL CHECK (row_count > 0),
    PRIMARY KEY (world, expired_at, place, action)
);

-- Erasures on request: what was done, without a word of the person.
CREATE TABLE ops.erasure (
    erasure_key text PRIMARY KEY,
    asked_for text NOT NULL CHECK (asked_for IN ('person', 'channel', 'address')),
    erased_by text NOT NULL,
    erased_at timestamptz NOT NULL,
    counts jsonb NOT NULL,
    left_to_do text[] NOT NULL
);

-- Whom we never ask again, as salted hashes: enough to recognise them, not enough to know them.
CREATE TABLE ops.suppression (
    subject_hash text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('channel', 'handle', 'address')),
    reason text NOT NULL,
    suppressed_at timestamptz NOT NULL
);
CREATE TABLE ops.suppression_salt (
    only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    salt text NOT NULL
);
INSERT INTO ops.suppression_salt (salt) VALUES (gen_random_uuid()::text || gen_random_uuid()::text);
REVOKE SELECT ON ops.suppression, ops.suppression_salt FROM mardev_reader;

-- A post whose counters are dark has no views, not zero of them.
CREATE OR REPLACE VIEW mart.placement_result AS
WITH hit AS (
    SELECT
        request.placement_key,
        count(*) AS hits,
        count(*) FILTER (WHERE request.is_click) AS clicks
    FROM core.hit AS request
    GROUP BY request.placement_key
),

post AS (
    SELECT
        live.placement_key,
        count(*) AS post_count,
        sum(latest.views) AS views
    FROM core.post AS live
    LEFT JOIN mart.post_latest AS latest ON live.post_key = latest.post_key
    GROUP BY live.placement_key
),

named AS (
    SELECT
        placement.placement_key,
        count(*) AS conversions
    FROM core.placement AS placement
    INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
    LEFT JOIN core.tracking_link AS link ON placement.placement_key = link.placement_key
    INNER JOIN core.conversion AS conversion
        ON
            placement.world = conversion.world
            AND iteration.conversion_kind = conversion.kind
            AND (placement.placement_key = conversion.utm_content OR link.promo_code = conversion.promo_code)
    WHERE NOT conversion.is_test
    GROUP BY placement.placement_key
),

credited AS (
    SELECT
        placement.placement_key,
        count(*) FILTER (WHERE conversion.kind = iteration.conversion_kind) AS credited_conversions,
        sum(conversion.revenue_amount) FILTER (
            WHERE conversion.revenue_currency = placement.booked_currency
        ) AS revenue_amount
    FROM core.credit AS credit
    INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
    INNER JOIN core.placement AS placement ON credit.placement_key = placement.placement_key
    INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
    WHERE NOT conversion.is_test
    GROUP BY placement.placement_key
)

SELECT
    placement.placement_key,
    placement.iteration_key,
    placement.channel_key,
    placement.world,
    placement.state,
    placement.integration_type,
    placement.booked_amount,
    placement.booked_currency,
    coalesce(post.post_count, 0) AS post_count,
    CASE WHEN post.post_count > 0 THEN post.views ELSE 0 END AS views,
    coalesce(hit.hits, 0) AS hits,
    coalesce(hit.clicks, 0) AS clicks,
    coalesce(named.conversions, 0) AS conversions,
    coalesce(credited.credited_conversions, 0) AS credited_conversions,
    coalesce(credited.revenue_amount, 0) AS revenue_amount,
    placement.booked_amount / nullif(post.views, 0) AS cpv,
    1000 * placement.booked_amount / nullif(post.views, 0) AS cpm,
    placement.booked_amount / nullif(hit.clicks, 0) AS cpc,
    placement.booked_amount / nullif(credited.credited_conversions, 0) AS cpa,
    coalesce(credited.revenue_amount, 0) / nullif(placement.booked_amount, 0) AS roas,
    (coalesce(credited.revenue_amount, 0) - placement.booked_amount) / nullif(placement.booked_amount, 0) AS roi
FROM core.placement AS placement
LEFT JOIN post ON placement.placement_key = post.placement_key
LEFT JOIN hit ON placement.placement_key = hit.placement_key
LEFT JOIN named ON placement.placement_key = named.placement_key
LEFT JOIN credited ON placement.placement_key = credited.placement_key;

-- Whoever asks what is due may know when raw answers end, never what they say.
GRANT SELECT (expires_at) ON ops.raw_payload TO mardev_reader;

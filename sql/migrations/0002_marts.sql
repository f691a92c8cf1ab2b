-- Views for reading. A ratio is null where its denominator is zero; test conversions count nowhere;
-- money is summed in the currency of the booking (or of the budget), other currencies are left out.

CREATE VIEW mart.placement_result AS
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
    coalesce(post.views, 0) AS views,
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

CREATE VIEW mart.iteration_overview AS
WITH spending AS (
    SELECT
        cost.iteration_key,
        cost.currency,
        sum(cost.amount) AS amount
    FROM core.cost AS cost
    GROUP BY cost.iteration_key, cost.currency
),

deals_in_state AS (
    SELECT
        deal.iteration_key,
        deal.state,
        count(*) AS row_count
    FROM core.deal AS deal
    GROUP BY deal.iteration_key, deal.state
),

deals AS (
    SELECT
        deals_in_state.iteration_key,
        jsonb_object_agg(deals_in_state.state, deals_in_state.row_count) AS counts
    FROM deals_in_state
    GROUP BY deals_in_state.iteration_key
),

placements_in_state AS (
    SELECT
        placement.iteration_key,
        placement.state,
        count(*) AS row_count
    FROM core.placement AS placement
    GROUP BY placement.iteration_key, placement.state
),

placements AS (
    SELECT
        placements_in_state.iteration_key,
        jsonb_object_agg(placements_in_state.state, placements_in_state.row_count) AS counts
    FROM placements_in_state
    GROUP BY placements_in_state.iteration_key
),

decisions AS (
    SELECT
        request.iteration_key,
        count(*) AS open_count
    FROM core.decision_request AS request
    WHERE request.state = 'open'
    GROUP BY request.iteration_key
),

incidents AS (
    SELECT
        incident.iteration_key,
        count(*) AS open_count
    FROM core.incident AS incident
    WHERE incident.closed_at IS NULL
    GROUP BY incident.iteration_key
)

SELECT
    iteration.iteration_key,
    iteration.world,
    iteration.campaign,
    iteration.objective,
    iteration.state,
    iteration.led_by,
    iteration.owner,
    iteration.flight_from,
    iteration.flight_to,
    iteration.budget_amount,
    iteration.budget_currency,
    coalesce(spending.amount, 0) AS spent_amount,
    coalesce(deals.counts, '{}') AS deals_by_state,
    coalesce(placements.counts, '{}') AS placements_by_state,
    coalesce(decisions.open_count, 0) AS open_decisions,
    coalesce(incidents.open_count, 0) AS open_incidents
FROM core.iteration AS iteration
LEFT JOIN spending ON iteration.iteration_key = spending.iteration_key AND iteration.budget_currency = spending.currency
LEFT JOIN deals ON iteration.iteration_key = deals.iteration_key
LEFT JOIN placements ON iteration.iteration_key = placements.iteration_key
LEFT JOIN decisions ON iteration.iteration_key = decisions.iteration_key
LEFT JOIN incidents ON iteration.iteration_key = incidents.iteration_key;

-- The conversation without anybody's address.
CREATE VIEW mart.message AS
SELECT
    message.message_key,
    message.world,
    message.iteration_key,
    message.channel_key,
    message.deal_key,
    message.placement_key,
    message.direction,
    message.kind,
    message.language,
    message.subject,
    message.body,
    message.reading,
    message.state,
    message.due_at,
    message.sent_at,
    message.note
FROM core.message AS message;

GRANT SELECT ON mart.placement_result, mart.iteration_overview, mart.message TO mardev_reader, mardev_writer;
REVOKE SELECT ON core.message FROM mardev_reader;
GRANT SELECT (
    message_key, world, iteration_key, channel_key, deal_key, placement_key, direction, kind, language, subject, body,
    message_id, in_reply_to, reading, state, due_at, claimed_at, sent_at, note
) ON core.message TO mardev_reader;

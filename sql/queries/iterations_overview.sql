-- One row an iteration, the newest first: where it stands, what it cost, what it brought.
WITH placed AS (
    SELECT
        placement.iteration_key,
        count(*) AS placement_count,
        count(*) FILTER (WHERE placement.state = 'live') AS live_count,
        count(*) FILTER (WHERE placement.state = 'held') AS held_count,
        sum(placement.booked_amount) FILTER (WHERE placement.state <> 'dropped') AS booked_amount
    FROM core.placement AS placement
    GROUP BY placement.iteration_key
),

viewed AS (
    SELECT
        placement.iteration_key,
        sum(latest.views) AS views
    FROM core.placement AS placement
    INNER JOIN core.post AS post ON placement.placement_key = post.placement_key
    INNER JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
    GROUP BY placement.iteration_key
),

clicked AS (
    SELECT
        placement.iteration_key,
        count(*) AS clicks
    FROM core.hit AS hit
    INNER JOIN core.placement AS placement ON hit.placement_key = placement.placement_key
    WHERE hit.is_click
    GROUP BY placement.iteration_key
),

converted AS (
    SELECT
        placement.iteration_key,
        count(*) FILTER (WHERE conversion.kind = iteration.conversion_kind) AS conversions,
        sum(conversion.revenue_amount)
        FILTER (WHERE conversion.revenue_currency = iteration.budget_currency) AS revenue_amount
    FROM core.credit AS credit
    INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
    INNER JOIN core.placement AS placement ON credit.placement_key = placement.placement_key
    INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
    WHERE NOT conversion.is_test
    GROUP BY placement.iteration_key
),

paid AS (
    SELECT
        cost.iteration_key,
        sum(cost.amount) AS cost_amount
    FROM core.cost AS cost
    INNER JOIN core.iteration AS iteration ON cost.iteration_key = iteration.iteration_key
    WHERE cost.currency = iteration.budget_currency
    GROUP BY cost.iteration_key
),

asked AS (
    SELECT
        request.iteration_key,
        array_agg(DISTINCT CAST(request.role AS text)) AS waits_for
    FROM core.decision_request AS request
    WHERE
        request.state = 'open'
        AND NOT EXISTS (
            SELECT 1
            FROM core.approval AS approval
            WHERE
                approval.iteration_key = request.iteration_key
                AND approval.decision_key = request.decision_key
                AND approval.attempt = request.attempt
        )
    GROUP BY request.iteration_key
)

SELECT
    iteration.iteration_key,
    iteration.world,
    iteration.campaign,
    iteration.objective,
    iteration.markets,
    iteration.state,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = iteration.owner
        ),
        iteration.owner
    ) AS owner,
    iteration.led_by,
    iteration.revision,
    iteration.opened_at,
    iteration.closed_at,
    iteration.flight_from,
    iteration.flight_to,
    iteration.budget_amount,
    iteration.budget_currency,
    iteration.conversion_kind,
    coalesce(placed.placement_count, 0) AS placement_count,
    coalesce(placed.live_count, 0) AS live_count,
    coalesce(placed.held_count, 0) AS held_count,
    coalesce(placed.booked_amount, 0) AS booked_amount,
    coalesce(paid.cost_amount, 0) AS cost_amount,
    coalesce(viewed.views, 0) AS views,
    coalesce(clicked.clicks, 0) AS clicks,
    coalesce(converted.conversions, 0) AS conversions,
    coalesce(converted.revenue_amount, 0) AS revenue_amount,
    coalesce(asked.waits_for, CAST('{}' AS text[])) AS waits_for
FROM core.iteration AS iteration
LEFT JOIN placed ON iteration.iteration_key = placed.iteration_key
LEFT JOIN viewed ON iteration.iteration_key = viewed.iteration_key
LEFT JOIN clicked ON iteration.iteration_key = clicked.iteration_key
LEFT JOIN converted ON iteration.iteration_key = converted.iteration_key
LEFT JOIN paid ON iteration.iteration_key = paid.iteration_key
LEFT JOIN asked ON iteration.iteration_key = asked.iteration_key
WHERE CAST(:iteration_key AS text) IS NULL OR iteration.iteration_key = :iteration_key
ORDER BY iteration.closed_at IS NOT NULL, iteration.opened_at DESC, iteration.iteration_key ASC;

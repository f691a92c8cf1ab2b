-- Every placement of an iteration: what was agreed, what happened, what it brought.
SELECT
    placement.placement_key,
    placement.channel_key,
    placement.integration_type,
    placement.booked_amount,
    placement.window_from,
    placement.window_to,
    channel.title AS creator,
    channel.country AS market,
    plan_row.expected_views,
    plan_row.expected_clicks,
    plan_row.expected_conversions,
    post.published_at,
    coalesce(latest.views, 0) AS views,
    (
        SELECT count(*) FROM core.hit AS hit
        WHERE hit.placement_key = placement.placement_key AND hit.is_click
    ) AS clicks,
    (
        SELECT count(*)
        FROM core.credit AS credit
        INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
        WHERE credit.placement_key = placement.placement_key AND conversion.kind = iteration.conversion_kind
    ) AS conversions,
    (
        SELECT coalesce(sum(conversion.revenue_amount), 0)
        FROM core.credit AS credit
        INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
        WHERE
            credit.placement_key = placement.placement_key
            AND conversion.revenue_currency = placement.booked_currency
    ) AS revenue,
    first_check.is_disclosed,
    first_check.link_is_right,
    mended.disclosure_fixed_at,
    mended.link_fixed_at,
    held.lane AS held_by,
    held.reason AS hold_reason
FROM core.placement AS placement
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.plan_row AS plan_row
    ON placement.iteration_key = plan_row.iteration_key AND placement.channel_key = plan_row.channel_key
LEFT JOIN core.post AS post ON placement.placement_key = post.placement_key
LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
LEFT JOIN LATERAL (
    SELECT
        post_check.is_disclosed,
        post_check.link_is_right
    FROM core.post_check AS post_check
    WHERE post_check.post_key = post.post_key AND post_check.checked_at IS NOT NULL
    ORDER BY post_check.checked_at, post_check.check_no
    LIMIT 1
) AS first_check ON TRUE
LEFT JOIN LATERAL (
    SELECT
        min(post_check.checked_at) FILTER (WHERE post_check.is_disclosed) AS disclosure_fixed_at,
        min(post_check.checked_at) FILTER (WHERE post_check.link_is_right) AS link_fixed_at
    FROM core.post_check AS post_check
    WHERE post_check.post_key = post.post_key AND post_check.checked_at IS NOT NULL
) AS mended ON TRUE
LEFT JOIN LATERAL (
    SELECT
        verdict.lane,
        verdict.reason
    FROM core.check_in_placement AS verdict
    WHERE
        verdict.placement_key = placement.placement_key
        AND verdict.verdict <> 'ready'
        AND verdict.stage IN ('create', 'verify', 'publish')
    ORDER BY verdict.stage, verdict.lane
    LIMIT 1
) AS held ON placement.state IN ('held', 'dropped')
WHERE placement.iteration_key = :iteration_key
ORDER BY placement.placement_key

-- Each placement with its reason, what it brought, and what was odd about its post.
SELECT
    channel.title AS creator,
    channel.country AS market,
    plan_row.reason,
    coalesce(latest.views, 0) AS views,
    coalesce(cost.amount, 0) AS cost,
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
            AND conversion.revenue_currency = iteration.budget_currency
    ) AS revenue,
    CASE
        WHEN placement.state IN ('held', 'dropped') THEN 'held back'
        WHEN post.post_key IS NULL THEN 'no post'
        WHEN post.published_at > placement.window_to THEN 'late'
        WHEN EXISTS (
            SELECT FROM core.post_check AS post_check
            WHERE post_check.post_key = post.post_key AND post_check.link_is_right = FALSE
        ) THEN 'link was wrong'
        WHEN EXISTS (
            SELECT FROM core.post_check AS post_check
            WHERE post_check.post_key = post.post_key AND post_check.is_disclosed = FALSE
        ) THEN 'was not marked'
        ELSE ''
    END AS note
FROM core.placement AS placement
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.plan_row AS plan_row
    ON placement.iteration_key = plan_row.iteration_key AND placement.channel_key = plan_row.channel_key
LEFT JOIN core.post AS post ON placement.placement_key = post.placement_key
LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
LEFT JOIN core.cost AS cost ON placement.placement_key = cost.placement_key AND cost.kind = 'placement'
WHERE placement.iteration_key = :iteration_key
ORDER BY plan_row.approach_order

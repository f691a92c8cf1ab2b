-- Everything an iteration's posts brought, in one row. Money in the iteration's currency; a sale in another one is not added.
SELECT
    coalesce(
        (
            SELECT sum(cost.amount) FROM core.cost AS cost
            WHERE cost.iteration_key = iteration.iteration_key AND cost.currency = iteration.budget_currency
        ), 0
    ) AS cost,
    coalesce(sum(latest.views), 0) AS views,
    coalesce(sum(latest.likes), 0) AS likes,
    coalesce(sum(latest.comments), 0) AS comments,
    (
        SELECT count(*)
        FROM core.hit AS hit
        INNER JOIN core.placement AS clicked ON hit.placement_key = clicked.placement_key
        WHERE clicked.iteration_key = iteration.iteration_key AND hit.is_click
    ) AS clicks,
    (
        SELECT count(*)
        FROM core.credit AS credit
        INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
        INNER JOIN core.placement AS credited ON credit.placement_key = credited.placement_key
        WHERE credited.iteration_key = iteration.iteration_key AND conversion.kind = iteration.conversion_kind
    ) AS conversions,
    (
        SELECT coalesce(sum(conversion.revenue_amount), 0)
        FROM core.credit AS credit
        INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
        INNER JOIN core.placement AS credited ON credit.placement_key = credited.placement_key
        WHERE
            credited.iteration_key = iteration.iteration_key
            AND conversion.revenue_currency = iteration.budget_currency
    ) AS revenue,
    (
        SELECT sum(plan_row.expected_views) FROM core.plan_row AS plan_row
        WHERE plan_row.iteration_key = iteration.iteration_key AND plan_row.choice = 'chosen'
    ) AS planned_views
FROM core.iteration AS iteration
LEFT JOIN core.placement AS placement ON iteration.iteration_key = placement.iteration_key
LEFT JOIN core.post AS post ON placement.placement_key = post.placement_key
LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
WHERE iteration.iteration_key = :iteration_key
GROUP BY iteration.iteration_key

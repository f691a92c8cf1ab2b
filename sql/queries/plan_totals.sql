-- What the chosen rows of a plan cost and promise together, against the budget.
SELECT
    iteration.budget_amount,
    iteration.budget_currency,
    plan.tolerance_share,
    plan.audience_size,
    count(*) FILTER (WHERE plan_row.choice = 'chosen') AS chosen_count,
    count(*) FILTER (WHERE plan_row.choice = 'reserve') AS reserve_count,
    count(*) FILTER (WHERE plan_row.choice = 'dropped') AS dropped_count,
    coalesce(sum(plan_row.price_amount) FILTER (WHERE plan_row.choice = 'chosen'), 0) AS price_amount,
    -- Empty where the platform's terms allow no forecast; nothing chosen is nothing expected.
    CASE
        WHEN count(*) FILTER (WHERE plan_row.choice = 'chosen') = 0 THEN 0
        ELSE sum(plan_row.expected_views) FILTER (WHERE plan_row.choice = 'chosen')
    END AS expected_views,
    CASE
        WHEN count(*) FILTER (WHERE plan_row.choice = 'chosen') = 0 THEN 0
        ELSE sum(plan_row.expected_clicks) FILTER (WHERE plan_row.choice = 'chosen')
    END AS expected_clicks,
    CASE
        WHEN count(*) FILTER (WHERE plan_row.choice = 'chosen') = 0 THEN 0
        ELSE sum(plan_row.expected_conversions) FILTER (WHERE plan_row.choice = 'chosen')
    END AS expected_conversions,
    coalesce(sum(plan_row.added_reach) FILTER (WHERE plan_row.choice = 'chosen'), 0) AS expected_reach
FROM core.plan AS plan
INNER JOIN core.iteration AS iteration ON plan.iteration_key = iteration.iteration_key
LEFT JOIN core.plan_row AS plan_row ON plan.iteration_key = plan_row.iteration_key
WHERE plan.iteration_key = :iteration_key
GROUP BY iteration.budget_amount, iteration.budget_currency, plan.tolerance_share, plan.audience_size;

-- What the chosen rows of the signed plan promise together.
SELECT
    sum(plan_row.expected_views) AS views,
    sum(plan_row.expected_clicks) AS clicks,
    sum(plan_row.expected_conversions) AS conversions
FROM core.plan_row AS plan_row
WHERE plan_row.iteration_key = :iteration_key AND plan_row.choice = 'chosen'

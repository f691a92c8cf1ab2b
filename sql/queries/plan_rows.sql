-- The creators of a plan with the reasons: chosen, reserve, dropped, in the order of approach.
SELECT
    plan_row.channel_key,
    plan_row.choice,
    plan_row.approach_order,
    plan_row.integration_type,
    plan_row.price_amount,
    plan_row.price_currency,
    plan_row.expected_views,
    plan_row.expected_clicks,
    plan_row.expected_conversions,
    plan_row.added_reach,
    plan_row.reason,
    plan_row.changed_by,
    channel.title AS creator,
    channel.handle,
    channel.country,
    channel.language,
    latest.subscribers,
    latest.subscribers_hidden,
    latest.average_daily_views,
    rank.rank_no,
    rank.rank_best,
    rank.rank_worst,
    rank.influence,
    rank.community_no,
    vertical.label AS vertical
FROM core.plan_row AS plan_row
INNER JOIN core.plan AS plan ON plan_row.iteration_key = plan.iteration_key
INNER JOIN core.channel AS channel ON plan_row.channel_key = channel.channel_key
LEFT JOIN mart.channel_latest AS latest ON plan_row.channel_key = latest.channel_key
LEFT JOIN core.channel_rank AS rank
    ON plan.graph_run_key = rank.graph_run_key AND plan_row.channel_key = rank.channel_key
LEFT JOIN core.vertical AS vertical
    ON rank.graph_run_key = vertical.graph_run_key AND rank.community_no = vertical.community_no
WHERE plan_row.iteration_key = :iteration_key
ORDER BY
    CASE plan_row.choice WHEN 'chosen' THEN 1 WHEN 'reserve' THEN 2 ELSE 3 END,
    plan_row.approach_order,
    plan_row.channel_key;

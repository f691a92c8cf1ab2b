-- Every offer of an iteration with what was expected of it.
SELECT
    channel.title AS creator,
    channel.country AS market,
    deal.state,
    plan_row.expected_views,
    plan_row.expected_clicks,
    plan_row.expected_conversions
FROM core.deal AS deal
INNER JOIN core.channel AS channel ON deal.channel_key = channel.channel_key
INNER JOIN core.plan_row AS plan_row
    ON deal.iteration_key = plan_row.iteration_key AND deal.channel_key = plan_row.channel_key
WHERE deal.iteration_key = :iteration_key
ORDER BY deal.approach_order

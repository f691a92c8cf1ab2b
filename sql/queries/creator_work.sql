-- Our own record with a creator: plans, deals, posts and what they brought.
SELECT
    plan_row.iteration_key,
    iteration.campaign,
    iteration.opened_at,
    iteration.conversion_kind,
    plan_row.choice,
    plan_row.reason,
    deal.state AS deal_state,
    deal.offered_amount,
    deal.agreed_amount,
    deal.currency,
    result.state AS placement_state,
    result.booked_amount,
    result.booked_currency,
    result.post_count,
    result.views,
    result.clicks,
    result.credited_conversions,
    result.revenue_amount
FROM core.plan_row AS plan_row
INNER JOIN core.iteration AS iteration ON plan_row.iteration_key = iteration.iteration_key
LEFT JOIN core.deal AS deal
    ON plan_row.iteration_key = deal.iteration_key AND plan_row.channel_key = deal.channel_key
LEFT JOIN mart.placement_result AS result
    ON plan_row.iteration_key = result.iteration_key AND plan_row.channel_key = result.channel_key
WHERE plan_row.channel_key = :channel_key
ORDER BY iteration.opened_at DESC, plan_row.iteration_key ASC;

-- The newest searches for creators: what each was expected to cost and to find, and what became of it.
SELECT
    plan.crawl_key,
    plan.platform,
    plan.iteration_key,
    plan.world,
    plan.channel_limit,
    plan.rests_on,
    plan.covers,
    plan.call_forecast,
    plan.unit_forecast,
    plan.second_forecast,
    plan.done_by,
    plan.state,
    plan.note,
    plan.waits_until,
    plan.channels_found,
    plan.calls_made,
    plan.units_spent,
    plan.seconds_taken,
    plan.planned_at,
    plan.ended_at,
    iteration.campaign
FROM ops.crawl_plan AS plan
LEFT JOIN core.iteration AS iteration ON plan.iteration_key = iteration.iteration_key
ORDER BY plan.planned_at DESC, plan.crawl_key ASC, plan.platform ASC
LIMIT :row_limit;

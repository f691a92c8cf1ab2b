-- The plan's head.
SELECT
    plan.iteration_key,
    plan.world,
    plan.graph_run_key,
    plan.message,
    plan.head_count,
    plan.tolerance_share,
    plan.audience_size,
    plan.expected_reach,
    plan.quota_forecast,
    plan.proposed_at,
    plan.signed_at,
    plan.wishes,
    plan.score_basis
FROM core.plan AS plan
WHERE plan.iteration_key = :iteration_key;

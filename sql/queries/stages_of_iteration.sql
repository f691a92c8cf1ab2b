-- Which stages of an iteration were begun and handed over.
SELECT
    stage,
    claimed_at,
    handed_over_at
FROM ops.stage_claim
WHERE iteration_key = :iteration_key
ORDER BY claimed_at;

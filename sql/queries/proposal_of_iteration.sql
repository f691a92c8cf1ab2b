-- The next iteration as proposed, and why.
SELECT
    proposal.form,
    proposal.reasons,
    proposal.proposed_at,
    follower.iteration_key AS started_iteration_key,
    follower.campaign AS started_campaign
FROM core.proposal AS proposal
LEFT JOIN LATERAL (
    SELECT
        iteration.iteration_key,
        iteration.campaign
    FROM core.iteration AS iteration
    WHERE iteration.follows_iteration_key = proposal.iteration_key
    ORDER BY iteration.opened_at
    LIMIT 1
) AS follower ON TRUE
WHERE proposal.iteration_key = :iteration_key;

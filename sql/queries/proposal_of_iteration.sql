-- The next iteration as proposed, and why.
SELECT
    proposal.form,
    proposal.reasons,
    proposal.proposed_at,
    (
        SELECT follower.iteration_key
        FROM core.iteration AS follower
        WHERE follower.follows_iteration_key = proposal.iteration_key
        ORDER BY follower.opened_at
        LIMIT 1
    ) AS started_iteration_key
FROM core.proposal AS proposal
WHERE proposal.iteration_key = :iteration_key;

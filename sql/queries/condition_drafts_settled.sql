-- Whether each placement that goes on has a draft, or its day for one has passed. Parameters: iteration_key, now.
SELECT NOT EXISTS (
    SELECT FROM core.placement AS placement
    WHERE
        placement.iteration_key = :iteration_key
        AND placement.state NOT IN ('held', 'dropped')
        AND coalesce(placement.draft_due_at, placement.window_from) > :now
        AND NOT EXISTS (
            SELECT FROM core.draft AS draft
            WHERE draft.placement_key = placement.placement_key
        )
) AS is_met

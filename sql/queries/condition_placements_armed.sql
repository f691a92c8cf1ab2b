-- Whether each placement that goes on is armed and its go-live mail has left. Parameters: iteration_key, now.
SELECT
    NOT EXISTS (
        SELECT FROM core.placement
        WHERE iteration_key = :iteration_key AND state NOT IN ('armed', 'live', 'held', 'dropped')
    )
    AND NOT EXISTS (
        SELECT FROM core.message
        WHERE iteration_key = :iteration_key AND kind = 'go_live' AND direction = 'out' AND state IN ('queued', 'sending')
    ) AS is_met

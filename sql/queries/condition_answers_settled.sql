-- Whether no offer is still waiting to be sent, and no deal to be answered. Parameters: iteration_key, now.
-- An answer that is overdue at :now waits until `read_mailbox` has called it silent, and has asked the next of the reserve.
SELECT
    NOT EXISTS (
        SELECT FROM core.message
        WHERE iteration_key = :iteration_key AND kind = 'offer' AND direction = 'out' AND state IN ('queued', 'sending')
    )
    AND NOT EXISTS (
        SELECT FROM core.deal
        WHERE iteration_key = :iteration_key AND state IN ('offered', 'countered')
    ) AS is_met

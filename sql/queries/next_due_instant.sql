-- The first instant after :now at which a running iteration has something due.
WITH active AS (
    SELECT * FROM core.iteration
    WHERE state NOT IN ('closed', 'rejected')
),

instants AS (
    SELECT message.due_at FROM core.message AS message
    WHERE message.direction = 'out' AND message.state = 'queued'
    UNION ALL
    SELECT message.claimed_at + :claim_lasts FROM core.message AS message
    WHERE message.state = 'sending'
    UNION ALL
    SELECT deal.answer_due_at
    FROM core.deal AS deal INNER JOIN active ON deal.iteration_key = active.iteration_key
    WHERE deal.state IN ('offered', 'countered')
    UNION ALL
    SELECT placement.draft_due_at
    FROM core.placement AS placement INNER JOIN active ON placement.iteration_key = active.iteration_key
    WHERE active.state = 'create' AND placement.draft_due_at IS NOT NULL
    UNION ALL
    SELECT placement.window_from
    FROM core.placement AS placement INNER JOIN active ON placement.iteration_key = active.iteration_key
    WHERE placement.state = 'armed'
    UNION ALL
    SELECT post_check.due_at
    FROM core.post_check AS post_check
    INNER JOIN core.post AS post ON post_check.post_key = post.post_key
    INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
    INNER JOIN active ON placement.iteration_key = active.iteration_key
    WHERE post_check.checked_at IS NULL
    UNION ALL
    -- During a flight systems are checked and posts are counted twice a day, whatever else happens.
    SELECT least(greatest(cast(:now AS timestamptz) + interval '12 hours', active.flight_from), active.flight_to)
    FROM active
    WHERE active.state IN ('publish', 'monitor')
    UNION ALL
    SELECT active.flight_to FROM active
    WHERE active.state IN ('publish', 'monitor')
)

SELECT min(due_at) AS next_due_at FROM instants
WHERE due_at > :now

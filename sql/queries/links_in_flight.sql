-- Tracking links that may still be clicked: those of running iterations, and of iterations that ended less than 30 days before :now.
SELECT
    link.placement_key,
    link.short_code,
    placement.created_at
FROM core.tracking_link AS link
INNER JOIN core.placement AS placement ON link.placement_key = placement.placement_key
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
WHERE
    link.world = :world
    AND link.enabled_at IS NOT NULL
    AND iteration.state <> 'rejected'
    AND iteration.flight_to + interval '30 days' > :now
ORDER BY link.placement_key

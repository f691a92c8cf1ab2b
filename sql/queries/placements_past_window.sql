-- Armed or live placements of running iterations whose window has closed.
SELECT
    placement.placement_key,
    placement.iteration_key,
    channel.title AS channel_title,
    placement.state = 'live' AS is_live
FROM core.placement AS placement
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
WHERE
    placement.world = :world
    AND placement.state IN ('armed', 'live')
    AND placement.window_to < :now
    AND iteration.state NOT IN ('closed', 'rejected')
ORDER BY placement.placement_key

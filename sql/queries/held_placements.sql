-- Placements that wait for somebody, in iterations that still run.
SELECT
    verdict.placement_key,
    verdict.iteration_key,
    verdict.stage,
    verdict.lane,
    verdict.reason,
    verdict.waits_for,
    channel.title AS creator,
    iteration.campaign,
    iteration.world
FROM core.check_in_placement AS verdict
INNER JOIN core.placement AS placement ON verdict.placement_key = placement.placement_key
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.iteration AS iteration ON verdict.iteration_key = iteration.iteration_key
WHERE
    verdict.verdict = 'held'
    AND placement.state = 'held'
    AND iteration.state NOT IN ('closed', 'rejected')
ORDER BY verdict.iteration_key, verdict.placement_key, verdict.lane
LIMIT :row_limit;

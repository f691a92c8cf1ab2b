-- The check-in of each lane with its counts of placements.
SELECT
    check_in.stage,
    check_in.lane,
    check_in.note,
    check_in.checked_in_at,
    count(verdict.placement_key) FILTER (WHERE verdict.verdict = 'ready') AS ready_count,
    count(verdict.placement_key) FILTER (WHERE verdict.verdict = 'held') AS held_count,
    count(verdict.placement_key) FILTER (WHERE verdict.verdict = 'dropped') AS dropped_count
FROM core.check_in AS check_in
LEFT JOIN core.check_in_placement AS verdict
    ON
        check_in.iteration_key = verdict.iteration_key
        AND check_in.stage = verdict.stage
        AND check_in.lane = verdict.lane
WHERE check_in.iteration_key = :iteration_key
GROUP BY check_in.stage, check_in.lane, check_in.note, check_in.checked_in_at
ORDER BY check_in.checked_in_at;

-- What each lane said of each placement, stage by stage.
SELECT
    verdict.stage,
    verdict.lane,
    verdict.placement_key,
    verdict.verdict,
    verdict.reason,
    verdict.waits_for
FROM core.check_in_placement AS verdict
WHERE
    verdict.iteration_key = :iteration_key
    AND (CAST(:stage AS text) IS NULL OR verdict.stage = :stage)
ORDER BY verdict.placement_key, verdict.stage, verdict.lane;

-- Whether both lanes have checked in, or were overridden. Parameters: iteration_key, stage, now.
SELECT count(DISTINCT lane) = 2 AS is_met
FROM (
    SELECT lane FROM core.check_in
    WHERE iteration_key = :iteration_key AND stage = :stage
    UNION ALL
    SELECT lane FROM core.check_in_override
    WHERE iteration_key = :iteration_key AND stage = :stage
) AS spoken

-- What the retrospective found, the heaviest cause first.
SELECT
    finding_key,
    kpi_key,
    side,
    category,
    statement,
    weight,
    evidence,
    found_at
FROM core.finding
WHERE iteration_key = :iteration_key
ORDER BY kpi_key ASC, weight DESC, finding_key ASC;

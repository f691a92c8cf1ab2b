-- The heaviest findings of a retrospective.
SELECT
    finding.side,
    finding.statement,
    finding.weight
FROM core.finding AS finding
WHERE finding.iteration_key = :iteration_key
ORDER BY finding.weight DESC, finding.finding_key
LIMIT 8

-- The heaviest findings of a retrospective, each once however many KPIs it explains.
SELECT
    finding.side,
    finding.statement,
    max(finding.weight) AS weight
FROM core.finding AS finding
WHERE finding.iteration_key = :iteration_key
GROUP BY finding.side, finding.statement
ORDER BY finding.side = 'undetermined', max(finding.weight) DESC, finding.statement
LIMIT 8

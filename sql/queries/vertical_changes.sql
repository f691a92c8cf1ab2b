-- What became of the communities of the graph before, and what people changed in this one.
SELECT
    event.kind,
    event.earlier_label,
    vertical.label,
    event.overlap,
    NULL AS person,
    NULL AS full_name,
    NULL AS detail,
    NULL AS decided_at
FROM core.vertical_event AS event
LEFT JOIN core.vertical AS vertical
    ON event.graph_run_key = vertical.graph_run_key AND event.vertical_key = vertical.vertical_key
WHERE event.graph_run_key = :graph_run_key
UNION ALL
SELECT
    'person' AS kind,
    '' AS earlier_label,
    NULL AS label,
    NULL AS overlap,
    decision.person,
    role.full_name,
    decision.detail,
    decision.decided_at
FROM core.vertical_decision AS decision
LEFT JOIN (SELECT DISTINCT ON (person) person, full_name FROM core.role_member ORDER BY person ASC, role ASC) AS role
    ON decision.person = role.person
WHERE decision.graph_run_key = :graph_run_key
ORDER BY decided_at ASC NULLS FIRST, kind ASC, label ASC;

-- What the plan asks of the systems, the gaps first.
SELECT
    requirement.requirement_key,
    requirement.need,
    requirement.approach,
    requirement.owner,
    requirement.due_at,
    requirement.readiness,
    requirement.detail,
    system.name AS system_name,
    system.purpose
FROM core.requirement AS requirement
INNER JOIN core.system AS system ON requirement.system_key = system.system_key
WHERE requirement.iteration_key = :iteration_key
ORDER BY
    CASE requirement.readiness WHEN 'gap' THEN 1 WHEN 'in_time' THEN 2 ELSE 3 END,
    requirement.due_at,
    requirement.requirement_key;
